"""Which module may import which: the reading order in the docstring of `kg`, and two walls."""

import ast
import re
from pathlib import Path

import pytest

import kg

PACKAGE = Path(kg.__file__).parent
ORDER = [
    [name.strip() for name in line[4:].split("  ")[0].split(",")]
    for line in (kg.__doc__ or "").splitlines()
    if re.match(r" {4}\w", line)
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
NAMES = list(RANK)
LANGUAGE = {*NAMES[NAMES.index("german") : NAMES.index("vocab")]} - {"frames"}
RDF = {*NAMES[NAMES.index("vocab") :]}
RDF_LIBRARIES = {"pyoxigraph", "rdflib", "pyshacl"}


def top(module: str) -> str:
    return module.split(".")[1]


def imports_of(path: Path) -> set[str]:
    """Return the full names of what a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            found.update(
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "kg" else {node.module}
            )
    return found


def modules() -> dict[str, set[str]]:
    """Return the top-level modules and packages of `kg` with all that their files import."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in {"__init__", "resources"} or len(parts) == 1:
            found.setdefault(parts[0], set()).update(imports_of(path))
    found.pop("__init__")
    return found


MODULES = modules()


def test_every_module_stands_in_the_reading_order() -> None:
    assert sorted(MODULES) == sorted(RANK)


@pytest.mark.parametrize("name", MODULES)
def test_modules_import_only_what_stands_above_them(name: str) -> None:
    own = {top(module) for module in MODULES[name] if module.startswith("kg.")} - {name, "__version__"}
    assert [other for other in sorted(own) if RANK.get(other, 99) > RANK[name]] == []


@pytest.mark.parametrize("name", sorted(LANGUAGE & set(MODULES)))
def test_language_code_knows_no_rdf(name: str) -> None:
    seen, todo = set[str](), {name}
    while todo:
        current = todo.pop()
        seen.add(current)
        imported = MODULES[current]
        assert not {module.split(".")[0] for module in imported} & RDF_LIBRARIES, f"{name} reaches {current}"
        todo |= {top(m) for m in imported if m.startswith("kg.")} - seen - {"__version__"}
    assert not seen & RDF


def test_the_site_knows_no_language_code() -> None:
    imported = {top(module) for module in MODULES["web"] if module.startswith("kg.")}
    assert not imported & (LANGUAGE | {"articles"})
    assert not {module.split(".")[0] for module in MODULES["web"]} & {"spacy", "numpy", "simplemma"}


def test_only_the_store_and_the_workers_open_a_database() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\b(?:ox\.|pyoxigraph\.|(?<![\w.]))Store(?:\.read_only)?\(", path.read_text(encoding="utf-8"))
    }
    assert users <= {"homes/folder.py", "store.py", "worker_answers.py"}
