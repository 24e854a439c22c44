"""One input becomes the quads of its article, in whatever process; what was read before is not read again.

Quads travel as N-Quads: between processes they take a twentieth of the time that Python's own records of them would.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import __version__
from kg.articles import Input, ReadOptions, read_article
from kg.errors import ArticleError, LagebildError
from kg.garbage import nothing_is_garbage
from kg.language_model import name_version
from kg.model import Article, Entity
from kg.rdf import is_reference, reference_quads, to_quads
from kg.startup import begin, import_spacy, unpack_all
from kg.vocab import content_hash

if TYPE_CHECKING:
    from kg.pipeline import Extractor

_FORMAT = ox.RdfFormat.N_QUADS


@dataclass(frozen=True, slots=True)
class Task:
    """What it takes to read one input in any process."""

    item: Input
    options: ReadOptions
    base_iri: str
    known: str | None = None
    """Digest of the input that the store's article was read from; if it is the same now, it is not read again."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of one input: an article's quads, the news that it is as before, or why it is left out."""

    name: str
    error: ArticleError | None = None
    stem: str = ""
    unchanged: bool = False
    graph: bytes = b""
    """The quads of the article's graph, as N-Quads."""
    descriptions: Mapping[str, bytes] = field(default_factory=dict)
    """Entities that the reference data know, by their keys, with their descriptions as N-Quads."""
    words: int = 0
    claims: tuple[tuple[str, str], ...] = ()
    """Event type and status of each claim."""
    entities: tuple[str, ...] = ()
    """Type of each entity."""


def read_task(task: Task) -> Built:
    """Read one input and map what it says to quads; an input that cannot be read comes as its error."""
    item, model = task.item, task.options.settings.language_model
    _hash_data()
    try:
        article = read_article(item, task.options)
        if task.known is not None and task.known == _digest(article, _reader_version(model)):
            return Built(item.name, stem=article.stem, unchanged=True)
        extraction = open_extractor(model).extract(article)
    except ArticleError as error:
        return Built(item.name, error)
    except LagebildError:
        raise
    except Exception as error:
        # A defect that one article brings to light must not cost the others.
        kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return Built(
            item.name, ArticleError(f"{item.name} made the program fail ({kind}).", "Report it with the article.")
        )
    digest = _digest(article, _reader_version(model))
    quads = to_quads(extraction, task.base_iri, model=name_version(model), digest=digest)
    entities = [found.entity for found in extraction.entities]
    return Built(
        name=item.name,
        stem=article.stem,
        graph=_to_bytes(quads),
        descriptions={e.key: _describe(e, task.base_iri) for e in entities if is_reference(e)},
        words=len(article.text.split()),
        claims=tuple((claim.type, claim.status) for claim in extraction.claims),
        entities=tuple(entity.type for entity in entities),
    )


def load_reader(language_model: str) -> None:
    """Load what reading takes, so that processes that are forked from this one have it.

    Raises:
        LagebildError: a model cannot be loaded.
    """
    open_extractor(language_model)
    _reader_version(language_model)


@cache
def open_extractor(language_model: str) -> "Extractor":
    """Load the models, by which any process reads.

    Raises:
        LagebildError: a model cannot be loaded.
    """
    with nothing_is_garbage():  # a million objects come to stay; to look through them takes a tenth of the start
        unpack_all()
        import_spacy()
        from kg.pipeline import load  # noqa: PLC0415 - a second that only reading takes

        return load(language_model)


def _digest(article: Article, version: str) -> str:
    """Return what stands for all that the reading of an article follows from.

    An assumed date is not part of it: the day on which somebody builds is no property of the article.
    """
    published = None if article.date_basis == "assumed" else article.published.isoformat()
    noise = [[span.begin, span.end] for span in article.noise]
    known = [article.title, published, article.date_basis, article.publisher, article.source, article.language]
    return content_hash([version, article.text, *known, noise])


@lru_cache(maxsize=4096)
def _describe(entity: Entity, base_iri: str) -> bytes:
    return _to_bytes(reference_quads([entity], base_iri))


def _to_bytes(quads: list[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=_FORMAT) or b""


@cache
def _reader_version(language_model: str) -> str:
    """Return what stands for the program, its data (frames, lexicons, models) and the language model."""
    return f"{__version__} {name_version(language_model)} {_hash_data()()}"


@cache
def _hash_data() -> Callable[[], str]:
    """Begin to hash the program's data; return what waits for it and gives the digest."""
    return begin(_digest_of_data)


def _digest_of_data() -> str:
    digest, piece = hashlib.sha256(), bytearray(1 << 18)
    with_data = Path(str(files("kg").joinpath("data")))
    for path in sorted(path for path in with_data.rglob("*") if path.is_file()):
        digest.update(path.relative_to(with_data).as_posix().encode() + b"\0")
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(piece):
                digest.update(memoryview(piece)[:size])
    return digest.hexdigest()
