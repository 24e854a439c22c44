"""A claim as the merging of claims into events sees it: who, where, when, how many, and who says so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg.frames import load_frames
from kg.vocab import DCTERMS, LB, PROV
from kg.wholes import Share, share_of

EVENT_TYPE, ABOUT = LB.term("eventType"), LB.term("about")
ARTICLE = PROV.term("wasDerivedFrom")
_ISSUED, _BASIS, _ASSUMED = DCTERMS.term("issued"), LB.term("dateBasis"), LB.term("assumed")
_REJECTED = PROV.iri + "wasInvalidatedBy"
_SOURCES = frozenset({"attributedTo", "attributionText"})
_FIGURES = ("personnelText", "quantityText")
_BOUNDS = ("personnelMin", "personnelMax", "quantityMin", "quantityMax")

DATED_BY = (_ISSUED, _BASIS)
"""The properties that an article's publication is read from."""


@cache
def list_properties() -> tuple[NamedNode, ...]:
    """Return all properties that an account is read from."""
    names = ("status", "begin", "end", "items", *sorted(_SOURCES), *_BOUNDS, *_FIGURES)
    roles = sorted({role for frame in load_frames().values() for role in frame.roles})
    own = (EVENT_TYPE, ARTICLE, PROV.term("wasInvalidatedBy"))
    return (*own, *(LB.term(name) for name in (*names, *roles)))


class Publication(NamedTuple):
    """When an article was published."""

    day: date
    assumed: bool


Published = Callable[[str], Publication | None]
"""Returns when the article with an IRI was published; None for one that is not there."""


class Bounds(NamedTuple):
    """The bounds of a figure; None where it is open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """What one claim says of a happening; things are given by their IRIs."""

    claim: str
    type: str
    article: str
    published: date
    status: str
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Role to its fillers; roles without fillers are not there."""
    begin: date | None = None
    end: date | None = None
    personnel: Bounds | None = None
    quantity: Bounds | None = None
    share: Share | None = None
    """Whether its figure counts some beside others, a part, or all of them so far."""
    items: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    """Who says so, entities and words; empty where the article does."""
    assumed: bool = False
    """Whether the article's date is but assumed, so that it says nothing of when an undated claim's happening was."""

    @property
    def order(self) -> tuple[date, str]:
        """The earlier published claim comes first; claims of one day in the order of their IRIs."""
        return self.published, self.claim


def read_account(claim: str, quads: Iterable[Quad], published: Published) -> Account | None:
    """Read the account of a claim from the statements about it.

    Returns:
        None where they are about no claim of an article, or about one that a person has rejected or changed.
    """
    values: dict[str, set[str]] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode | Literal):
            values.setdefault(quad.predicate.value.removeprefix(LB.iri), set()).add(quad.object.value)
    type_, article = _local(values.get("eventType")), _first(values.get(ARTICLE.value))
    frame, publication = load_frames().get(type_), published(article)
    if frame is None or publication is None or _REJECTED in values:
        return None
    low, high, least, most = (_number(values.get(name)) for name in _BOUNDS)
    return Account(
        claim=claim,
        type=type_,
        article=article,
        published=publication.day,
        assumed=publication.assumed,
        status=_local(values.get("status")),
        roles={role: frozenset(values[role]) for role in frame.roles if role in values},
        begin=_day(values.get("begin")),
        end=_day(values.get("end")),
        personnel=None if low is high is None else Bounds(low, high),
        quantity=None if least is most is None else Bounds(least, most),
        share=share_of(" ".join(_first(values.get(name)) for name in _FIGURES)),
        items=frozenset(values.get("items", ())),
        sources=frozenset(value for name in _SOURCES for value in values.get(name, ())),
    )


def read_publication(quads: Iterable[Quad]) -> Publication | None:
    """Read when an article was published from the statements about it; None where they do not say so."""
    said = {quad.predicate: quad.object for quad in quads}
    day = said.get(_ISSUED)
    return (
        Publication(date.fromisoformat(day.value), said.get(_BASIS) == _ASSUMED) if isinstance(day, Literal) else None
    )


def _first(values: Iterable[str] | None) -> str:
    return min(values or ("",))


def _local(values: Iterable[str] | None) -> str:
    return _first(values).removeprefix(LB.iri)


def _number(values: Iterable[str] | None) -> int | None:
    return int(_first(values)) if values else None


def _day(values: Iterable[str] | None) -> date | None:
    return date.fromisoformat(_first(values)) if values else None
