"""What every IRI has to answer, compared with the dump."""

import json
import re
from collections.abc import Iterator

import pyoxigraph as ox

from benchmarks.crawl.asking import FORMATS, HTML, Ask, Reply, follow, path_of
from kg.vocab import LABEL, RDF_TYPE

_STRUCTURED = re.compile(rb'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_SAME_FOR_HEAD = ("content-type", "etag", "vary", "link", "location")
_TURTLE = FORMATS["ttl"][0]


class Dump:
    """The whole graph, as the server gives it away."""

    def __init__(self, quads: bytes, base: str) -> None:
        self.base = base
        self.store = ox.Store()
        self.store.bulk_load(quads, format=ox.RdfFormat.N_QUADS)
        self.triples = frozenset(quad.triple for quad in self.store)

    def things(self) -> dict[str, list[str]]:
        """Return the IRIs under `BASE id/` by kind, without their fragments, sorted."""
        terms = (term for quad in self.store for term in (quad.subject, quad.predicate, quad.object))
        iris = {term.value.partition("#")[0] for term in terms if isinstance(term, ox.NamedNode)}
        kinds: dict[str, list[str]] = {}
        for iri in sorted(each for each in iris if each.startswith(f"{self.base}id/")):
            kinds.setdefault(iri.removeprefix(f"{self.base}id/").partition("/")[0], []).append(iri)
        return kinds

    def about(self, iri: str) -> frozenset[ox.Triple]:
        """Return what the description of a thing has at least: of an article its graph, else what names the thing."""
        if iri.startswith(f"{self.base}id/article/"):
            graph = ox.NamedNode(iri.replace(f"{self.base}id/", f"{self.base}graph/", 1))
            return frozenset(quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph))
        thing = ox.NamedNode(iri)
        own = {quad.triple for quad in self.store.quads_for_pattern(thing, None, None)}
        inverse = {quad.triple for quad in self.store.quads_for_pattern(None, None, thing)}
        named = {triple.object for triple in own} | {triple.subject for triple in inverse}
        labels = {
            quad.triple
            for term in named
            if isinstance(term, ox.NamedNode)
            for quad in self.store.quads_for_pattern(term, LABEL, None)
        }
        return frozenset(own | inverse | labels)

    def classes(self, iri: str) -> set[str]:
        """Return the IRIs of the classes of a thing."""
        found = self.store.quads_for_pattern(ox.NamedNode(iri), RDF_TYPE, None)
        return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)}


def check_thing(ask: Ask, dump: Dump, iri: str) -> Iterator[str]:
    """Yield what is wrong with how a thing answers."""
    key = iri.removeprefix(f"{dump.base}id/")
    documents = {ending: f"/data/{key}.{ending}" for ending in FORMATS}
    targets = {media_type: documents[ending] for ending, (media_type, _) in FORMATS.items()} | {HTML: f"/page/{key}"}
    for media_type, target in targets.items():
        yield from _check_redirect(ask, path_of(iri, dump.base), media_type, target)
        yield from _check_conditions(ask, target, media_type)
    yield from _check_description(ask, dump, iri, documents)
    yield from _check_page(ask, dump, iri, targets)


def check_graph(ask: Ask, dump: Dump, iri: str) -> Iterator[str]:
    """Yield what is wrong with how a named graph answers."""
    found = ask("GET", path_of(iri, dump.base), {"Accept": _TURTLE})
    if found.status != 303:
        yield f"{iri} is answered by {found.status}"
        return
    reply = ask("GET", found.header("location"), {"Accept": _TURTLE})
    wanted = {quad.triple for quad in dump.store.quads_for_pattern(None, None, None, ox.NamedNode(iri))}
    if reply.status != 200 or reply.triples() != wanted:
        yield f"{iri} does not lead to its statements"


def _check_redirect(ask: Ask, path: str, media_type: str, target: str) -> Iterator[str]:
    for method in ("GET", "HEAD"):
        reply = ask(method, path, {"Accept": media_type})
        if (reply.status, reply.header("location")) != (303, target):
            yield f"{method} {path} as {media_type}: {reply.status} {reply.header('location')}, not 303 {target}"
        if "accept" not in reply.header("vary").lower():
            yield f"{method} {path} does not vary by Accept"


def _check_conditions(ask: Ask, path: str, media_type: str) -> Iterator[str]:
    """Yield what is wrong with the type, HEAD, the ETag and the answer to one who has it."""
    reply, head = ask("GET", path, {"Accept": media_type}), ask("HEAD", path, {"Accept": media_type})
    if (reply.status, reply.media_type()) != (200, media_type):
        yield f"{path} is {reply.status} {reply.media_type()}, not {media_type}"
        return
    if head.status != 200 or head.body or any(head.header(name) != reply.header(name) for name in _SAME_FOR_HEAD):
        yield f"HEAD {path} is not GET without its body"
    known = ask("GET", path, {"Accept": media_type, "If-None-Match": reply.header("etag")})
    if not reply.header("etag") or known.status != 304 or known.body:
        yield f"{path} with its ETag is {known.status}, not 304"
    if known.header("vary") != reply.header("vary"):
        yield f"{path} varies otherwise when it is 304"


def _check_description(ask: Ask, dump: Dump, iri: str, documents: dict[str, str]) -> Iterator[str]:
    """Yield what is missing or too much in the data, and where its formats and its links differ."""
    replies = {ending: ask("GET", path, {}) for ending, path in documents.items()}
    if wrong := [ending for ending, reply in replies.items() if reply.status != 200]:
        yield f"{iri} has no {', '.join(wrong)}"
        return
    if len({reply.triples() for reply in replies.values()}) > 1:
        yield f"{iri} is not the same in all formats"
    pages = list(follow(ask, documents["ttl"], _TURTLE, dump.base))
    described = frozenset[ox.Triple]().union(*(page.triples() for page in pages))
    wanted = dump.about(iri)
    if missing := wanted - described:
        yield f"{iri} lacks {len(missing)} of {len(wanted)} statements, such as {min(map(str, missing))}"
    if made_up := described - dump.triples:
        yield f"{iri} has {len(made_up)} statements that the dump has not, such as {min(map(str, made_up))}"
    key = iri.removeprefix(f"{dump.base}id/")
    wanted_links = {("describes", iri), ("cite-as", iri), ("describedby", "/.well-known/void")}
    wanted_links |= {("alternate", f"/page/{key}"), *(("type", each) for each in dump.classes(iri))}
    for ending, reply in replies.items():
        others = {("alternate", path) for other, path in documents.items() if other != ending}
        if lacking := (wanted_links | others) - reply.links():
            yield f"{documents[ending]} lacks the link {min(lacking)}"


def _check_page(ask: Ask, dump: Dump, iri: str, targets: dict[str, str]) -> Iterator[str]:
    reply = ask("GET", targets[HTML], {"Accept": HTML})
    wanted = {("alternate", path) for media_type, path in targets.items() if media_type != HTML}
    wanted |= {("describedby", targets[_TURTLE]), ("cite-as", iri), *(("type", each) for each in dump.classes(iri))}
    if lacking := wanted - reply.links():
        yield f"{targets[HTML]} lacks the link {min(lacking)}"
    if not _names(reply, iri):
        yield f"{targets[HTML]} does not say in JSON-LD what it is about"


def _names(page: Reply, iri: str) -> bool:
    """Tell whether the JSON-LD of a page is about this thing; pages of offices, corrections and links have none."""
    found = [json.loads(script) for script in _STRUCTURED.findall(page.body)]
    if iri.split("/id/")[1].partition("/")[0] in {"position", "correction", "link"}:
        return bool(found)
    return any(each.get("mainEntity", {}).get("@id") == iri for each in found)
