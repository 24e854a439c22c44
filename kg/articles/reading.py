"""An input becomes an article."""

import hashlib
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kg.articles.dateline import find_dateline
from kg.articles.decode import clean_text, decode_page, decode_text
from kg.articles.inputs import Input, list_inputs
from kg.articles.language import check_german
from kg.articles.metadata import Metadata, parse_metadata, read_metadata
from kg.articles.noise import find_noise
from kg.articles.page import read_page
from kg.errors import ArticleError
from kg.model import Article, DateBasis, Span
from kg.settings import Settings

_MAX_TITLE = 250
_MAX_WORD = 1_000
"""Longest run of characters without a space: addresses are shorter, and the time to tag a longer one explodes."""
_BYTES_A_CHAR = 4
_MARKUP_A_CHAR = 50
"""A page's markup is at most so many times as long as the longest article."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What holds for all inputs of a run."""

    today: date
    """The date that an article without any gets; its `date_basis` is then `assumed`."""
    published: date | None = None
    """The user's date for articles that state none."""
    settings: Settings = field(default_factory=Settings)


def read_inputs(arguments: Iterable[str], options: ReadOptions) -> Iterator[Article | ArticleError]:
    """Read files, folders, URLs and `-` one after the other; a bad one comes as its error and the others go on."""
    for item in list_inputs(arguments):
        if isinstance(item, ArticleError):
            yield item
            continue
        try:
            yield read_article(item, options)
        except ArticleError as error:
            yield error


def read_article(item: Input, options: ReadOptions) -> Article:
    """Read one input: its text, what is known about it, and which of its lines are noise.

    Raises:
        ArticleError: the input is missing, empty, binary, too long, without spaces, or no German text.
    """
    text, metadata = _READERS[item.kind](item, options.settings)
    text = clean_text(text, item.name)
    if len(text) > options.settings.article_max_chars:
        raise _too_long(item.name, options.settings)
    if any(len(word) > _MAX_WORD for word in text.split()):
        raise ArticleError(
            f"{item.name} has more than {_MAX_WORD} characters without a space.", "Take out what is no German text."
        )
    check_german(text, item.name)
    noise = find_noise(text)
    published, basis = _find_date(text, metadata, options, noise)
    article = Article(
        stem=item.stem or "stdin-" + hashlib.sha256(text.encode()).hexdigest()[:12],
        text=text,
        title=metadata.title or "",
        published=published,
        date_basis=basis,
        publisher=metadata.publisher,
        source=metadata.source,
        language="de",
        noise=noise,
    )
    if article.title:
        return article
    return replace(article, title=textwrap.shorten(article.headline.of(text), _MAX_TITLE, placeholder=" …"))


def _read_text(item: Input, settings: Settings) -> tuple[str, Metadata]:
    raw = _read_bytes(item, settings.article_max_chars * _BYTES_A_CHAR, settings)
    return decode_text(raw, item.name), _metadata_beside(item)


def _read_page(item: Input, settings: Settings) -> tuple[str, Metadata]:
    raw = _read_bytes(item, settings.article_max_chars * _MARKUP_A_CHAR, settings)
    page = read_page(decode_page(raw, item.name), item.name)
    return page.text, _metadata_beside(item).or_else(page.metadata)


def _read_url(item: Input, settings: Settings) -> tuple[str, Metadata]:
    # A fifth of a second of imports that only URLs need.
    from kg.articles.fetch import fetch  # noqa: PLC0415  # slow to import

    answer = fetch(item.name, settings)
    if not answer.is_page:
        return decode_text(answer.body, item.name, answer.charset), Metadata(source=answer.url)
    page = read_page(decode_page(answer.body, item.name, answer.charset), item.name, answer.url)
    return page.text, page.metadata


def _read_stdin(item: Input, settings: Settings) -> tuple[str, Metadata]:
    raw = _read_bytes(item, settings.article_max_chars * _MARKUP_A_CHAR, settings)  # it may be a page
    text = decode_text(raw, "The standard input")
    if text.lstrip()[:1] == "<":
        page = read_page(text, "The standard input")
        return page.text, page.metadata
    return text, Metadata()


_READERS: dict[str, Callable[[Input, Settings], tuple[str, Metadata]]] = {
    "text": _read_text,
    "page": _read_page,
    "url": _read_url,
    "stdin": _read_stdin,
}


def carry(item: Input, settings: Settings) -> Input:
    """Return an input with what it holds, so that it can be read where its file is not; a URL stays as it is.

    Raises:
        ArticleError: the file cannot be read, or is too long.
    """
    if item.content is not None or item.kind not in {"text", "html"}:
        return item
    factor = _BYTES_A_CHAR if item.kind == "text" else _MARKUP_A_CHAR
    content = _read_bytes(item, settings.article_max_chars * factor, settings)
    beside = Path(item.name).with_suffix(".meta.json")
    try:
        metadata = beside.read_bytes() if beside.exists() else None
    except OSError as error:
        raise ArticleError(f"{beside} cannot be read: {error.strerror}.", "Check the path and its rights.") from error
    return replace(item, content=content, metadata=metadata)


def _read_bytes(item: Input, limit: int, settings: Settings) -> bytes:
    """Return what an input holds, in bytes, which are at most `limit`."""
    raw = item.content
    if raw is None:
        try:
            with Path(item.name).open("rb") as file:
                raw = file.read(limit + 1)
        except OSError as error:
            message = f"{item.name} cannot be read: {error.strerror}."
            raise ArticleError(message, "Check the path and its rights.") from error
    if len(raw) > limit:
        raise _too_long("The standard input" if item.kind == "stdin" else item.name, settings)
    return raw


def _metadata_beside(item: Input) -> Metadata:
    if item.content is None:
        return read_metadata(Path(item.name).with_suffix(".meta.json"))
    return parse_metadata(item.metadata, item.name) if item.metadata else Metadata()


def _find_date(text: str, metadata: Metadata, options: ReadOptions, noise: Sequence[Span]) -> tuple[date, DateBasis]:
    """Return the publication date: stated with or in the article, given by the user, or assumed to be today."""
    if metadata.published:
        return metadata.published, "stated"
    fallback: tuple[date, DateBasis] = (options.published, "given") if options.published else (options.today, "assumed")
    dateline = find_dateline(text, noise)
    found = dateline.resolve(fallback[0]) if dateline else None
    if dateline is None or found is None:
        return fallback
    # "JINAN, 22. Dezember": the year is the user's or an assumption, so that the date's basis is too.
    return found, "stated" if dateline.year else fallback[1]


def _too_long(name: str, settings: Settings) -> ArticleError:
    return ArticleError(
        f"{name} is longer than {settings.article_max_chars} characters.",
        "Split it into its articles, or raise LAGEBILD_ARTICLE_MAX_CHARS.",
    )
