"""Claims, events and articles as the pages show them, read from the graph in a few questions each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.vocab import PROV, RDF
from kg.web.corrections import Shown, iris_of, read_shown
from kg.web.graph import Graph, Term, local_name

ROLES = (
    *("sender", "attacker", "speaker", "participant", "host", "summit"),
    *("recipient", "addressee", "target", "beneficiary", "against"),
    *("destination", "origin", "place", "mission"),
)
"""The roles in the order in which a claim's slots are listed."""
EVENT_TYPES = (
    *("Deployment", "Withdrawal", "ArmsTransfer", "Attack", "Meeting", "PhoneCall", "Summit"),
    *("Agreement", "Aid", "Sanction", "Appeal", "Statement"),
)

_TYPE = RDF.iri + "type"
_ARTICLE = PROV.iri + "wasDerivedFrom"
_INVALIDATED = PROV.iri + "wasInvalidatedBy"
_CORRECTIONS = ("correctedBy", _INVALIDATED)

Properties = Mapping[str, Sequence[Term]]
"""Property to values: names of the ontology's own properties without namespace, others in full."""


class Figure(NamedTuple):
    """A figure with its bounds."""

    kind: str
    """`personnel` or `quantity`."""
    min: int | None
    max: int | None
    qualifier: str
    text: str
    """The words of the article; empty for an event."""


class Span(NamedTuple):
    """Some words of an article."""

    iri: str
    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article without its text."""

    iri: str
    title: str
    issued: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Happening:
    """What a claim and an event have in common."""

    iri: str
    type: str
    status: str
    roles: Mapping[str, tuple[str, ...]]
    """Role to IRIs, in the order of `ROLES`."""
    figures: tuple[Figure, ...]
    begin: str
    end: str

    def iris(self) -> Iterator[str]:
        """Yield the IRIs that a page needs names for."""
        for fillers in self.roles.values():
            yield from fillers


@dataclass(frozen=True, slots=True)
class Claim(Happening):
    """What one article says of a happening."""

    event: str
    article: Article
    evidence: tuple[Span, ...]
    trigger: tuple[Span, ...]
    sources: tuple[str, ...]
    source_text: str
    relayed_by: tuple[str, ...]
    units: tuple[str, ...]
    items: tuple[str, ...]
    time_text: str
    confidence: str
    reasons: tuple[str, ...]
    corrections: tuple[Shown, ...]
    """Those that have made it what it is, or that do not let it count any more; the newest first."""
    revises: str
    """IRI of the claim as it was read, where this one is as corrections leave it."""
    stands: bool
    """Whether it counts: no correction rejects or replaces it."""

    def iris(self) -> Iterator[str]:
        """Yield the IRIs that a page needs names for."""
        yield from Happening.iris(self)
        yield from self.sources
        yield from self.relayed_by
        yield from iris_of(self.corrections)


@dataclass(frozen=True, slots=True)
class Event(Happening):
    """A happening as all claims about it give it."""

    claim_count: int
    source_count: int
    disputed: bool


def read_properties(graph: Graph, iris: Iterable[str], query: str = "properties") -> dict[str, dict[str, list[Term]]]:
    """Read the statements about some things, all of them or those that another query picks."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in graph.select_each(query, "this", iris):
        values = found.setdefault(row["this"].value, {})
        values.setdefault(local_name(row["property"].value), []).append(row["value"])
    for values in found.values():
        for terms in values.values():
            terms.sort()
    return found


def read_articles(graph: Graph, iris: Iterable[str]) -> dict[str, Article]:
    """Read articles by IRI."""
    return {
        row["this"].value: Article(
            row["this"].value,
            row["title"].value,
            row["issued"].value,
            row["publisher"].value if "publisher" in row else "",
        )
        for row in graph.select_each("articles", "this", iris)
    }


def read_claims(graph: Graph, iris: Sequence[str], *, in_rows: bool = False) -> list[Claim]:
    """Read claims, in the order of their IRIs in `iris`; what is no claim is left out.

    With `in_rows` without what no row of a list shows: trigger, words of time, confidence, reasons.
    """
    read = read_properties(graph, iris, "claims-in-rows" if in_rows else "properties")
    found = {iri: values for iri, values in read.items() if "eventType" in values}
    spans = _read_spans(graph, (v for values in found.values() for v in _all(values, "evidence", "trigger")))
    articles = read_articles(graph, (v for values in found.values() for v in _all(values, _ARTICLE)))
    corrections = read_shown(graph, {v for values in found.values() for v in _all(values, *_CORRECTIONS)})
    return [_claim(iri, found[iri], spans, articles, corrections) for iri in dict.fromkeys(iris) if iri in found]


def read_events(graph: Graph, iris: Sequence[str]) -> list[Event]:
    """Read events, in the order of their IRIs in `iris`; what is no event is left out."""
    found = read_properties(graph, iris)
    read = (as_event(iri, found.get(iri, {})) for iri in dict.fromkeys(iris))
    return [event for event in read if event]


def first_claims(graph: Graph, events: Iterable[str], most: int) -> dict[str, list[Claim]]:
    """Read a few of the claims about each of some events as rows: those first that have a figure, then the latest."""
    shown: dict[str, list[str]] = {}
    for row in graph.select_each("event-claims-shown", "event", events):
        of_event = shown.setdefault(row["event"].value, [])
        if len(of_event) < most:
            of_event.append(row["claim"].value)
    read = read_claims(graph, [iri for iris in shown.values() for iri in iris], in_rows=True)
    claims = {claim.iri: claim for claim in read}
    return {event: [claims[iri] for iri in iris if iri in claims] for event, iris in shown.items()}


def claims_by_event(graph: Graph, events: Iterable[str]) -> dict[str, list[Claim]]:
    """Read the claims about each of some events, the latest first."""
    rows = graph.select_each("event-claims", "event", events)
    claims = {claim.iri: claim for claim in read_claims(graph, [row["claim"].value for row in rows])}
    grouped: dict[str, list[Claim]] = {}
    for row in rows:
        if row["claim"].value in claims:
            grouped.setdefault(row["event"].value, []).append(claims[row["claim"].value])
    return grouped


def _claim(
    iri: str,
    values: Properties,
    spans: Mapping[str, Span],
    articles: Mapping[str, Article],
    corrections: Iterable[Shown],
) -> Claim:
    article, corrected_by = _first(values, _ARTICLE), _all(values, *_CORRECTIONS)
    return Claim(
        iri=iri,
        type=local_name(_first(values, "eventType")),
        status=local_name(_first(values, "status")),
        roles=_roles(values),
        figures=_figures(values),
        begin=_first(values, "begin"),
        end=_first(values, "end"),
        event=_first(values, "about"),
        article=articles.get(article, Article(article, article, "", "")),
        evidence=_spans(values, "evidence", spans),
        trigger=_spans(values, "trigger", spans),
        sources=_all(values, "attributedTo"),
        source_text=_first(values, "attributionText"),
        relayed_by=_all(values, "relayedBy"),
        units=_all(values, "unit"),
        items=_all(values, "items"),
        time_text=_first(values, "timeText"),
        confidence=_first(values, "confidence"),
        reasons=_all(values, "explanation"),
        corrections=tuple(one for one in corrections if one.iri in corrected_by),
        revises=_first(values, PROV.iri + "wasRevisionOf"),
        stands=_INVALIDATED not in values,
    )


def as_event(iri: str, values: Properties) -> Event | None:
    """Return what the statements about a thing say of an event; None where they are about something else."""
    if "claimCount" not in values:
        return None
    classes = {local_name(term.value) for term in values.get(_TYPE, ())}
    return Event(
        iri=iri,
        type=next((name for name in EVENT_TYPES if name in classes), "Event"),
        status=local_name(_first(values, "status")),
        roles=_roles(values),
        figures=_figures(values),
        begin=_first(values, "begin"),
        end=_first(values, "end"),
        claim_count=int(_first(values, "claimCount") or 0),
        source_count=int(_first(values, "sourceCount") or 0),
        disputed=_first(values, "disputed") == "true",
    )


def _roles(values: Properties) -> dict[str, tuple[str, ...]]:
    return {role: _all(values, role) for role in ROLES if values.get(role)}


def _figures(values: Properties) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            kind,
            _number(values, f"{kind}Min"),
            _number(values, f"{kind}Max"),
            local_name(_first(values, f"{kind}Qualifier")),
            _first(values, f"{kind}Text"),
        )
        for kind in ("personnel", "quantity")
        if f"{kind}Min" in values or f"{kind}Max" in values
    )


def _number(values: Properties, name: str) -> int | None:
    raw = _first(values, name)
    return int(raw) if raw else None


def _first(values: Properties, name: str) -> str:
    return next(iter(_all(values, name)), "")


def _all(values: Properties, *names: str) -> tuple[str, ...]:
    return tuple(term.value for name in names for term in values.get(name, ()))


def _read_spans(graph: Graph, iris: Iterable[str]) -> dict[str, Span]:
    rows = graph.select_each("spans", "this", iris)
    return {
        row["this"].value: Span(row["this"].value, int(row["begin"].value), int(row["end"].value), row["text"].value)
        for row in rows
    }


def _spans(values: Properties, name: str, spans: Mapping[str, Span]) -> tuple[Span, ...]:
    return tuple(sorted((spans[iri] for iri in _all(values, name) if iri in spans), key=lambda span: span.begin))
