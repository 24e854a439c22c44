"""The article page: the text as a reader sees it, with what was read from it marked."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flask import Response

from kg.vocab import DCTERMS, NIF
from kg.web import curation
from kg.web.context import current_graph, names_for, page
from kg.web.corrections import iris_of
from kg.web.graph import Row, Term, local_name
from kg.web.records import Article, Claim, read_articles, read_claims
from kg.web.structured import describe_article


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the text and what it is."""

    begin: int
    end: int
    kind: str
    """`mention`, `evidence`, `trigger` or `noise`."""
    target: str = ""
    """IRI of the entity that is mentioned."""
    claim: int = 0
    """Number of the claim, from 1."""
    how: str = ""
    """How a mention refers: `byName`, `byOffice` …"""


@dataclass(slots=True)
class Piece:
    """A stretch of text that the same marks cover."""

    begin: int
    text: str
    mention: Mark | None = None
    claims: list[int] = field(default_factory=list)
    """Numbers of the claims whose sentence this is part of."""
    trigger: bool = False
    noise: bool = False
    anchors: list[str] = field(default_factory=list)
    """Fragments (`char=90,120`) of the marks that begin here."""
    closes: list[int] = field(default_factory=list)
    """Numbers of the claims whose sentence ends here."""


def read_listed(iris: Iterable[str]) -> list[Article]:
    """Read articles in the order of their IRIs."""
    wanted = list(iris)
    found = read_articles(current_graph(), wanted)
    return [found[iri] for iri in wanted if iri in found]


def show(iri: str, key: str, values: dict[str, list[Term]]) -> Response:
    """Show an article with its mentions and claims."""
    graph = current_graph()
    text = next((term.value for term in values.get(NIF.iri + "isString", ())), "")
    claims = read_claims(graph, [row["claim"].value for row in graph.select("article-claims", this=iri)])
    mentions = [_mention(row) for row in graph.select("article-mentions", this=iri)]
    noise = [_range(row, "noise") for row in graph.select("article-noise", this=iri)]
    marks = [*mentions, *noise, *_claim_marks(claims)]
    article = read_listed([iri])[0]
    entities = sorted({mark.target for mark in mentions if mark.how != "byAdjective"})
    corrections = curation.of_article(iri)
    named = [*(i for claim in claims for i in claim.iris()), *(mark.target for mark in mentions), *iris_of(corrections)]
    names = names_for(named)
    return page(
        "article.html",
        key=key,
        described=describe_article(article, entities, names),
        article=article,
        basis=next((local_name(term.value) for term in values.get("dateBasis", ())), ""),
        source=next((term.value for term in values.get(DCTERMS.iri + "source", ())), ""),
        paragraphs=mark_text(text, marks),
        claims=claims,
        corrections=corrections,
        entities=sorted(entities, key=lambda entity: names(entity).casefold()),
        name=names,
    )


def mark_text(text: str, marks: Sequence[Mark]) -> list[list[Piece]]:
    """Cut a text into paragraphs, and these into pieces that the same marks cover.

    Args:
        text: the article's text; an empty line or a line's end ends a paragraph.
        marks: ranges in code points of the text, in any order; they may overlap.
    """
    lines, begin = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((begin, begin + len(line)))
        begin += len(line) + 1
    return [_cut(text, begin, end, inside) for (begin, end), inside in zip(lines, _overlaps(lines, marks), strict=True)]


def _overlaps(ranges: Iterable[tuple[int, int]], marks: Iterable[Mark]) -> Iterator[list[Mark]]:
    """Yield for each of some ranges, which are in order, the marks that reach into it."""
    waiting = deque(sorted(marks, key=lambda mark: mark.begin))
    inside: list[Mark] = []
    for begin, end in ranges:
        while waiting and waiting[0].begin < end:
            inside.append(waiting.popleft())
        inside = [mark for mark in inside if mark.end > begin]
        yield inside.copy()


def _cut(text: str, begin: int, end: int, marks: Sequence[Mark]) -> list[Piece]:
    bounds = {begin, end, *(bound for mark in marks for bound in (mark.begin, mark.end) if begin < bound < end)}
    pieces = list(pairwise(sorted(bounds)))
    return [_piece(text, *piece, inside) for piece, inside in zip(pieces, _overlaps(pieces, marks), strict=True)]


def _piece(text: str, begin: int, end: int, marks: Sequence[Mark]) -> Piece:
    covering = [mark for mark in marks if mark.begin <= begin and mark.end >= end]
    sentences = [mark for mark in covering if mark.kind == "evidence"]
    mentions = [mark for mark in covering if mark.kind == "mention"]
    return Piece(
        begin,
        text[begin:end],
        mention=min(mentions, key=lambda mark: (mark.end - mark.begin, mark.target, mark.begin), default=None),
        claims=sorted({mark.claim for mark in sentences}),
        trigger=any(mark.kind == "trigger" for mark in covering),
        noise=any(mark.kind == "noise" for mark in covering),
        anchors=sorted({f"char={mark.begin},{mark.end}" for mark in covering if mark.begin == begin}),
        closes=sorted({mark.claim for mark in sentences if mark.end == end}),
    )


def _mention(row: Row) -> Mark:
    kind = local_name(row["kind"].value) if "kind" in row else ""
    mark = _range(row, "mention")
    return Mark(mark.begin, mark.end, "mention", target=row["entity"].value, how=kind)


def _range(row: Row, kind: str) -> Mark:
    return Mark(int(row["begin"].value), int(row["end"].value), kind)


def _claim_marks(claims: Sequence[Claim]) -> Iterable[Mark]:
    for number, claim in enumerate(claims, start=1):
        for kind, spans in (("evidence", claim.evidence), ("trigger", claim.trigger)):
            for span in spans:
                yield Mark(span.begin, span.end, kind, claim=number)
