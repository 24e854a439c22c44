"""The claims as the views see them, read article by article, so that a store of any size takes little memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from kg.exports.cells import join
from kg.frames import load_frames
from kg.remote import QuadStore, quads_about
from kg.vocab import DCTERMS, LABEL, LB, NIF, PROV, Minter

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = Subject | ox.Literal
Statements = dict[str, list[Object]]
"""What is said about a thing: the IRI of a property to its values, sorted."""

ROLES = tuple(sorted({role for frame in load_frames().values() for role in frame.roles}))
"""The roles that entities fill in happenings."""
BATCH = 200
"""Claims that are read at a time, to the nearest article."""
_ROLES = tuple(LB.iri + name for name in (*ROLES, "attributedTo", "relayedBy"))
_COUNTRY, _ISO_CODE = f"{LB.iri}country", f"{LB.iri}isoCode"
_EVENT_TYPE, _EVIDENCE = f"{LB.iri}eventType", f"{LB.iri}evidence"
_INVALIDATED = f"{PROV.iri}wasInvalidatedBy"


class Found(NamedTuple):
    """The IRIs of an article and of the claims in it that are wanted."""

    article: str
    claims: Sequence[str]


@dataclass(frozen=True, slots=True)
class Article:
    """What a row says about the article that it comes from."""

    iri: str
    stem: str
    title: str
    published: str
    date_basis: str
    publisher: str
    source: str


class Own:
    """A store without what others have written into it: what the program's own graphs say."""

    def __init__(self, store: QuadStore, base_iri: str) -> None:
        self._store = store
        self._mint = Minter(base_iri)

    def quads(self, subject: Subject | None, predicate: ox.NamedNode | None, value: Object | None) -> list[ox.Quad]:
        """Return all statements of this form, in no order. Nothing of the store is held when they are there."""
        return self._own(self._store.quads_for_pattern(subject, predicate, value))

    def about(self, iris: Iterable[str]) -> dict[str, Statements]:
        """Return what is said about each of some things."""
        said: dict[str, Statements] = {iri: {} for iri in iris}
        for quad in self._own(quads_about(self._store, map(ox.NamedNode, said))):
            said[_text(quad.subject)].setdefault(quad.predicate.value, []).append(quad.object)
        for statements in said.values():
            for values in statements.values():
                values.sort(key=str)
        return said

    def by_subject(self, predicate: ox.NamedNode) -> dict[str, str]:
        """Return the first value of a property of everything that has it."""
        pairs = ((_text(quad.subject), _text(quad.object)) for quad in self.quads(None, predicate, None))
        return dict(sorted(pairs, reverse=True))

    def _own(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        return [
            quad
            for quad in quads
            if isinstance(quad.graph_name, ox.NamedNode) and self._mint.owns_graph(quad.graph_name.value)
        ]


class Names:
    """Labels and countries of entities, each looked up once, many at a time."""

    def __init__(self, graph: Own, language: str) -> None:
        """Look them up in a graph; `language` is `de` or `en`, and where there is no label in it the other counts."""
        self._graph = graph
        self._language = language
        self._labels: dict[str, str] = {}
        self._countries: dict[str, str] = {}

    def learn(self, iris: Iterable[str]) -> None:
        """Look up those entities that are not known yet."""
        found = self._graph.about(sorted(set(iris) - self._labels.keys()))
        homes = {iri: [_text(home) for home in statements.get(_COUNTRY, ())] for iri, statements in found.items()}
        owners = found | self._graph.about(sorted({home for each in homes.values() for home in each} - found.keys()))
        for iri, statements in found.items():
            self._labels[iri] = self._choose(statements.get(LABEL.value, ())) or iri.rstrip("/").rpartition("/")[2]
            codes = (first(owners[owner], _ISO_CODE) for owner in (iri, *homes[iri]))
            self._countries[iri] = next(filter(None, codes), "")

    def label(self, iri: str) -> str:
        """Return the name of an entity; the last part of its IRI where it has none."""
        if iri not in self._labels:
            self.learn([iri])
        return self._labels[iri]

    def country(self, iri: str) -> str:
        """Return the ISO 3166-1 code of a country, or of the country that an entity belongs to; empty if unknown."""
        if iri not in self._countries:
            self.learn([iri])
        return self._countries[iri]

    def _choose(self, labels: Iterable[Object]) -> str:
        found = sorted(
            (term.language != self._language, term.language or "", term.value)
            for term in labels
            if isinstance(term, ox.Literal)
        )
        return found[0][2] if found else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with all that a row may say of it."""

    iri: str
    type: str
    values: Mapping[str, Sequence[str]]
    """Name of a property of the ontology to its values, sorted."""
    article: Article
    begin: int
    """Where its sentence begins in the article."""
    sentence: str
    names: Names

    def first(self, name: str) -> str:
        """Return the value of a property that has one at most; empty where there is none."""
        return next(iter(self.values.get(name, ())), "")

    def term(self, name: str) -> str:
        """Return the local name of a value that is a term of the ontology."""
        return self.first(name).removeprefix(LB.iri)

    def texts(self, name: str) -> str:
        """Return all values of a property as one cell."""
        return join(self.values.get(name, ()))

    def entities(self, *roles: str) -> tuple[str, ...]:
        """Return the IRIs of those who fill some roles, role by role, sorted in each."""
        return tuple(dict.fromkeys(iri for role in roles for iri in self.values.get(role, ())))


def by_article(graph: Own, types: frozenset[str]) -> Iterator[Found]:
    """Yield the articles by date and identifier with their claims of some event types, those that count.

    A claim counts as it was read, or as people's corrections leave it.
    """
    issued, stems = graph.by_subject(DCTERMS.term("issued")), graph.by_subject(DCTERMS.term("identifier"))
    for _, _, iri in sorted((issued.get(iri, ""), stem, iri) for iri, stem in stems.items()):
        derived = graph.quads(None, PROV.term("wasDerivedFrom"), ox.NamedNode(iri))
        said = graph.about(quad.subject.value for quad in derived if isinstance(quad.subject, ox.NamedNode))
        yield Found(iri, [claim for claim, statements in said.items() if _counts(statements, types)])


def read_claims(graph: Own, found: Iterable[Found], language: str) -> Iterator[Claim]:
    """Yield claims with all that a row may say of them: articles as they come, claims by their place in the article.

    Nothing of the store is held between two claims, so that the reader may take its time.

    Args:
        graph: where they are.
        found: which they are.
        language: `de` or `en`, of the names.
    """
    names = Names(graph, language)
    for batch in _batches(found):
        articles = graph.about(each.article for each in batch)
        claims = graph.about(claim for each in batch for claim in each.claims)
        spans = graph.about({_text(span) for said in claims.values() for span in said.get(_EVIDENCE, ())})
        names.learn(_text(value) for said in claims.values() for role in _ROLES for value in said.get(role, ()))
        for each in batch:
            article = _article(each.article, articles[each.article])
            read = (_claim(article, iri, claims[iri], spans, names) for iri in each.claims)
            yield from sorted(read, key=lambda claim: (claim.begin, claim.iri))


def first(statements: Statements, name: str) -> str:
    """Return the first value of a property; empty where there is none."""
    return next((_text(term) for term in statements.get(name, ())), "")


def values_of(said: Statements) -> dict[str, list[str]]:
    """Return what is said about a thing as texts, by the names of the ontology."""
    return {name.removeprefix(LB.iri): sorted(map(_text, values)) for name, values in said.items()}


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for each in found:
        batch.append(each)
        if sum(len(one.claims) for one in batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def _counts(statements: Statements, types: frozenset[str]) -> bool:
    return first(statements, _EVENT_TYPE).removeprefix(LB.iri) in types and _INVALIDATED not in statements


def _article(iri: str, said: Statements) -> Article:
    details = {name: first(said, DCTERMS.iri + name) for name in ("title", "publisher", "source")}
    stem, published = (first(said, DCTERMS.iri + name) for name in ("identifier", "issued"))
    basis = first(said, f"{LB.iri}dateBasis").removeprefix(LB.iri)
    return Article(iri, stem, published=published, date_basis=basis, **details)


def _claim(article: Article, iri: str, said: Statements, spans: Mapping[str, Statements], names: Names) -> Claim:
    evidence = sorted(
        (int(first(spans[span], NIF.iri + "beginIndex") or 0), first(spans[span], NIF.iri + "anchorOf"))
        for span in map(_text, said.get(_EVIDENCE, ()))
    )
    return Claim(
        iri=iri,
        type=first(said, _EVENT_TYPE).removeprefix(LB.iri),
        values=values_of(said),
        article=article,
        begin=evidence[0][0] if evidence else 0,
        sentence=" … ".join(text for _, text in evidence),
        names=names,
    )


def _text(term: Object) -> str:
    return "" if isinstance(term, ox.Triple) else term.value
