"""Permalinks: a query with the snapshot that it is asked of, so that a result can be cited and looked at again.

Each is a file in STORE/permalinks, whose name says until when it holds and which snapshot it is about, so that the
writer sees from the names alone which superseded snapshots are to stay.
"""

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import StoreError, StoreFullError
from kg.layout import sync_folder

DAY: Final = 86_400
_NAME: Final = re.compile(r"(\d{1,12})-(\d{1,9})-([0-9a-f]{24})\.json")


@dataclass(frozen=True, slots=True)
class Permalink:
    """What is cited."""

    query: str
    snapshot: str
    """Name of the snapshot; the first part is its number."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its identifier, which the same query of the same snapshot always has."""
        return hashlib.blake2b(json.dumps(asdict(self)).encode(), digest_size=12).hexdigest()


class _File(NamedTuple):
    path: Path
    until: int
    number: int
    id: str


def keep_permalink(
    store_path: Path, link: Permalink, days: float, most: int, before_new: Callable[[], None] = lambda: None
) -> int:
    """Keep a permalink; return the time (seconds since 1970) until which it holds.

    Args:
        store_path: the store's folder.
        link: what is to be kept; if it is kept already, that stays as it is.
        days: how long it is to hold.
        most: how many there may be; those that have run out are removed before one is refused.
        before_new: is called before a new one is kept, and may raise an error of its own to prevent that.

    Raises:
        StoreFullError: there are that many.
        StoreError: the disk refuses.
    """
    folder = store_path / "permalinks"
    try:
        folder.mkdir(exist_ok=True)
        with _locked(folder):
            kept = {file.id: file for file in _list(folder)}
            if link.id in kept:
                return kept[link.id].until
            if len(kept) >= most:
                pinned_snapshots(store_path)  # removes what has run out
                if sum(1 for _ in _list(folder)) >= most:
                    raise StoreFullError(
                        f"There are {most} permalinks already.", "Keep the query and the date in place of one."
                    )
            before_new()
            return _write(folder, link, int(time.time() + days * DAY))
    except OSError as error:
        raise StoreError(f"The permalink cannot be kept: {error.strerror}.", "Tell who runs this service.") from error


def _write(folder: Path, link: Permalink, until: int) -> int:
    place = folder / f"{until}-{int(link.snapshot.partition('-')[0])}-{link.id}.json"
    new = place.with_suffix(".new")
    new.write_text(json.dumps(asdict(link)), encoding="utf-8")
    new.replace(place)
    sync_folder(folder)
    return until


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Have the folder for one writer, of whatever thread or process, until the block ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def find_permalink(store_path: Path, link_id: str) -> Permalink | None:
    """Return the permalink with this identifier, if there is one that still holds."""
    now = time.time()
    for file in _list(store_path / "permalinks"):
        if file.id == link_id and file.until > now:
            found = json.loads(file.path.read_text(encoding="utf-8"))
            return Permalink(
                found["query"], found["snapshot"], tuple(found["default_graphs"]), tuple(found["named_graphs"])
            )
    return None


def pinned_snapshots(store_path: Path) -> set[int]:
    """Return the numbers of the snapshots that permalinks are about; those that have run out are removed."""
    now, pinned = time.time(), set[int]()
    for file in _list(store_path / "permalinks"):
        if file.until > now:
            pinned.add(file.number)
        else:
            file.path.unlink(missing_ok=True)
    return pinned


def _list(folder: Path) -> Iterator[_File]:
    if folder.is_dir():
        for name in os.listdir(folder):  # noqa: PTH208 - names are all that is wanted of thousands
            if match := _NAME.fullmatch(name):
                yield _File(folder / name, int(match[1]), int(match[2]), match[3])
