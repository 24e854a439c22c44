"""What the graph says of the things that can be found: entities, events, claims and articles become documents."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

from pyoxigraph import NamedNode

from kg.folding import fold_both
from kg.frames import load_frames
from kg.fulltext.snippets import cut_out
from kg.fulltext.words import fold_words
from kg.model import ENTITY_TYPES
from kg.vocab import DCTERMS, LABEL, LB, OWL, PROV, RDF_TYPE, SCHEMA, SKOS, WIKIDATA

Kind = Literal["entity", "event", "claim", "article"]
KINDS: Final[tuple[Kind, ...]] = ("entity", "event", "claim", "article")
MOST_TEXTS: Final = 500
"""Sentences of one event that are looked at; its other claims are found by their own."""

MENTIONED: Final = "mentions"
"""What stands for a role where an article mentions something."""
SAYING: Final = ("attributedTo", "relayedBy")
"""The parts of those who say what a claim says, and take no part in what happens."""

_QUERIES: Final = Path(__file__).parent / "queries"
_TYPE, _LABEL, _ALIAS, _SAME = RDF_TYPE.value, LABEL.value, SKOS.iri + "altLabel", OWL.iri + "sameAs"
_ARTICLE, _INVALID = PROV.iri + "wasDerivedFrom", PROV.iri + "wasInvalidatedBy"
_ISSUED, _PUBLISHER = DCTERMS.iri + "issued", DCTERMS.iri + "publisher"
_EVENT_TYPE, _STATUS, _COUNTRY, _ISO, _CLAIMS, _BEGIN, _END = (
    LB.iri + name for name in ("eventType", "status", "country", "isoCode", "claimCount", "begin", "end")
)
_MENTIONS, _READ_AS = SCHEMA.iri + "mentions", LB.iri + "readAs"
_DISPUTED: Final = LB.iri + "disputed"
_FORCES: Final = (LB.iri + "personnelMin", LB.iri + "personnelMax")
_FIGURES: Final = tuple(LB.iri + name for name in ("personnelMin", "personnelMax", "quantityMin", "quantityMax"))

Ask = Callable[[str], Iterable[Any]]
"""Runs a SELECT query over the union of all graphs; a row has a term for each of its variables, in their order."""
Facts = Mapping[str, Sequence[str]]
"""Property of a thing to its values, sorted; its labels also by language, under `_in`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A thing as it is found; what does not fit its kind is empty."""

    kind: Kind
    iri: str
    type: str = ""
    """Class of an entity, type of an event or claim."""
    status: str = ""
    begin: str = ""
    end: str = ""
    """First and last day of what is told (ISO)."""
    day: str = ""
    """Day of the article, for an event that of the latest."""
    weight: int = 0
    """In how many articles an entity is mentioned; how many claims are about an event."""
    forces: int = 0
    """The largest figure of forces that an event has."""
    is_disputed: bool = False
    """Whether the claims about an event disagree."""
    german: str = ""
    english: str = ""
    """What an entity, an event or an article is called."""
    article: str = ""
    """IRI of the article that a claim stands in."""
    countries: tuple[str, ...] = ()
    """ISO codes of the countries that have a part in it."""
    names: tuple[str, ...] = ()
    """All names of an entity, folded."""
    identifiers: tuple[str, ...] = ()
    """IRIs, keys and codes of an entity, here and elsewhere."""
    parts: tuple[tuple[str, str], ...] = ()
    """Who has which part in a claim, and whom an article mentions: role and IRI."""
    words: tuple[str, ...] = ()
    """What it is found by, folded, each word once."""
    digest: bytes = field(init=False, repr=False, compare=False)
    """Of all the rest: documents that say the same have the same. Made where the document is, beside what writes it."""

    def __post_init__(self) -> None:
        """Make the digest."""
        object.__setattr__(self, "digest", blake2b(repr(self).encode(), digest_size=16).digest())


class Documents:
    """The documents of a graph."""

    def __init__(self, ask: Ask, base_iri: str, *, sort: bool = False) -> None:
        """Read by `ask`; with `sort`, what there is is put in order, of few things that come in none."""
        self._ask = ask
        self._sort = sort
        self._ids = f"{base_iri}id/"

    def things(self) -> Iterable[str]:
        """Return the IRIs of all things that have a document; some twice."""
        found = (this.value for (this,) in self._ask(_load("things")))
        return sorted(found) if self._sort else found

    def claims_of(self, things: Iterable[str]) -> set[str]:
        """Return the IRIs of the claims that stand in those of the things that are articles, or are about others."""
        return {claim.value for (claim,) in self._about("said", things)}

    def read(self, things: Iterable[str]) -> list[Document]:
        """Return the documents of some things: none of a thing that cannot be found, two of a summit with claims."""
        facts = self._facts(things)
        by_kind: dict[Kind, dict[str, Facts]] = {kind: {} for kind in KINDS}
        for iri, said in facts.items():
            for kind in _kinds_of(said):
                by_kind[kind][iri] = said
        return [
            *self._entities(by_kind["entity"]),
            *self._told("event", "accounts", by_kind["event"]),
            *self._told("claim", "claims", by_kind["claim"]),
            *self._articles(by_kind["article"]),
        ]

    def read_each(self, batches: Iterable[list[str]]) -> Iterator[tuple[list[str], list[Document]]]:
        """Yield each batch of things with its documents, in the order of the batches; see `read`."""
        return ((batch, self.read(batch)) for batch in batches)

    def _entities(self, facts: Mapping[str, Facts]) -> Iterator[Document]:
        weights = {this.value: int(count.value) for this, count in self._about("mentions", facts)}
        for iri, said in facts.items():
            called, same = _values(said, _LABEL, _ALIAS, _ISO), _values(said, _SAME, _ISO)
            short = (each.removeprefix(WIKIDATA.iri) for each in same)
            yield Document(
                "entity",
                iri,
                next(name for name in ENTITY_TYPES if LB.iri + name in _values(said, _TYPE)),
                weight=weights.get(iri, 0),
                german=_label(said, "de"),
                english=_label(said, "en"),
                countries=self._codes([iri, *_values(said, _COUNTRY)]),
                names=_unique(name for each in called for name in fold_both(each)),
                identifiers=_unique([iri, iri.removeprefix(self._ids), *same, *short]),
                words=_unique(chain.from_iterable(map(fold_words, called))),
            )

    def _told(self, kind: Kind, query: str, facts: Mapping[str, Facts]) -> Iterator[Document]:
        """Yield the documents of events or claims."""
        texts, days = dict[str, set[str]](), dict[str, str]()
        for this, text, issued in self._about(query, facts):
            iri = this.value
            texts.setdefault(iri, set()).add(text.value)
            days[iri] = max(days.get(iri, ""), issued.value[:10])
        parts = {iri: _parts(said, _roles()) for iri, said in facts.items()}
        fillers = {iri: {thing for _, thing in found} for iri, found in parts.items()}
        homes: dict[str, list[str]] = {}
        for this, country in self._about("countries", {each for found in fillers.values() for each in found}):
            homes.setdefault(this.value, []).append(country.value)
        for iri, said in facts.items():
            sentences = [*_values(said, _LABEL, *_FIGURES), *sorted(texts.get(iri, ()))[:MOST_TEXTS]]
            yield Document(
                kind,
                iri,
                _type_of(said),
                _first(said, _STATUS).removeprefix(LB.iri),
                _first(said, _BEGIN),
                _first(said, _END),
                days.get(iri, ""),
                int(_first(said, _CLAIMS) or 0),
                max((int(figure) for figure in _values(said, *_FORCES)), default=0) if kind == "event" else 0,
                kind == "event" and _first(said, _DISPUTED) == "true",
                german=_label(said, "de"),
                english=_label(said, "en"),
                article=_first(said, _ARTICLE),
                countries=self._codes(each for one in fillers[iri] for each in (one, *homes.get(one, ()))),
                parts=_parts(said, (*_roles(), *SAYING)) if kind == "claim" else (),
                words=_unique(chain.from_iterable(map(fold_words, sentences))),
            )

    def _articles(self, facts: Mapping[str, Facts]) -> Iterator[Document]:
        noise: dict[str, list[tuple[int, int]]] = {}
        for this, begin, end in self._about("noise", facts):
            noise.setdefault(this.value, []).append((int(begin.value), int(end.value)))
        texts = {this.value: text.value for this, text in self._about("texts", facts)}
        for iri, said in facts.items():
            pieces = cut_out(texts.get(iri, ""), noise.get(iri, ()))
            named = [*_values(said, _LABEL, _PUBLISHER), *pieces]
            mentioned = _unique({*_values(said, _MENTIONS)} - {*_values(said, _READ_AS)})
            yield Document(
                "article",
                iri,
                "Article",
                day=_first(said, _ISSUED)[:10],
                german=_label(said, "de"),
                parts=tuple((MENTIONED, thing) for thing in mentioned),
                words=_unique(chain.from_iterable(map(fold_words, named))),
            )

    def _codes(self, iris: Iterable[str]) -> tuple[str, ...]:
        prefix = f"{self._ids}country/"
        return _unique(iri.removeprefix(prefix) for iri in iris if iri.startswith(prefix))

    def _facts(self, things: Iterable[str]) -> dict[str, dict[str, list[str]]]:
        iris, properties = sorted(things), _properties()
        facts: dict[str, dict[str, list[str]]] = {iri: {} for iri in iris}
        query = _load("facts").replace("VALUES (?this ?number) {}", f"VALUES (?this ?number) {{ {_number(iris)} }}")
        query = query.replace("VALUES (?property ?name) {}", f"VALUES (?property ?name) {{ {_number(properties)} }}")
        for number, place, value in self._ask(query) if iris else ():
            said, name, text = facts[iris[int(number.value)]], properties[int(place.value)], value.value
            said.setdefault(name, []).append(text)
            if name == _LABEL:
                said.setdefault(_in(value.language or ""), []).append(text)
        for said in facts.values():
            for values in said.values():
                values.sort()
        return facts

    def _about(self, query: str, things: Iterable[str]) -> Iterable[Any]:
        values = " ".join(str(NamedNode(iri)) for iri in sorted(things))
        return self._ask(_load(query).replace("VALUES ?this {}", f"VALUES ?this {{ {values} }}")) if values else ()


def _kinds_of(said: Facts) -> Iterator[Kind]:
    classes = {each.removeprefix(LB.iri) for each in _values(said, _TYPE)}
    if classes.intersection(ENTITY_TYPES):
        yield "entity"
    if _CLAIMS in said and _type_of(said):
        yield "event"
    if _EVENT_TYPE in said and _INVALID not in said:
        yield "claim"
    if "Article" in classes:
        yield "article"


def _type_of(said: Facts) -> str:
    """Return the type of an event or claim; empty where it has none."""
    found = {each.removeprefix(LB.iri) for each in _values(said, _EVENT_TYPE, _TYPE)}
    return next((name for name in load_frames() if name in found), "")


@cache
def _properties() -> Sequence[str]:
    """Return the properties that documents are made of."""
    named = (_TYPE, _LABEL, _ALIAS, _ISO, _COUNTRY, _SAME, _EVENT_TYPE, _CLAIMS, _STATUS, _BEGIN, _END, _DISPUTED)
    of_articles = (_ARTICLE, _INVALID, _ISSUED, _PUBLISHER, _MENTIONS, _READ_AS)
    return (*named, *of_articles, *_FIGURES, *(LB.iri + role for role in (*_roles(), *SAYING)))


def _number(iris: Iterable[str]) -> str:
    """Return IRIs with their places among them, as the rows of a VALUES block."""
    return " ".join(f"({NamedNode(iri)} {place})" for place, iri in enumerate(iris))


@cache
def _roles() -> Sequence[str]:
    """Return all roles, sorted."""
    return sorted({role for frame in load_frames().values() for role in frame.roles})


def _parts(said: Facts, roles: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return who has which of some roles."""
    return tuple((role, thing) for role in roles if LB.iri + role in said for thing in _values(said, LB.iri + role))


def _label(said: Facts, language: str) -> str:
    """Return what a thing is called in a language; another stands in for German."""
    own = said.get(_in(language))
    if own or language != "de":
        return own[0] if own else ""
    return next((said[name][0] for name in sorted(said) if name.startswith(_in(""))), "")


def _in(language: str) -> str:
    """Return the name under which the labels in a language are kept."""
    return f"{_LABEL}@{language}"


def _first(said: Facts, name: str) -> str:
    return said[name][0] if name in said else ""


def _values(said: Facts, *names: str) -> list[str]:
    return [value for name in names if name in said for value in said[name]]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in an order of their own, each once and none empty."""
    return tuple(sorted({*texts} - {""}))


@cache
def _load(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
