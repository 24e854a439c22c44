"""The search over names, headlines, events and sentences, as a page, as JSON and as a table; and what completes it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, request

from kg.folding import fold
from kg.fulltext.asking import Facets, Hit, Wanted
from kg.fulltext.documents import KINDS, Kind
from kg.fulltext.looser import loosen
from kg.fulltext.snippets import cut_out, find_snippet
from kg.fulltext.words import mark, read_question
from kg.model import ENTITY_TYPES
from kg.web.choosing import current_snapshot, index, name_countries, read_wanted
from kg.web.context import (
    current_graph,
    href,
    in_formats_of_snapshot,
    language,
    link,
    names_for,
    of_snapshot,
    page,
    page_number,
)
from kg.web.negotiation import HTML, Format, by_name, negotiate
from kg.web.problems import ProblemError
from kg.web.records import EVENT_TYPES, Article, Claim, Span, read_claims
from kg.web.site import iris_of, list_events
from kg.web.terms import name_term

PAGE_SIZE = 20
FIRST = 5
"""How many of each kind are shown where no kind is chosen."""
MOST_ROWS = 2_000
"""Of a table."""
MOST_OFFERED = 5
MOST_EVENTS = 3
"""Entities, and events, that complete what is being typed."""
TYPES = (*ENTITY_TYPES, *EVENT_TYPES, "Article")
FORMATS = (
    HTML,
    Format("json", "JSON", ("application/json",)),
    Format("csv", "CSV", ("text/csv",), is_text=True),
)
COLUMNS = ("kind", "iri", "type", "status", "label", "begin", "end", "published", "articles", "sentence")
"""Of a table, and the keys of a result in JSON."""

Pieces = Sequence[tuple[str, bool]]
"""A text in pieces, and of each whether it was asked for."""

blueprint = Blueprint("search", __name__)


class Found(NamedTuple):
    """What was found."""

    wanted: Wanted
    kind: Kind | None
    """The only kind that is looked for; None for all."""
    hits: Mapping[Kind, Sequence[Hit]]
    counts: Mapping[Kind, int]
    has_more: bool = False
    """Whether there is another page of the kind."""

    def facets(self) -> Facets:
        """Return how many things of the kind there are for each choice."""
        return index().facets(self.kind, self.wanted, current_snapshot()) if self.kind else Facets({}, {})


class Passage(NamedTuple):
    """A sentence with the claims that it makes."""

    span: Span
    pieces: Pieces
    article: Article
    claims: Sequence[Claim]


@blueprint.get("/search")
@in_formats_of_snapshot
def search() -> Response:
    """Answer with what the words and choices fit, with `?kind=…` only things of that kind."""
    wanted, asked = read_wanted(TYPES), request.args.get("kind", "")
    if asked not in ("", *KINDS):
        abort(404, "There is no such kind of thing.")
    kind = next((each for each in KINDS if each == asked), None)
    name = request.args.get("format", "")
    choice = by_name(name, FORMATS) if name else negotiate(request.headers.get("Accept"), FORMATS)
    if choice is None:
        raise ProblemError(406, "The answer is not there in this format.", "Ask for HTML, JSON or CSV.")
    response = ANSWERS[choice.format.name](wanted, kind)
    response.content_type = choice.content_type
    return response


@blueprint.get("/search/offers")
@of_snapshot
def offer() -> Response:
    """Offer things whose names go on like `?q=`: entities first, then events."""
    wanted, snapshot = Wanted(words=request.args.get("q", "")), current_snapshot()
    hits: list[Hit] = []
    if read_question(wanted.words):
        hits = index().find("entity", wanted, snapshot, MOST_OFFERED)
        hits += index().find("event", wanted, snapshot, MOST_EVENTS)
    offers = [
        {
            "label": hit.label(language()),
            "lang": hit.speaks(language()),
            # The name of an event begins with its type.
            "kind": name_term(hit.status if hit.kind == "event" else hit.type, language()),
            "href": href(hit.iri),
        }
        for hit in hits
    ]
    return Response(json.dumps({"offers": offers}, ensure_ascii=False), content_type="application/json")


def _find(wanted: Wanted, kind: Kind | None) -> Found:
    """Return a page of a kind, or the first of each kind; nothing where nothing is wanted."""
    if wanted == Wanted():
        return Found(wanted, kind, {}, dict.fromkeys(KINDS, 0))
    snapshot, size = current_snapshot(), PAGE_SIZE if kind else FIRST
    offset = size * (page_number() - 1) if kind else 0
    hits = {each: index().find(each, wanted, snapshot, size + 1, offset) for each in ([kind] if kind else KINDS)}
    has_more = kind is not None and len(hits[kind]) > size
    shown = {each: found[:size] for each, found in hits.items()}
    return Found(wanted, kind, shown, index().count(wanted, snapshot), has_more)


def _find_or_loosen(wanted: Wanted, kind: Kind | None) -> tuple[Found, str]:
    """Return what has all words, or what has most of them, with those that it lacks.

    An article is long enough to have all words somewhere: with nothing else found, fewer words say more.
    """
    found, left_out = _find(wanted, kind), ""
    for looser in () if _tells(found) else loosen(wanted.words, _is_name):
        other = _find(wanted._replace(words=looser.words), kind)
        if _tells(other):
            return other, looser.left_out
        if any(other.counts.values()) and not any(found.counts.values()):
            found, left_out = other, looser.left_out
    return found, left_out


def _is_name(word: str) -> bool:
    """Tell whether an entity is called so."""
    folded = fold(word)
    return any(named.folded == folded for named in index().called(word, ENTITY_TYPES, current_snapshot()))


def _tells(found: Found) -> bool:
    """Tell whether anything but articles was found."""
    return any(count for kind, count in found.counts.items() if kind != "article")


def _as_page(wanted: Wanted, kind: Kind | None) -> Response:
    found, left_out = _find_or_loosen(wanted, kind)
    facets, hits, question = found.facets(), found.hits, read_question(found.wanted.words)
    if kind is None and wanted != Wanted():  # what events there are to choose from: the other kinds follow
        facets = index().facets("event", found.wanted, current_snapshot())
    listed = list_events([hit.iri for hit in hits.get("event", ())])
    snippets = _read_snippets(hits.get("article", ()), question)
    return page(
        "search.html",
        found=found,
        wanted=wanted,
        is_asked=wanted != Wanted(),
        left_out=left_out,
        types=TYPES,
        counts=facets.types,
        countries=name_countries(facets, wanted),
        entities=[(hit, mark(hit.label(language()), question)) for hit in hits.get("entity", ())],
        listed=listed,
        passages=list(_read_passages(hits.get("claim", ()), question)),
        headlines=[
            (hit, mark(hit.german, question), mark(snippets.get(hit.iri, ""), question))
            for hit in hits.get("article", ())
        ],
        name=names_for(iris_of(listed)),
        page_no=page_number(),
    )


def _as_json(wanted: Wanted, kind: Kind | None) -> Response:
    found = _find(wanted, kind)
    snippets = _read_snippets(found.hits.get("article", ()), read_question(wanted.words))
    answer = {
        "wanted": wanted._asdict(),
        "counts": found.counts,
        "facets": found.facets()._asdict(),
        "results": list(_rows(found.hits, snippets)),
        "next": link(page=page_number() + 1) if found.has_more else None,
    }
    return Response(json.dumps(answer, ensure_ascii=False))


def _as_table(wanted: Wanted, kind: Kind | None) -> Response:
    snapshot, text = current_snapshot(), io.StringIO()
    kinds: Sequence[Kind] = [kind] if kind else KINDS
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    if wanted != Wanted():
        hits = {each: index().find(each, wanted, snapshot, MOST_ROWS) for each in kinds}
        writer.writerows(_rows(hits, _read_snippets(hits.get("article", ()), read_question(wanted.words))))
    return Response(text.getvalue())


def _rows(found: Mapping[Kind, Sequence[Hit]], snippets: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what was found as flat records."""
    claims = read_claims(current_graph(), [hit.iri for hit in found.get("claim", ())], in_rows=True)
    sentences = {**snippets, **{claim.iri: " ".join(span.text for span in claim.evidence) for claim in claims}}
    for kind, hits in found.items():
        for hit in hits:
            label = hit.label(language())
            told = (kind, hit.iri, hit.type, hit.status, label, hit.begin, hit.end, hit.day)
            yield dict(zip(COLUMNS, (*told, hit.weight, sentences.get(hit.iri, "")), strict=True))


def _read_passages(hits: Sequence[Hit], question: Sequence[tuple[str, ...]]) -> Iterator[Passage]:
    """Yield the sentences of claims in the order of the hits, those of one sentence together."""
    by_sentence: dict[Span, list[Claim]] = {}
    for claim in read_claims(current_graph(), [hit.iri for hit in hits], in_rows=True):
        for span in claim.evidence[:1]:
            by_sentence.setdefault(span, []).append(claim)
    for span, claims in by_sentence.items():
        yield Passage(span, mark(span.text, question), claims[0].article, claims)


def _read_snippets(hits: Sequence[Hit], question: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Return the sentence of each article that shows best why it was found; of some there is none."""
    articles = [hit.iri for hit in hits] if question else []
    noise: dict[str, list[tuple[int, int]]] = {}
    for row in current_graph().select_each("article-noise", "this", articles):
        noise.setdefault(row["this"].value, []).append((int(row["begin"].value), int(row["end"].value)))
    texts = {
        row["this"].value: row["text"].value for row in current_graph().select_each("article-texts", "this", articles)
    }
    found = {iri: find_snippet(cut_out(text, noise.get(iri, ())), question) for iri, text in texts.items()}
    titles = {hit.iri: hit.german for hit in hits}
    return {iri: snippet for iri, snippet in found.items() if snippet and snippet != titles[iri]}


ANSWERS = {"html": _as_page, "json": _as_json, "csv": _as_table}
