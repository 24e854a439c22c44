"""What was removed with its article, so that who comes back for it can be told: not "never heard of", but "gone".

    STORE/removed    keys of articles, claims and offices (what follows `BASE id/`), a line each, sorted

What is in the graph again is not gone, so the file is asked only about what the graph does not know. A writer that is
killed between a removal and the next publication leaves no tombstones of it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

FILE: Final = "removed"


def list_keys(quads: Iterable[ox.Quad], base_iri: str) -> set[str]:
    """Return the keys of the things that an article's graph describes; its spans are part of the article."""
    prefix = f"{base_iri}id/"
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    return {iri.removeprefix(prefix) for iri in subjects if iri.startswith(prefix) and "#" not in iri}


def bury(path: Path, keys: Iterable[str]) -> None:
    """Note in the store at `path`, whose writer's lock is held, that these are removed."""
    known = set(_read(path))
    if known.issuperset(keys := set(keys)):
        return
    new = path / f"{FILE}.new"
    new.write_text("".join(f"{key}\n" for key in sorted(known | keys)), encoding="utf-8")
    new.replace(path / FILE)


def is_buried(path: Path, key: str) -> bool:
    """Tell whether a thing was removed; an event or a corrected claim is with the claim that it is named after."""
    kind, _, name = key.removesuffix("/corrected").partition("/")
    return f"{'claim' if kind == 'event' else kind}/{name}" in _read(path)


def _read(path: Path) -> list[str]:
    file = path / FILE
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
