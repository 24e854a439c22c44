"""What lies in a store's folder beside the database: its description, the writer's lock, marks of what is unfinished.

A mark is an empty file that is made before something that takes several steps and removed after the last, so that the
next writer knows what a killed one has left:

    STORE/unpublished    something was written that readers have not been shown
    STORE/unsafe         files were being put into the database; it may have a part of them, and is not to be used
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.errors import StoreBusyError, StoreError

FORMAT: Final = 2
"""Version of the layout on disk."""
OLDEST: Final = 1
"""The oldest version that is read as it is; the next writer brings it up to date."""

_FOREIGN: Final = "Give the folder of a store, or a new one."
_FIRST_FILES: Final = frozenset({"writer.lock", "store.json.new"})


def lock_writer(path: Path) -> int:
    """Take the writer's lock; closing the descriptor that is returned gives it back, and so does the process's end.

    Raises:
        StoreBusyError: another process has it.
    """
    lock = os.open(path / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise StoreBusyError(f"Another process is writing to {path}.", "Wait until it has finished.") from None
    return lock


def check_or_create(path: Path, base_iri: str) -> None:
    """See to it that a folder is a store of this version, whose data has this base IRI; the writer's lock is held.

    Raises:
        StoreError: it is another one's, or holds something else.
    """
    if (path / "store.json").exists():
        known = read_description(path)["base_iri"]
        if known != base_iri:
            raise StoreError(
                f"The store {path} has the base IRI {known}, not {base_iri}.",
                "Leave --base-iri out, or build into another folder.",
            )
        upgrade(path)
        return
    if any(entry.name not in _FIRST_FILES for entry in path.iterdir()):
        raise no_store(path)
    _write_description(path, base_iri)


def no_store(path: Path) -> StoreError:
    """Return the error for a place that has no store, or one without a graph."""
    there = next((place for place in (path, *path.parents) if place.exists()), path.parent)
    if not there.is_dir():
        return StoreError(f"{there} is a file, and a store is a folder.", _FOREIGN)
    if there != path or not any(entry.name not in _FIRST_FILES for entry in path.iterdir()):
        return StoreError(f"There is no store at {path}.", "Build one with `kg build`.")
    if (path / "store.json").exists():
        return StoreError(f"There is no graph in {path}.", "Build one with `kg build`.")
    return StoreError(f"{path} has files in it but is no store.", _FOREIGN)


def read_description(path: Path) -> dict[str, str]:
    """Return what a store says of itself: `base_iri`, and `format` as a string.

    Raises:
        StoreError: there is none, or it is of a version that cannot be read.
    """
    try:
        description = json.loads((path / "store.json").read_text(encoding="utf-8"))
        found, base_iri = int(description["format"]), str(description["base_iri"])
    except (FileNotFoundError, NotADirectoryError):
        raise no_store(path) from None
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"{path} is no store.", _FOREIGN) from None
    if found > FORMAT:
        raise StoreError(f"The store {path} has format {found}, this version {FORMAT}.", "Use a newer version.")
    if found < OLDEST:
        raise StoreError(f"The store {path} has format {found}, this version {FORMAT}.", "Build it anew.")
    return {"base_iri": base_iri, "format": str(found)}


def upgrade(path: Path) -> None:
    """Bring a store of an older version up to date, a version at a time; each step may be interrupted and repeated."""
    description = read_description(path)
    for version in range(int(description["format"]), FORMAT):
        _STEPS[version](path)
        _write_description(path, description["base_iri"], version + 1)


def _derive_anew(path: Path) -> None:
    """Format 2 has marks, and events that are compared: what was derived is derived again by the next publication."""
    (path / "derived").unlink(missing_ok=True)


_STEPS: Final[Mapping[int, Callable[[Path], None]]] = {1: _derive_anew}
"""Version to the step from it to the next."""


def set_mark(path: Path, name: str) -> None:
    """Make a mark that outlives a loss of power."""
    with (path / name).open("wb") as file:
        os.fsync(file.fileno())
    sync_folder(path)


def clear_mark(path: Path, name: str) -> None:
    """Remove a mark."""
    (path / name).unlink(missing_ok=True)


def has_mark(path: Path, name: str) -> bool:
    """Tell whether a mark was left."""
    return (path / name).exists()


@contextmanager
def unsafe(path: Path) -> Iterator[None]:
    """Mark the database as not to be used until what is done within has succeeded."""
    set_mark(path, "unsafe")
    yield
    clear_mark(path, "unsafe")


def sync_folder(path: Path) -> None:
    """Have the disk keep the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_description(path: Path, base_iri: str, version: int = FORMAT) -> None:
    new = path / "store.json.new"
    new.write_text(json.dumps({"format": version, "base_iri": base_iri}) + "\n", encoding="utf-8")
    new.replace(path / "store.json")
