"""The sentence of a claim with its words marked by the part that they play in it, as far as the graph knows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.web.graph import Graph
from kg.web.records import Claim, Span

Words = Sequence["Word"]


class Word(NamedTuple):
    """Some words of a sentence."""

    text: str
    part: str = ""
    """What they are: a role, or a message of the section `part`."""


class _Part(NamedTuple):
    begin: int
    end: int
    part: str


class Mention(NamedTuple):
    """Where an entity is named, in code points of the article's text."""

    begin: int
    end: int
    entity: str


def mark_sentences(graph: Graph, claims: Sequence[Claim]) -> dict[str, list[tuple[str, Words]]]:
    """Return for each claim, by IRI, its sentences: the IRI of the span and its words."""
    mentions: dict[str, list[Mention]] = {}
    for row in graph.select_each("article-mentions", "this", {claim.article.iri for claim in claims}):
        mention = Mention(int(row["begin"].value), int(row["end"].value), row["entity"].value)
        mentions.setdefault(row["this"].value, []).append(mention)
    return {
        claim.iri: [(span.iri, mark(span, claim, mentions.get(claim.article.iri, ()))) for span in claim.evidence]
        for claim in claims
    }


def mark(span: Span, claim: Claim, mentions: Iterable[Mention]) -> list[Word]:
    """Cut a sentence into words by the parts that they play; of parts that overlap the first found counts."""
    taken: list[_Part] = []
    for part in _find_parts(span, claim, mentions):
        if all(part.end <= other.begin or part.begin >= other.end for other in taken):
            taken.append(part)
    words, place = [], span.begin
    for part in sorted(taken):
        words += [Word(_cut(span, place, part.begin)), Word(_cut(span, part.begin, part.end), part.part)]
        place = part.end
    return [word for word in (*words, Word(_cut(span, place, span.end))) if word.text]


def _find_parts(span: Span, claim: Claim, mentions: Iterable[Mention]) -> Iterator[_Part]:
    roles = _roles_of(claim)
    inside = [each for each in mentions if span.begin <= each.begin and each.end <= span.end and each.entity in roles]
    for mention in sorted(inside, key=lambda each: (each.begin - each.end, each.begin, each.entity)):  # longest first
        yield _Part(mention.begin, mention.end, roles[mention.entity])
    for trigger in claim.trigger:
        if span.begin <= trigger.begin and trigger.end <= span.end:
            yield _Part(trigger.begin, trigger.end, "trigger")
    texts = [(figure.kind, figure.text) for figure in claim.figures]
    for part, text in (*texts, ("time", claim.time_text), ("source", claim.source_text)):
        if text and (found := span.text.find(text)) >= 0:
            yield _Part(span.begin + found, span.begin + found + len(text), part)


def _roles_of(claim: Claim) -> Mapping[str, str]:
    """Return what each entity is in a claim; the first counts where it is several things."""
    pairs = [(filler, role) for role, fillers in claim.roles.items() for filler in fillers]
    pairs += [(source, "source") for source in claim.sources]
    pairs += [(medium, "relay") for medium in claim.relayed_by]
    return dict(reversed(pairs))


def _cut(span: Span, begin: int, end: int) -> str:
    return span.text[begin - span.begin : end - span.begin]
