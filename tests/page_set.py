"""One page of every type, awkward ones among them, by address: what is checked on all goes over these."""

from collections.abc import Mapping
from urllib.parse import quote

from kg.model import Extraction
from kg.rdf import to_quads
from kg.vocab import LB
from tests.gold import BASE
from tests.web_site import HOSTILE_CORRECTION, awkward_extraction, hostile_extraction


def _claims(extraction: Extraction) -> list[str]:
    """Return the identifiers of an article's claims; an event has that of its first claim."""
    quads = to_quads(extraction, BASE)
    return sorted(str(q.subject).rpartition("/")[2].rstrip(">") for q in quads if q.predicate == LB.term("eventType"))


def _denials(extraction: Extraction) -> list[str]:
    """Return the identifiers of the claims that deny what another tells of: their event has that one's."""
    quads = to_quads(extraction, BASE)
    return [
        str(q.subject).rpartition("/")[2].rstrip(">")
        for q in quads
        if q.predicate == LB.term("status") and q.object == LB.term("denied")
    ]


_HOSTILE, _AWKWARD = _claims(hostile_extraction()), _claims(awkward_extraction())
_AWKWARD_EVENTS = [claim for claim in _AWKWARD if claim not in _denials(awkward_extraction())]

PAGES: Mapping[str, str] = {
    "front": "/",
    "front, largest": "/?order=largest",
    "front, disputed": "/?order=disputed",
    "events": "/events",
    "events of a type": "/events?type=Deployment",
    "events, filtered": "/events?type=Deployment&country=KP&from=2024-01-01",
    "events, none": "/events?type=Aid&country=ML&to=1900-01-01",
    "movements": "/movements",
    "movements, a cell": "/movements?from=country/KP&to=country/RU",
    "movements, no cell": "/movements?from=country/XX&to=country/YY",
    "people": "/browse/people",
    "organizations": "/browse/organizations",
    "missions": "/browse/missions",
    "a page beyond the last": "/browse/people?page=9",
    "time": "/browse/time",
    "articles": "/articles",
    "about": "/about",
    "corrections": "/corrections",
    "correction": HOSTILE_CORRECTION.iri(BASE).replace(f"{BASE}id/", "/page/"),
    "ontology": "/ontology",
    "search": "/search?q=kim",
    "search for a figure": "/search?q=nordkorea+15000",
    "search, nothing found": "/search?q=zzzz",
    "search, nothing asked": "/search",
    "search for sentences": "/search?q=soldaten&kind=claim",
    "country": "/page/country/KP",
    "country in English": "/page/country/KP?lang=en",
    "one group of claims": "/page/country/KP?type=Deployment&role=sender",
    "person": "/page/person/kim-jong-un",
    "summit": "/page/summit/nato-gipfel-in-vilnius-2023",
    "article": "/page/article/13-nordkorea-kursk-2025",
    "hostile article": "/page/article/hostile",
    "hostile person": "/page/person/hostile",
    **{f"hostile {kind}": f"/page/{kind}/{_HOSTILE[0]}" for kind in ("claim", "event")},
    "awkward article": "/page/article/awkward",
    "awkward organisation": "/page/organization/awkward",
    "awkward person": "/page/person/awkward",
    "awkward place": "/page/place/awkward",
    **{f"awkward claim {place}": f"/page/claim/{claim}" for place, claim in enumerate(_AWKWARD, 1)},
    **{f"awkward event {place}": f"/page/event/{claim}" for place, claim in enumerate(_AWKWARD_EVENTS, 1)},
    "queries": "/sparql",
    "query with an answer": "/sparql?query=" + quote("SELECT * WHERE { ?s ?p ?o } LIMIT 50"),
    "preview": "/reconcile/preview?id=country/KP",
}
ERRORS: Mapping[str, str] = {"not found": "/page/nothing", "no such list": "/events?type=Nothing"}
