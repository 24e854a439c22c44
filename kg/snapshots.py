"""The snapshots of a store: copies by hard links that never change, and the link to the newest.

A reader holds a shared lock on its snapshot; the writer deletes superseded snapshots that nobody holds.
"""

import errno
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.fulltext.updating import Publication
from kg.layout import clear_mark, has_mark, no_store, sync_folder
from kg.permalinks import pinned_snapshots
from kg.remote import Endpoint, Location, name_publication

_log = logging.getLogger(__name__)

_LINGER = 60.0
"""Seconds that a superseded snapshot is kept for a reader that is about to lock it."""


OWN = "own"
"""Folder in a snapshot that has guests: the database without them."""


def name_snapshot(store_path: Location) -> str:
    """Name the store's current snapshot; no two snapshots have the same name, not even if the store was built anew.

    Raises:
        StoreError: there is none.
    """
    if isinstance(store_path, Endpoint):
        return name_publication(store_path)
    link = f"{store_path}/current"
    try:
        # Without pathlib, which would take longer than the rest of what a cached answer takes.
        return f"{os.readlink(link).rpartition('/')[2]}-{os.lstat(link).st_mtime_ns:x}"  # noqa: PTH115
    except OSError:
        raise no_store(store_path) from None


def number_of(name: str) -> int:
    """Return the number of a snapshot from its name."""
    return int(name.partition("-")[0])


def published_on(name: str) -> date:
    """Return the day (UTC) on which a snapshot of a folder was published, from its name."""
    return datetime.fromtimestamp(int(name.partition("-")[2], 16) // 1_000_000_000, UTC).date()


def publish(
    path: Path, copy: Callable[[Path], Future[Path]], prepare: Callable[[Future[Path], Publication], None]
) -> None:
    """Copy the database of the store at `path` and make the copy what readers open.

    Args:
        path: the store's folder.
        copy: begins to copy the database to a folder; what comes of it is the place of what is without guests there.
        prepare: what else is done before readers see the copy, meanwhile; it is given the same.
    """
    (path / "snapshots").mkdir(exist_ok=True)
    number = max((int(folder.name) for folder in _snapshots(path)), default=0) + 1
    publication, snapshot = _describe(path, number), path / "snapshots" / str(number)
    copied = copy(snapshot)
    prepare(copied, publication)
    copied.result()
    sync_folder(snapshot)
    link = path / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / str(number))
    link.replace(path / "current")
    sync_folder(path)
    _drop_superseded(path)


def _describe(path: Path, number: int) -> Publication:
    """Describe the snapshot that is about to become the current one."""
    readable = {int(folder.name) for folder in _snapshots(path)} - pinned_snapshots(path)
    return Publication(number, _current(path), min({*readable, _current(path), number} - {0}))


def save_checkpoint(store: ox.Store, path: Path) -> None:
    """Copy the database of the store at `path`, so that `recover` can come back to it."""
    new = path / "checkpoint.new"
    shutil.rmtree(new, ignore_errors=True)
    store.backup(str(new))
    sync_folder(new)
    drop_checkpoint(path)
    new.rename(path / "checkpoint")
    sync_folder(path)


def drop_checkpoint(path: Path) -> None:
    """Delete the copy; killed in between, there is none."""
    old = path / "checkpoint.old"
    shutil.rmtree(old, ignore_errors=True)
    if (path / "checkpoint").exists():
        (path / "checkpoint").rename(old)
        shutil.rmtree(old)


def recover(path: Path) -> None:
    """Put a whole copy in the place of a database that a killed writer has left unsafe.

    It is the last checkpoint of what was not published yet, else the newest snapshot. The new database is complete
    before it takes the old one's place, so that this may itself be interrupted.
    """
    data, new, checkpoint = path / "data", path / "data.new", path / "checkpoint"
    if not has_mark(path, "unsafe"):
        return
    last = checkpoint if checkpoint.is_dir() else path / "snapshots" / str(_current(path))
    _log.warning(
        "%s: a writer was killed while it wrote; back to the last %s.",
        path,
        "checkpoint" if last is checkpoint else "publication",
    )
    shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    if last.is_dir():
        shutil.copytree(last, new, ignore=shutil.ignore_patterns(OWN))
        new.rename(data)
    if last is not checkpoint:
        clear_mark(path, "unpublished")
    clear_mark(path, "derived")
    clear_mark(path, "unsafe")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the disk's errors into one line with a remedy."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"The store {path} failed: {reason}.", "Check the disk's space and the rights.") from error


def _snapshots(path: Path) -> list[Path]:
    folder = path / "snapshots"
    return [entry for entry in folder.iterdir() if entry.name.isdigit()] if folder.is_dir() else []


def _current(path: Path) -> int:
    try:
        return int((path / "current").readlink().name)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def drop_unpublished(path: Path) -> None:
    """Delete the snapshots that a killed writer did not get to publish."""
    for folder in _snapshots(path):
        if int(folder.name) > _current(path):
            shutil.rmtree(folder)


def _drop_superseded(path: Path) -> None:
    """Delete the older snapshots that no reader holds and no permalink is about."""
    pinned = pinned_snapshots(path)
    for folder in _snapshots(path):
        lock = _reader_lock(folder)
        if int(folder.name) in pinned or int(folder.name) >= _current(path):
            continue
        if time.time() - _superseded(folder, path) < _LINGER:
            continue
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
            lock.unlink()
        except BlockingIOError:
            continue  # a reader still holds it: the next publication will see
        finally:
            os.close(descriptor)


def _superseded(folder: Path, path: Path) -> float:
    """Return the time when the next newer snapshot came."""
    newer = [entry for entry in _snapshots(path) if int(entry.name) > int(folder.name)]
    return min(newer, key=lambda entry: int(entry.name)).stat().st_mtime


def _reader_lock(snapshot: Path) -> Path:
    return snapshot.with_name(snapshot.name + ".lock")


@contextmanager
def lock_snapshot(path: Path, number: int | None = None) -> Iterator[Path]:
    """Yield a snapshot, the current one if no number is given, with a shared lock that keeps it from being deleted."""
    while True:
        snapshot = path / "snapshots" / str(_current(path) if number is None else number)
        if not snapshot.is_dir():
            if number is None:
                raise no_store(path)
            raise StoreError(f"The store {path} has no snapshot {number} any more.", "Ask the current one.")
        try:
            lock = os.open(_reader_lock(snapshot), os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise
            yield snapshot  # whoever may only read cannot lock; superseded snapshots linger for them
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if snapshot.is_dir():  # it was not deleted in between
                yield snapshot
                return
        finally:
            os.close(lock)
