"""What a page is about, in schema.org's terms: the JSON-LD that search engines and citation managers read.

IRIs are those of the data. A script of this type runs nothing, so that the Content-Security-Policy has no say in it;
signs that could end it are escaped.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from kg.vocab import LB, OWL, SCHEMA, SKOS, WGS84
from kg.web.context import Names, base_iri, language
from kg.web.graph import Term
from kg.web.i18n import translate
from kg.web.records import Article, Claim, Event

CONTEXT = SCHEMA.iri.rstrip("/")
TYPES = {
    "Person": "Person",
    "Country": "Country",
    "Place": "Place",
    "Organization": "Organization",
    "Mission": "Organization",
    "Summit": "Event",
}
"""Type of entity to its class at schema.org, as in `kg.vocab.ENTITY_CLASSES`."""
PLACES = ("destination", "origin", "place")

Description = dict[str, Any]


def describe_page(title: str, entity: Description | None) -> Markup:
    """Return the JSON-LD of this page: a script's content.

    Args:
        title: the page's title, as HTML.
        entity: what it is about; None where that is nothing of ours.
    """
    base = base_iri()
    site = {"@type": "WebSite", "@id": base, "name": translate(language(), "site.name"), "url": base}
    found = {
        "@context": CONTEXT,
        "@type": "WebPage",
        "url": base + request.path.removeprefix("/"),
        "name": " ".join(Markup(title).unescape().split()),  # noqa: S704 - to take the escapes out
        "inLanguage": language(),
        "isPartOf": site,
        "license": current_app.config["SETTINGS"].data_license,
        "mainEntity": entity,
    }
    text = json.dumps(_without_empty(found), ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - what could end the script is escaped


def describe_site() -> Description:
    """Describe the whole: a data set with its downloads."""
    base = base_iri()
    downloads = {
        "dump.nq.gz": "application/n-quads",
        "dump.trig.gz": "application/trig",
        "export/plover.csv": "text/csv",
    }
    return {
        "@type": "Dataset",
        "@id": f"{base}.well-known/void#dataset",
        "name": translate(language(), "site.name"),
        "description": translate(language(), "site.tagline"),
        "url": base,
        "license": current_app.config["SETTINGS"].data_license,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": base + path, "encodingFormat": kind}
            for path, kind in downloads.items()
        ],
    }


def describe_entity(iri: str, kind: str, values: Mapping[str, Sequence[Term]], name: Names) -> Description:
    """Describe an entity; `values` are all statements about it, as `read_properties` returns them."""

    def first(key: str) -> str:
        return next((term.value for term in values.get(key, ())), "")

    geo = {"@type": "GeoCoordinates", "latitude": first(f"{WGS84.iri}lat"), "longitude": first(f"{WGS84.iri}long")}
    return {
        **_head(iri, TYPES[kind], kind),
        "name": name(iri),
        "alternateName": sorted({term.value for term in values.get(f"{SKOS.iri}altLabel", ())}),
        "identifier": first("isoCode"),
        "sameAs": [term.value for term in values.get(f"{OWL.iri}sameAs", ())],
        "geo": geo if geo["latitude"] and kind in {"Country", "Place"} else None,
        "startDate": first(f"{SCHEMA.iri}startDate"),
        "endDate": first(f"{SCHEMA.iri}endDate"),
    }


def describe_event(event: Event, name: Names, claims: Iterable[Claim] = ()) -> Description:
    """Describe an event with the claims about it."""
    places = [iri for role in PLACES for iri in event.roles.get(role, ())]
    others = [iri for role, fillers in event.roles.items() if role not in PLACES for iri in fillers]
    return {
        **_head(event.iri, "Event", event.type),
        "name": name(event.iri),
        "startDate": event.begin,
        "endDate": event.end,
        "location": [{**_refer(iri, name), "@type": "Place"} for iri in places],
        "about": [_refer(iri, name) for iri in others],
        "subjectOf": [{"@type": "Claim", "@id": claim.iri} for claim in claims],
    }


def describe_claim(claim: Claim, name: Names) -> Description:
    """Describe a claim: the sentence, who says so, and the article that it is in."""
    return {
        **_head(claim.iri, "Claim", "Claim"),
        "text": " ".join(span.text for span in claim.evidence),
        "author": [_refer(iri, name) for iri in claim.sources],
        "about": {"@type": "Event", "@id": claim.event} if claim.event else None,
        "datePublished": claim.article.issued,
        "appearance": describe_article(claim.article),
    }


def describe_article(article: Article, mentions: Iterable[str] = (), name: Names | None = None) -> Description:
    """Describe an article with what it mentions."""
    publisher = {"@type": "Organization", "name": article.publisher} if article.publisher else None
    return {
        **_head(article.iri, "NewsArticle", "Article"),
        "headline": article.title,
        "datePublished": article.issued,
        "publisher": publisher,
        "mentions": [_refer(iri, name) for iri in mentions] if name else [],
    }


def _head(iri: str, kind: str, own: str) -> Description:
    url = iri.replace(f"{base_iri()}id/", f"{base_iri()}page/", 1)
    return {"@type": kind, "@id": iri, "url": url, "additionalType": LB.iri + own}


def _refer(iri: str, name: Names) -> Description:
    return {"@type": "Thing", "@id": iri, "name": name(iri)}


def _without_empty(value: Any) -> Any:
    """Leave out what is not known."""
    if isinstance(value, dict):
        return {key: _without_empty(each) for key, each in value.items() if each not in ("", None, [])}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value
