"""What corrections make of claims, offices and mentions: the graph `BASE graph/corrected`.

A claim that is rejected or changed is marked with `prov:wasInvalidatedBy`. A changed one is followed by a copy that is
as the corrections leave it, with an IRI of its own (`…/corrected`), `prov:wasRevisionOf` and `lb:correctedBy`. Offices
likewise. A span or article that refers to another entity than was read says so beside the reading, and `lb:readAs`
marks what no longer counts.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.curation.corrections import Correction
from kg.curation.plan import Plan
from kg.curation.reading import (
    MEMBER,
    MENTION,
    MENTIONS,
    STATUS,
    Object,
    Reading,
    Values,
    entity_slots,
)
from kg.vocab import DCTERMS, LB, NIF, PROV, SKOS

CORRECTED_BY, READ_AS = LB.term("correctedBy"), LB.term("readAs")
INVALIDATED_BY, REVISION_OF = PROV.term("wasInvalidatedBy"), PROV.term("wasRevisionOf")
_EXPLANATION, _SOURCE_TEXT = LB.term("explanation"), LB.term("attributionText")
_PARTS = {LB.term("attributedTo"): "attribution", STATUS: "status"}
"""What the explanation of a value begins with, where it is not the name of the role."""

Statement = tuple[NamedNode, NamedNode, Object]
Swap = tuple[str, list[Correction]]
"""The entity that is meant, and the corrections that say so."""


def revise(plan: Plan, reading: Reading) -> list[Quad]:
    """Return the quads of `BASE graph/corrected`, sorted."""
    statements = {*_Records(plan, reading).statements(), *_Mentions(plan, reading).statements()}
    return sorted((Quad(*statement, reading.mint.corrected_graph) for statement in statements), key=str)


def _swap(entity: str, splits: Iterable[Correction], plan: Plan) -> Swap:
    """Find out which entity is meant where an entity was read."""
    used = [split for split in splits if split.read_as == entity][:1]
    used += plan.path(used[0].meant if used else entity)
    return (used[-1].meant if used else entity), used


class _Records:
    """Claims and offices as the corrections leave them."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self.plan = plan
        self.reading = reading
        self.splits: dict[str, list[Correction]] = {}
        """By the claim or office that is read at their places; those of a claim count before those of an article."""
        places = sorted(plan.splits, key=lambda place: (not reading.is_claim(place), reading.is_article(place)))
        for place in places:
            for record in reading.records_at(place):
                self.splits.setdefault(record, []).extend(plan.splits[place])

    def statements(self) -> Iterator[Statement]:
        touched = {*self.plan.rejections, *self.plan.statuses, *(claim for claim, _ in self.plan.roles), *self.splits}
        for entity in self.plan.merges:
            touched.update(record for slot in entity_slots() for record in self.reading.subjects(slot, entity))
        for record in sorted(touched):
            if record in self.plan.rejections:
                yield NamedNode(record), INVALIDATED_BY, self._iri(self.plan.rejections[record])
            else:
                yield from self._revision(NamedNode(record))
        for correction in (*self.plan.same, *self.plan.apart):
            for claim in (correction.target, *correction.others):
                yield self.standing(claim), CORRECTED_BY, self._iri(correction)

    def standing(self, claim: str) -> NamedNode:
        """Return a claim as it counts: its copy, where it is changed."""
        node = NamedNode(claim)
        return self.reading.mint.corrected(node) if self._change(claim, self.reading.about(claim))[1] else node

    def _revision(self, record: NamedNode) -> Iterator[Statement]:
        read = self.reading.about(record.value)
        values, used = self._change(record.value, read)
        if not used:
            return
        copy = self.reading.mint.corrected(record)
        yield copy, REVISION_OF, record
        for correction in used:
            yield record, INVALIDATED_BY, self._iri(correction)
            yield copy, CORRECTED_BY, self._iri(correction)
        yield from ((copy, predicate, value) for predicate, found in values.items() for value in found)
        yield from ((NamedNode(person.value), LB.term("holdsPosition"), copy) for person in values.get(MEMBER, ()))

    def _change(self, record: str, read: Values) -> tuple[Values, list[Correction]]:
        """Return what a record says after all corrections, and those that changed it."""
        values, used = dict(read), list[Correction]()
        for slot in entity_slots():
            change = self.plan.roles.get((record, slot.value.removeprefix(LB.iri)))
            used += [change] if change else []
            fillers = change.fillers if change else [value.value for value in read.get(slot, ())]
            swaps = [_swap(filler, () if change else self.splits.get(record, ()), self.plan) for filler in fillers]
            used += [correction for _, corrections in swaps for correction in corrections]
            values[slot] = {NamedNode(meant) for meant, _ in swaps}
        if record in self.plan.statuses:
            used.append(self.plan.statuses[record])
            values[STATUS] = {LB.term(used[-1].status)}
        _follow(read, values)
        return {slot: found for slot, found in values.items() if found}, list(dict.fromkeys(used))

    def _iri(self, correction: Correction) -> NamedNode:
        return NamedNode(correction.iri(self.reading.mint.base))


def _follow(read: Values, values: Values) -> None:
    """Change what follows: the run that made it, the words of the source, and the reasons for what was read."""
    values.pop(PROV.term("wasGeneratedBy"), None)
    changed = {slot for slot in (*entity_slots(), STATUS) if values.get(slot, set()) != read.get(slot, set())}
    if LB.term("attributedTo") in changed:
        values.pop(_SOURCE_TEXT, None)
    parts = tuple(f"{_PARTS.get(slot, slot.value.removeprefix(LB.iri))}:" for slot in changed)
    values[_EXPLANATION] = {text for text in read.get(_EXPLANATION, ()) if not text.value.startswith(parts)}


class _Mentions:
    """Spans and articles that refer to another entity than was read."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self.plan = plan
        self.reading = reading
        self.splits: dict[str, list[Correction]] = {}
        """By span; those of the span itself count before those of its article."""
        for place in sorted(plan.splits, key=reading.is_article):
            for span in reading.mentions_at(place):
                self.splits.setdefault(span, []).extend(plan.splits[place])

    def statements(self) -> Iterator[Statement]:
        touched = set(self.splits)
        for entity in self.plan.merges:
            touched.update(self.reading.subjects(MENTION, entity))
        for span in sorted(touched):
            yield from self._span(span)
        for article in sorted({self.reading.article_of(span) for span in touched}):
            yield from self._article(article)

    def _span(self, span: str) -> Iterator[Statement]:
        read = self.reading.objects(span, MENTION)
        for entity in read:
            meant, used = self._swap(entity, span)
            if meant == entity:
                continue
            node = NamedNode(span)
            yield node, READ_AS, NamedNode(entity)
            if meant not in read:
                yield node, MENTION, NamedNode(meant)
            for correction in used:
                yield node, CORRECTED_BY, NamedNode(correction.iri(self.reading.mint.base))
            if self._kind(span) == "byName":
                yield from self._names(span, NamedNode(meant))

    def _article(self, article: str) -> Iterator[Statement]:
        """Yield what an article mentions by its spans (adjectives are no mentions), where it is not what was read."""
        read, meant = set(self.reading.objects(article, MENTIONS)), set[str]()
        for span in self.reading.mentions_at(article):
            if self._kind(span) != "byAdjective":
                meant.update(self._swap(entity, span)[0] for entity in self.reading.objects(span, MENTION))
        yield from ((NamedNode(article), MENTIONS, NamedNode(entity)) for entity in meant - read)
        yield from ((NamedNode(article), READ_AS, NamedNode(entity)) for entity in read - meant)

    def _swap(self, entity: str, span: str) -> Swap:
        return _swap(entity, self.splits.get(span, ()), self.plan)

    def _kind(self, span: str) -> str:
        return next(iter(self.reading.objects(span, LB.term("mentionKind"))), "").removeprefix(LB.iri)

    def _names(self, span: str, entity: NamedNode) -> Iterator[Statement]:
        languages = self.reading.objects(self.reading.article_of(span), DCTERMS.term("language"))
        for text in self.reading.objects(span, NIF.term("anchorOf")):
            yield entity, SKOS.term("altLabel"), Literal(text, language=languages[0])
