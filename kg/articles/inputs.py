"""What the user names becomes a list of inputs, each with the stem that its article will have."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from kg.errors import ArticleError

Kind = Literal["text", "page", "url", "stdin"]

_ENDINGS: dict[str, Kind] = {".txt": "text", ".html": "page", ".htm": "page", ".xhtml": "page"}
_LONGEST_STEM = 100
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to read: a file, a URL or the standard input."""

    kind: Kind
    name: str
    """The path, the URL, or `-`."""
    stem: str
    """The article's identifier; empty for the standard input, whose article is named by its content."""


def list_inputs(arguments: Iterable[str]) -> Iterator[Input | ArticleError]:
    """Expand files, folders (with their subfolders), URLs and `-` in the order given, a folder's files by name.

    An article that is named twice comes once. What cannot be an input, and a second one of the same stem (building
    would replace the first by it), comes as an error in its place.
    """
    named: dict[str, Input] = {}
    for item in _expand(arguments):
        if isinstance(item, ArticleError):
            yield item
            continue
        other = named.setdefault(item.stem, item)
        if other is item:
            yield item
        elif _place(other) != _place(item):
            yield ArticleError(f"{item.name} and {other.name} would both be article {item.stem!r}.", "Rename one.")


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
    for argument in arguments:
        if argument == "-":
            yield Input("stdin", "-", "")
        elif re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", argument):
            try:
                yield Input("url", argument, _url_stem(argument))
            except ValueError as error:
                yield ArticleError(f"{argument} is no URL: {error}.", "Give an address like https://example.org/page.")
        else:
            yield from _expand_path(Path(argument))


def _expand_path(path: Path) -> Iterator[Input | ArticleError]:
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in _ENDINGS and _is_shown(file, path)]
        if not found:
            yield ArticleError(f"{path} holds no .txt or .html file.", "Give a folder with articles in it.")
        for file in found:
            yield _file_input(file)
    elif not path.exists():
        yield ArticleError(f"{path} does not exist.", "Give a .txt or .html file, a folder, a URL, or - to read stdin.")
    elif not path.is_file():  # opening a FIFO waits for ever
        yield ArticleError(f"{path} is no regular file.", "Give a .txt or .html file, or - to read stdin.")
    elif path.suffix.lower() not in _ENDINGS:
        yield ArticleError(f"{path} is neither .txt nor .html.", "Rename it if it holds text or a page.")
    else:
        yield _file_input(path)


def _place(item: Input) -> str:
    return str(Path(item.name).resolve()) if item.kind in {"text", "page"} else item.name


def _file_input(path: Path) -> Input:
    return Input(_ENDINGS[path.suffix.lower()], str(path), make_stem(path.stem))


def _is_shown(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def _url_stem(url: str) -> str:
    """Return `example.org-politik-gipfel` for an address; a query is told apart by a digest."""
    parts = urlsplit(url)
    path = re.sub(r"\.(?:html?|php|xhtml|txt)$", "", parts.path.rstrip("/"))
    stem = make_stem((parts.netloc.lower().removeprefix("www.") + path).rpartition("@")[2])
    return f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:8]}" if parts.query else stem
