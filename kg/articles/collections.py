"""Many articles in one file or stream: JSON lines, or files in a zip archive. They are read one at a time.

A line of JSON is an object with `text` or `html` and what a `STEM.meta.json` may hold. `id` names the article, else its
address does, else its content. An archive is read as a folder is.
"""

import gzip
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from kg.articles.inputs import ENDINGS, Input, make_stem, url_stem
from kg.articles.metadata import KEYS
from kg.errors import ArticleError

_MOST: Final = 64_000_000
"""Bytes of one article in a collection; how long an article may be is checked when it is read."""
_LINE: Final = 'Write one object a line, such as {"id": "a-1", "text": "…", "published": "2024-11-18"}.'
_BROKEN: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What reading a damaged, encrypted or strangely compressed file raises."""


def list_collection(path: Path) -> Iterator[Input | ArticleError]:
    """Yield the articles in a file that holds many, in its order."""
    try:
        if path.suffix.lower() == ".zip":
            yield from _list_archive(path)
        else:
            with path.open("rb") as file:
                unpacked = gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file
                yield from _list_lines(cast("IO[bytes]", unpacked), str(path))
    except _BROKEN as error:
        yield ArticleError(f"{path} cannot be read to its end: {error}.", "Check the file.")


def list_standard_input() -> Iterator[Input | ArticleError]:
    """Yield the articles on the standard input: one where a text or a page begins, JSON lines where an object does."""
    stream = sys.stdin.buffer
    head = stream.readline(_MOST)
    while head.isspace():
        head = stream.readline(_MOST)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from _list_lines(stream, "-", head)
    else:
        yield Input("stdin", "-", "", head + stream.read(_MOST))


def _list_lines(file: IO[bytes], name: str, first: bytes = b"") -> Iterator[Input | ArticleError]:
    number = 0
    while line := first or file.readline(_MOST):
        first, number = b"", number + 1
        place = f"{name}:{number}"
        if not line.endswith(b"\n") and len(line) == _MOST:
            yield ArticleError(f"{place} is longer than {_MOST} bytes.", _LINE)
            while (rest := file.readline(_MOST)) and not rest.endswith(b"\n"):
                pass
        elif not line.isspace():
            yield _read_line(line, place)


def _read_line(line: bytes, place: str) -> Input | ArticleError:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return ArticleError(f"{place} is no JSON: {error}.", _LINE)
    if not isinstance(record, dict):
        return ArticleError(f"{place} is no JSON object.", _LINE)
    text, page = record.get("text"), record.get("html")
    content = text if isinstance(text, str) else page
    if not isinstance(content, str):
        return ArticleError(f"{place} has neither text nor html.", _LINE)
    known = json.dumps({key: record[key] for key in KEYS if key in record}).encode()
    raw = content.encode("utf-8", "replace")
    return Input("text" if content is text else "page", place, _stem_of(record, raw), raw, known)


def _stem_of(record: dict[str, Any], content: bytes) -> str:
    name, source = record.get("id"), record.get("source")
    if isinstance(name, str | int) and str(name).strip():
        return make_stem(str(name))
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        try:
            return url_stem(source)
        except ValueError:  # the metadata are checked when the article is read
            pass
    return f"record-{hashlib.sha256(content).hexdigest()[:12]}"


def _list_archive(path: Path) -> Iterator[Input | ArticleError]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(info.filename for info in archive.infolist() if _is_article(PurePosixPath(info.filename)))
        if not names:
            yield ArticleError(f"{path} holds no .txt or .html file.", "Give an archive with articles in it.")
        for name in names:
            inside = PurePosixPath(name)
            beside = str(inside.with_suffix(".meta.json"))
            known = _read_member(archive, beside) if beside in archive.NameToInfo else None
            content = _read_member(archive, name)
            yield Input(ENDINGS[inside.suffix.lower()], f"{path}:{name}", make_stem(inside.stem), content, known)


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a file of an archive, not more of it than an article may have: what it unpacks to may be of any size."""
    with archive.open(name) as file:
        return file.read(_MOST)


def _is_article(path: PurePosixPath) -> bool:
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not is_hidden
