"""A store in one file, made from a snapshot while others read and write, and put back from it.

The file is an uncompressed tar, since the database is compressed already: `manifest.json` first, with the store's
description and the SHA-256 of each file, then the files. A store that is restored into keeps its snapshots, so that
readers go on until the restored state is published as the newest.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from kg.errors import StoreError
from kg.layout import check_or_create, lock_writer, read_description, sync_folder, unsafe
from kg.rollup import derive
from kg.snapshots import explained, lock_snapshot, recover
from kg.store import Writer

_MANIFEST: Final = "manifest.json"
_PIECE: Final = 1 << 20
_NO_BACKUP: Final = "Give a file that `kg backup` made."


def back_up(path: Path, target: Path) -> int:
    """Write the newest snapshot of a store to a file; an existing one is replaced at the end.

    Returns:
        The size of the file in bytes.

    Raises:
        StoreError: there is no graph, or the file cannot be written.
    """
    with explained(path):
        description = read_description(path)
        with lock_snapshot(path) as snapshot:
            files = sorted(file for file in snapshot.iterdir() if file.is_file())
            derived = (path / "derived").read_text("utf-8") if (path / "derived").exists() else ""
            digests = {file.name: _digest(file) for file in files}
            manifest = json.dumps({**description, "derived": derived, "files": digests}, indent=1).encode()
            with _written(target) as out:
                _write_tar(out, manifest, files)
    return target.stat().st_size


def restore(path: Path, source: Path) -> str:
    """Make a backup the newest state of a store, which is made if there is none; readers go on meanwhile.

    Returns:
        The base IRI of its data.

    Raises:
        StoreError: the file is no backup, is damaged or of another version; the store has another base IRI, is being
            written to, or the disk refuses.
    """
    with _opened(source) as tar, explained(path):
        manifest = _read_manifest(tar, source)
        path.mkdir(parents=True, exist_ok=True)
        lock = lock_writer(path)
        new = path / "data.new"
        try:
            check_or_create(path, manifest["base_iri"])
            recover(path)
            shutil.rmtree(new, ignore_errors=True)
            _extract(tar, manifest["files"], new, source)
            _replace_database(path, new, manifest["derived"])
        finally:
            shutil.rmtree(new, ignore_errors=True)
            os.close(lock)
    with Writer(path, manifest["base_iri"], derive) as writer:
        writer.publish()
    return str(manifest["base_iri"])


def _replace_database(path: Path, new: Path, derived: str) -> None:
    """Put a complete database in the place of the store's; killed in between, nothing has changed."""
    with unsafe(path):
        shutil.rmtree(path / "data", ignore_errors=True)
        new.rename(path / "data")
        (path / "derived").write_text(derived, encoding="utf-8")


@contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    """Lend a file that takes the target's place when it is complete, and is gone if it does not get so far."""
    new = target.with_name(target.name + ".new")
    try:
        with new.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        new.replace(target)
        sync_folder(target.absolute().parent)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "Choose a file in a folder that is there and can be written to, on a disk with room."
        raise StoreError(f"The backup {target} cannot be written: {reason}.", remedy) from error
    finally:
        new.unlink(missing_ok=True)


def _write_tar(out: Any, manifest: bytes, files: list[Path]) -> None:
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        head = tarfile.TarInfo(_MANIFEST)
        head.size = len(manifest)
        tar.addfile(head, io.BytesIO(manifest))
        for file in files:
            member = tarfile.TarInfo(file.name)
            member.size = file.stat().st_size
            with file.open("rb") as content:
                tar.addfile(member, content)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise StoreError(f"{source} cannot be read: {error.strerror}.", _NO_BACKUP) from error
    try:
        with file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
    except tarfile.TarError as error:
        raise StoreError(f"{source} is no backup, or is cut off.", _NO_BACKUP) from error


def _read_manifest(tar: tarfile.TarFile, source: Path) -> dict[str, Any]:
    try:
        member = tar.next()
        content = tar.extractfile(member) if member is not None and member.name == _MANIFEST else None
        manifest = json.loads(content.read(_PIECE)) if content is not None else {}
        found: dict[str, Any] = {
            "base_iri": str(manifest["base_iri"]),
            "derived": str(manifest["derived"]),
            "files": {str(name): str(digest) for name, digest in manifest["files"].items()},
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{source} is no backup.", _NO_BACKUP) from error
    if any(Path(name).name != name for name in found["files"]):
        raise StoreError(f"{source} is no backup.", _NO_BACKUP)
    return found


def _extract(tar: tarfile.TarFile, digests: dict[str, str], folder: Path, source: Path) -> None:
    folder.mkdir()
    for member in tar:
        content = tar.extractfile(member)
        if content is None or member.name not in digests:
            continue
        with (folder / member.name).open("wb") as out:
            shutil.copyfileobj(content, out, _PIECE)
            out.flush()
            os.fsync(out.fileno())
    damaged = [n for n, digest in digests.items() if not (folder / n).is_file() or _digest(folder / n) != digest]
    if damaged:
        raise StoreError(f"{source} is damaged: {damaged[0]} is not as it was written.", "Take another backup.")
    sync_folder(folder)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
