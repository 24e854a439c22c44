"""Generated articles as quads, with the graphs that publishing would derive from them.

An event is derived once nobody tells of it any more, from the claims about it alone: claims of different happenings
never meet. Entities are described when they are first named, since every article says the same of them.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, Store

from benchmarks.generator.news import TOLD_FOR, Newsroom
from benchmarks.generator.telling import Happening
from kg.identity import claim_key
from kg.model import Entity, Extraction
from kg.rdf import is_reference, reference_quads, to_quads
from kg.rollup.accounts import ARTICLE, Account, Publication, read_account
from kg.rollup.events import state_groups
from kg.rollup.grouping import Grouping
from kg.rollup.rules import constructor, derive_entities, derive_events
from kg.rollup.sameness import Sameness
from kg.vocab import DCTERMS, LABEL, Minter

MODEL = "generated"
_BATCH = 500
"""Events or entities that are derived together."""


class GraphWriter:
    """Maps articles to quads, and derives what follows from them."""

    def __init__(self, base_iri: str) -> None:
        self._base = base_iri
        self._mint = Minter(base_iri)
        self._open: dict[Happening, list[tuple[Extraction, list[Quad]]]] = {}
        """What articles claim of what they still tell of."""
        self._countries: dict[str, str | None] = {}
        """Country of each entity that was named, by their IRIs."""
        self._new: list[Quad] = []
        """What articles say of entities that are named for the first time."""

    def quads(self, newsroom: Newsroom) -> Iterator[Quad]:
        """Yield the whole graph; each article's quads stand together."""
        for extraction, told in newsroom.write():
            quads = to_quads(extraction, self._base, model=MODEL)
            yield from quads
            yield from self._introduce(extraction, quads)
            self._note(extraction, told, quads)
            over = [h for h in self._open if (extraction.article.published - h.day).days > TOLD_FOR]
            if len(over) >= _BATCH:
                yield from self._derive_events(over)
        yield from self._derive_entities()
        yield from self._derive_events(list(self._open))

    def _introduce(self, extraction: Extraction, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Describe the entities that are named for the first time."""
        new = [item.entity for item in extraction.entities if self._iri(item.entity).value not in self._countries]
        if not new:
            return
        for entity in new:
            country = self._mint.entity(entity.country).value if entity.country else None
            self._countries[self._iri(entity).value] = country
        yield from reference_quads(new, self._base)
        stem = extraction.article.stem
        descriptions = {self._mint.description(stem, entity.key) for entity in new if not is_reference(entity)}
        self._new += [quad for quad in quads if quad.subject in descriptions]
        if len(self._new) >= _BATCH:
            yield from self._derive_entities()

    def _note(self, extraction: Extraction, told: Iterable[Happening], quads: Iterable[Quad]) -> None:
        """Keep what is said of each claim until its event is derived."""
        article = extraction.article
        by_claim: dict[NamedNode, list[Quad]] = {
            self._mint.claim(claim_key(article.stem, claim)): [] for claim in extraction.claims
        }
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and quad.subject in by_claim:
                by_claim[quad.subject].append(quad)
        for happening, said in zip(told, by_claim.values(), strict=True):
            self._open.setdefault(happening, []).append((extraction, said))

    def _derive_entities(self) -> Iterator[Quad]:
        store = Store()
        store.extend(self._new)
        self._new.clear()
        yield from sorted(derive_entities(constructor(store), self._base), key=str)

    def _derive_events(self, happenings: Iterable[Happening]) -> Iterator[Quad]:
        store = Store()
        for happening in happenings:
            tellings = self._open.pop(happening)
            store.extend(chain.from_iterable(said for _, said in tellings))
            store.extend(chain.from_iterable(self._context(extraction) for extraction, _ in tellings))
            accounts = [account for telling in tellings if (account := self._account(*telling))]
            about = list(state_groups(Grouping(accounts, Sameness(self._countries.get)), self._mint))
            store.extend(about)
            yield from about
        yield from sorted(derive_events(constructor(store), self._base), key=str)

    def _context(self, extraction: Extraction) -> Iterator[Quad]:
        """Yield what the rules for events ask about an article and those whom it names."""
        article, graph = self._mint.article(extraction.article.stem), self._mint.article_graph(extraction.article.stem)
        if extraction.article.publisher:
            yield Quad(article, DCTERMS.term("publisher"), Literal(extraction.article.publisher), graph)
        for item in extraction.entities:
            entity, node = item.entity, self._iri(item.entity)
            yield Quad(article, DCTERMS.term("references"), node, graph)
            for name, language in ((entity.label, "de"), (entity.label_en, "en")):
                if name:
                    yield Quad(node, LABEL, Literal(name, language=language), self._mint.entities_graph)

    def _account(self, extraction: Extraction, said: Iterable[Quad]) -> Account | None:
        claim = next(quad.subject for quad in said if quad.predicate == ARTICLE)
        assert isinstance(claim, NamedNode)
        return read_account(claim.value, said, lambda _: Publication(extraction.article.published, assumed=False))

    def _iri(self, entity: Entity) -> NamedNode:
        return self._mint.entity(entity.key)
