"""For crawlers: /robots.txt, and /sitemap.xml with the pages of all things in compressed parts.

Source: https://www.sitemaps.org/protocol.html, which allows 50,000 addresses in a file; RFC 9309.
"""

import gzip
from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort

from kg.model import ENTITY_TYPES
from kg.vocab import LB
from kg.web.browse import KINDS
from kg.web.context import base_iri, current_graph, of_snapshot
from kg.web.overview import read_overview

PART = 25_000
"""Addresses in one part."""
CLASSES = {name.lower(): name for name in ("Article", "Event", "Claim", *ENTITY_TYPES)}
"""Name of a part to the class of the things in it."""
SITE = ("", "about", "events", "movements", "articles", "ontology", *(f"browse/{kind}" for kind in KINDS))
"""The site's own pages: the first part of the map."""
ROBOTS = """User-agent: *
Disallow: /fragments
Disallow: /permalinks
Disallow: /reconcile
Disallow: /search
Disallow: /sparql
Sitemap: {base}sitemap.xml
"""
"""What costs more to answer than it tells a crawler is not for crawlers."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

blueprint = Blueprint("sitemap", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say what crawlers need not read, and where the map is."""
    response = Response(ROBOTS.format(base=base_iri()), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/sitemap.xml")
@of_snapshot
def index() -> Response:
    """List the parts of the map."""
    counts = read_overview(current_graph()).classes()
    names = ["site-1"]
    for name, kind in CLASSES.items():
        names += [f"{name}-{number + 1}" for number in range(-(-counts.get(kind, 0) // PART))]
    urls = (f"{base_iri()}sitemap/{name}.xml.gz" for name in names)
    return Response(_write("sitemapindex", "sitemap", urls), content_type="application/xml; charset=utf-8")


@blueprint.get("/sitemap/<name>-<int:number>.xml.gz")
@of_snapshot
def part(name: str, number: int) -> Response:
    """List the addresses in a part of the map."""
    paths = _list_paths(name, number)
    if not paths:
        abort(404, f"The map has no part {name}-{number}.")
    document = _write("urlset", "url", (base_iri() + path for path in paths))
    return Response(gzip.compress(document.encode(), mtime=0), content_type="application/gzip")


def _list_paths(name: str, number: int) -> list[str]:
    if name == "site":
        return list(SITE) if number == 1 else []
    if name not in CLASSES or not 0 < number <= PART:
        return []
    wanted = {"class": LB.iri + CLASSES[name]}
    rows = current_graph().select("members", limit=PART, offset=PART * (number - 1), **wanted)
    keys = sorted(row["this"].value.removeprefix(f"{base_iri()}id/") for row in rows)
    return [f"page/{quote(key)}" for key in keys]


def _write(root: str, entry: str, urls: Iterable[str]) -> str:
    entries = "".join(f"<{entry}><loc>{escape(url)}</loc></{entry}>\n" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{entries}</{root}>\n'
