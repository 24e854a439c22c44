"""What the user names becomes a stream of inputs, each with the stem that its article will have."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from kg.errors import ArticleError

Kind = Literal["text", "page", "url", "stdin"]

ENDINGS: dict[str, Kind] = {".txt": "text", ".html": "page", ".htm": "page", ".xhtml": "page"}
COLLECTIONS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".zip")
"""Endings of files that hold many articles."""
_LONGEST_STEM = 100
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to read: a file, a URL or the standard input."""

    kind: Kind
    name: str
    """The path, the URL, `-`, or the place in a collection: `news.jsonl:17`, `news.zip:politik/gipfel.txt`."""
    stem: str
    """The article's identifier; empty for the standard input, whose article is named by its content."""
    content: bytes | None = None
    """What is to be read, where that is not to be looked for under the name."""
    metadata: bytes | None = None
    """What a `STEM.meta.json` beside it would hold, where there is a content."""


def list_inputs(arguments: Iterable[str]) -> Iterator[Input | ArticleError]:
    """Expand files, folders (with their subfolders), collections, URLs and `-` in the order given.

    A folder's files come by name. An article that is named twice comes once. What cannot be an input, and a second one
    of the same stem (building would replace the first by it), comes as an error in its place. Nothing is read ahead, so
    that any number of articles can come.
    """
    places: dict[str, str] = {}
    for item in _expand(arguments):
        if isinstance(item, ArticleError):
            yield item
            continue
        place = _place(item)
        other = places.setdefault(item.stem, place)
        if other is place:
            yield item
        elif other != place:
            yield ArticleError(f"{item.name} and {other} would both be article {item.stem!r}.", "Rename one.")


def count_inputs(arguments: Iterable[str]) -> int | None:
    """Return about how many inputs `list_inputs` will give, without reading any; None where only reading can tell."""
    number = 0
    for argument in arguments:
        path = Path(argument)
        if argument == "-" or argument.lower().endswith(COLLECTIONS):
            return None
        number += sum(1 for _ in _files_below(path)) if path.is_dir() else 1
    return number


def make_stem(name: str) -> str:
    """Return an identifier of ASCII letters, digits, `-`, `_` and `.` for a file name without its ending."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_UMLAUTS))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.")
    if not stem or len(stem) > _LONGEST_STEM:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        stem = f"{stem[: _LONGEST_STEM - 9] or 'article'}-{digest}"
    return stem


def _expand(arguments: Iterable[str]) -> Iterator[Input | ArticleError]:
    # An import that a plain text does not need.
    from kg.articles.collections import list_collection, list_standard_input  # noqa: PLC0415  # it imports this module

    for argument in arguments:
        if argument == "-":
            yield from list_standard_input()
        elif re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", argument):
            try:
                yield Input("url", argument, url_stem(argument))
            except ValueError as error:
                yield ArticleError(f"{argument} is no URL: {error}.", "Give an address like https://example.org/page.")
        elif argument.lower().endswith(COLLECTIONS) and Path(argument).is_file():
            yield from list_collection(Path(argument))
        else:
            yield from _expand_path(Path(argument))


def _expand_path(path: Path) -> Iterator[Input | ArticleError]:
    if path.is_dir():
        file = None
        for file in _files_below(path):
            yield file if isinstance(file, ArticleError) else _file_input(file)
        if file is None:
            yield ArticleError(f"{path} holds no .txt or .html file.", "Give a folder with articles in it.")
    elif not path.exists():
        yield ArticleError(f"{path} does not exist.", "Give a .txt or .html file, a folder, a URL, or - to read stdin.")
    elif not path.is_file():  # opening a FIFO waits for ever
        yield ArticleError(f"{path} is no regular file.", "Give a .txt or .html file, or - to read stdin.")
    elif path.suffix.lower() not in ENDINGS:
        yield ArticleError(f"{path} is neither .txt nor .html.", "Rename it if it holds text or a page.")
    else:
        yield _file_input(path)


def _place(item: Input) -> str:
    is_file = item.kind in {"text", "page"} and item.content is None
    return str(Path(item.name).resolve()) if is_file else item.name


def _file_input(path: Path) -> Input:
    return Input(ENDINGS[path.suffix.lower()], str(path), make_stem(path.stem))


def _files_below(folder: Path) -> Iterator[Path | ArticleError]:
    """Yield the articles in a folder and its subfolders by name; what is hidden is left out, links to folders too."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield ArticleError(f"{folder} cannot be read: {error.strerror}.", "Check its rights.")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path))
        elif Path(entry.name).suffix.lower() in ENDINGS and entry.is_file():
            yield Path(entry.path)


def url_stem(url: str) -> str:
    """Return `example.org-politik-gipfel` for an address; a query is told apart by a digest."""
    parts = urlsplit(url)
    path = re.sub(r"\.(?:html?|php|xhtml|txt)$", "", parts.path.rstrip("/"))
    stem = make_stem((parts.netloc.lower().removeprefix("www.") + path).rpartition("@")[2])
    return f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:8]}" if parts.query else stem
