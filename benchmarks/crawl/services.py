"""What the services for programs have to answer: fragments, feed, reconciliation, map of the site, its description."""

import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox

from benchmarks.crawl.asking import HTML, Ask, follow, path_of
from benchmarks.crawl.things import Dump
from kg.frames import load_frames
from kg.vocab import LABEL, LB, PROV, RDF_TYPE

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_SITEMAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_MOST_PAGES: Final = 20
"""Pages of one fragment that are read; of a longer one the number of its triples has to be right."""
_BY_CLAIM: Final = {"type": "eventType", "status": "status"}

T = TypeVar("T")


class Pattern(NamedTuple):
    """A triple pattern; None: any term."""

    subject: ox.NamedNode | None
    predicate: ox.NamedNode | None
    object: ox.NamedNode | ox.Literal | None

    def shape(self) -> str:
        """Return which of its parts are given: `subject ? object`."""
        return " ".join("?" if term is None else part for part, term in self._asdict().items())

    def path(self) -> str:
        """Return the address of its fragment."""
        query = urlencode({part: _write(term) for part, term in self._asdict().items() if term is not None})
        return f"/fragments?{query}" if query else "/fragments"


def patterns(dump: Dump, each: int) -> Iterator[Pattern]:
    """Yield patterns of each of the eight shapes, their terms from triples that are spread over the dump."""
    found = [
        Pattern(triple.subject, triple.predicate, triple.object)
        for triple in sorted(dump.triples, key=str)
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal)
    ]
    yield Pattern(None, None, None)
    for chosen in found[:: max(len(found) // each, 1)][:each]:
        for open_ in product((False, True), repeat=3):
            pattern = chosen._replace(
                **{part: None for part, is_open in zip(Pattern._fields, open_, strict=True) if is_open}
            )
            if any(pattern):
                yield pattern


def check_fragment(ask: Ask, dump: Dump, pattern: Pattern) -> Iterator[str]:
    """Yield what is wrong with a fragment: its triples, page by page, and their number."""
    path, found, pages = pattern.path(), set[ox.Triple](), 0
    wanted = {quad.triple for quad in dump.store.quads_for_pattern(*pattern, None)}
    for reply in follow(ask, path, "application/n-quads", dump.base):
        if reply.status != 200:
            yield f"{path} is answered by {reply.status}"
            return
        quads = list(ox.parse(reply.body, format=ox.RdfFormat.N_QUADS))
        found |= {quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()}
        counted = {quad.object.value for quad in quads if quad.predicate.value.endswith("#totalItems")}
        if counted != {str(min(len(wanted), 100_000))}:
            yield f"{path} counts {counted}, the dump {len(wanted)}"
        pages += 1
        if pages == _MOST_PAGES:
            break
    if found - wanted or (pages < _MOST_PAGES and found != wanted):
        yield f"{path} has {len(found)} triples in {pages} pages, the dump {len(wanted)}"


def feeds(dump: Dump) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the parameters of a feed with the claims that it has to have: all, by type, standing and country."""
    claims = {quad.subject for quad in dump.store.quads_for_pattern(None, LB.term("eventType"), None)}
    gone = {quad.subject for quad in dump.store.quads_for_pattern(None, PROV.term("wasInvalidatedBy"), None)}
    standing = {str(claim)[1:-1] for claim in claims - gone}
    yield "", frozenset(standing)
    for parameter, name in _BY_CLAIM.items():
        values: dict[str, set[str]] = {}
        for quad in dump.store.quads_for_pattern(None, LB.term(name), None):
            claim, value = str(quad.subject)[1:-1], str(quad.object)[1:-1].removeprefix(LB.iri)
            if claim in standing:
                values.setdefault(value, set()).add(claim)
        yield from ((f"{parameter}={value}", frozenset(wanted)) for value, wanted in sorted(values.items()))
    by_country = _claims_by_country(dump)
    yield from ((f"country={code}", frozenset(wanted & standing)) for code, wanted in sorted(by_country.items()))


def _claims_by_country(dump: Dump) -> dict[str, set[str]]:
    """Return the claims in which each country has a part: itself, or someone or something that belongs to it."""
    start, homes, found = f"{dump.base}id/country/", dict[str, list[str]](), dict[str, set[str]]()
    for quad in dump.store.quads_for_pattern(None, LB.term("country"), None):
        homes.setdefault(str(quad.subject)[1:-1], []).append(str(quad.object)[1:-1])
    for role in sorted({role for frame in load_frames().values() for role in frame.roles}):
        for quad in dump.store.quads_for_pattern(None, LB.term(role), None):
            filler = str(quad.object)[1:-1]
            for iri in (filler, *homes.get(filler, ())):
                if iri.startswith(start):
                    found.setdefault(iri.removeprefix(start), set()).add(str(quad.subject)[1:-1])
    return found


def check_feed(ask: Ask, dump: Dump, query: str, wanted: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with a feed: whether it has just the claims that it should, and answers 304."""
    path, found = f"/feed.atom?{query}" if query else "/feed.atom", list[str]()
    first = path
    while path and len(found) < 10_000:
        reply = ask("GET", path, {})
        if (reply.status, reply.media_type()) != (200, "application/atom+xml"):
            yield f"{path} is {reply.status} {reply.media_type()}"
            return
        feed = ElementTree.fromstring(reply.body)  # noqa: S314 - from our own server
        found += [str(entry.findtext(f"{_ATOM}id")) for entry in feed.iter(f"{_ATOM}entry")]
        following = (link.get("href", "") for link in feed.findall(f"{_ATOM}link") if link.get("rel") == "next")
        path = next(following, "")
    if sorted(found) != sorted(wanted):
        yield f"{first} has {len(found)} claims, the dump {len(wanted)}"
    tag = ask("GET", first, {}).header("etag")
    if ask("GET", first, {"If-None-Match": tag}).status != 304:
        yield f"{first} with its ETag is not 304"


def entities(dump: Dump) -> dict[str, list[tuple[str, str, str]]]:
    """Return key, type and German name of the entities, by type."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind in ("Person", "Country", "Place", "Organization", "Summit", "Mission"):
        for quad in dump.store.quads_for_pattern(None, RDF_TYPE, LB.term(kind)):
            thing = quad.subject
            names = [q.object for q in dump.store.quads_for_pattern(thing, LABEL, None)]
            german = sorted(n.value for n in names if isinstance(n, ox.Literal) and n.language == "de")
            if isinstance(thing, ox.NamedNode) and german:
                found.setdefault(kind, []).append((thing.value.removeprefix(f"{dump.base}id/"), kind, german[0]))
    return {kind: sorted(set(members)) for kind, members in found.items()}


def check_entity(ask: Ask, entity: tuple[str, str, str]) -> Iterator[str]:
    """Yield what is wrong with how an entity is found by its name, suggested, shown and extended."""
    key, kind, name = entity
    candidates = _ask_json(ask, "queries", {"q": {"query": name, "type": kind}})["q"]["result"]
    best = [each["id"] for each in candidates if each["score"] == candidates[0]["score"]]
    if key not in best:
        yield f"{name!r} ({kind}) is {best or 'nobody'}, not {key}"
    suggested = json.loads(ask("GET", f"/reconcile/suggest/entity?prefix={quote(key)}", {}).body)["result"]
    if key not in {each["id"] for each in suggested}:
        yield f"{key} is not suggested by its identifier"
    preview = ask("GET", f"/reconcile/preview?id={quote(key)}", {"Accept": HTML, "Accept-Language": "de"})
    if preview.status != 200 or b"<h1" not in preview.body:
        yield f"{key} has no preview"
    offered = json.loads(ask("GET", f"/reconcile/properties?type={kind}", {}).body)["properties"]
    rows = _ask_json(ask, "extend", {"ids": [key], "properties": [{"id": each["id"]} for each in offered]})["rows"]
    if set(rows.get(key, {})) != {each["id"] for each in offered}:
        yield f"{key} is not extended by what is offered for a {kind}"


def check_sitemap(ask: Ask, dump: Dump, each: int) -> Iterator[str]:
    """Yield what is wrong with the map of the site and with robots.txt: each address of the map is a page.

    Of many only `each` of a kind are asked for.
    """
    if f"Sitemap: {dump.base}sitemap.xml" not in ask("GET", "/robots.txt", {}).body.decode():
        yield "robots.txt does not lead to the map"
    parts = _addresses(ask("GET", "/sitemap.xml", {}).body)
    pages = [
        each for part in parts for each in _addresses(gzip.decompress(ask("GET", path_of(part, dump.base), {}).body))
    ]
    kinds = ("article", "claim", "event", "person", "country", "place", "organization", "summit", "mission")
    wanted = {
        iri.replace(f"{dump.base}id/", f"{dump.base}page/") for kind in kinds for iri in dump.things().get(kind, ())
    }
    listed = {page for page in pages if page.startswith(f"{dump.base}page/")}
    for page in spread(sorted(pages), each * len(kinds)):
        reply = ask("HEAD", path_of(page, dump.base), {"Accept": HTML})
        if (reply.status, reply.media_type()) != (200, HTML):
            yield f"{page} of the map is {reply.status} {reply.media_type()}"
    if missing := {page for page in wanted - listed if "/corrected" not in page}:
        yield f"{len(missing)} pages are not on the map, such as {min(missing)}"


def spread(members: Sequence[T], most: int) -> Sequence[T]:
    """Return so many members at most, from all over the list."""
    return members[:: -(-len(members) // most)] if members else members


def check_description(ask: Ask) -> Iterator[str]:
    """Yield which addresses without parameters do not answer as /openapi.json says, and what it lacks."""
    described = json.loads(ask("GET", "/openapi.json", {}).body)
    for path, methods in described["paths"].items():
        operation = methods.get("get", {})
        needed = [each for each in operation.get("parameters", ()) if each.get("required")]
        if "{" in path or not operation or needed:
            continue
        reply = ask("GET", path, {})
        declared: Sequence[str] = list(operation["responses"])
        if str(reply.status) not in declared:
            yield f"{path} is answered by {reply.status}, described are {', '.join(declared)}"
        types = operation["responses"].get(str(reply.status), {}).get("content", {})
        if types and reply.media_type() not in types:
            yield f"{path} is {reply.media_type()}, described are {', '.join(types)}"


def _addresses(document: bytes) -> list[str]:
    tree = ElementTree.fromstring(document)  # noqa: S314 - from our own server
    return [str(each.text) for each in tree.iter(f"{_SITEMAP}loc")]


def _ask_json(ask: Ask, parameter: str, value: object) -> dict[str, dict[str, list[dict[str, object]]]]:
    query = urlencode({parameter: json.dumps(value)})
    answer: dict[str, dict[str, list[dict[str, object]]]] = json.loads(ask("GET", f"/reconcile?{query}", {}).body)
    return answer


def _write(term: ox.NamedNode | ox.Literal) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if term.language:
        return f'"{term.value}"@{term.language}'
    return f'"{term.value}"^^{term.datatype.value}'
