"""What is not documented fails: commands, settings, queries, modules; and what is named has to exist."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import kg
from kg.cli.main import COMMANDS
from kg.dump import FORMATS
from kg.model import STATUSES
from kg.queries import load_queries, load_rules
from kg.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    path for name in ("*.md", "docs/**/*.md", "training/*.md", "examples/*.md") for path in sorted(ROOT.glob(name))
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
MADE = {"training/cache"}
"""Paths that are there only once a recipe has run."""


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_described(command: str) -> None:
    assert re.search(rf"^\| `kg {command}\b", README, re.MULTILINE)


def test_settings_are_described_with_their_defaults() -> None:
    rows = re.findall(rf"^\| `({PREFIX}\w+)` \| (?:`([^`]*)`)? ?\|", README, re.MULTILINE)
    defaults = {
        PREFIX + item.name.upper(): str(int(item.default) if isinstance(item.default, bool) else item.default)
        for item in fields(Settings)
    }
    assert dict(rows) == defaults


@pytest.mark.parametrize("name", [query.name for query in load_queries()])
def test_query_is_described(name: str) -> None:
    assert f"[{name}.rq](../queries/{name}.rq)" in read("docs/queries.md")


@pytest.mark.parametrize("name", [rule.name for rule in load_rules()])
def test_rule_is_described(name: str) -> None:
    assert f"[{name}.rq](../queries/derive/{name}.rq)" in read("docs/queries.md")


def test_modules_are_described() -> None:
    order = [line.split()[0] for line in (kg.__doc__ or "").splitlines() if re.match(r" {4}\w", line)]
    table = read("docs/architecture.md").partition("## The modules, in order")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", " ".join(row.split("|")[2] for row in table.splitlines() if row.startswith("|")))
    assert sorted(named) == sorted(order)


def test_decisions_are_listed() -> None:
    linked = {Path(target).name for target in LINK.findall(read("docs/architecture.md")) if "decisions/" in target}
    assert linked == {path.name for path in (ROOT / "docs" / "decisions").glob("*.md")}


def test_statuses_and_formats_are_described() -> None:
    assert all(f"| `lb:{status}` |" in README for status in STATUSES)
    assert all(f"`.{name.removeprefix('.')}`" in README for name in FORMATS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not fragment or fragment in anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_of_the_repository_exist(page: Path) -> None:
    for path in re.findall(
        r"`((?:kg|queries|ontology|training|docs|tests|examples)/[\w./-]+)`", page.read_text("utf-8")
    ):
        assert path in MADE or (ROOT / path).exists(), path
