"""The lists of the site as queries, for programs: what is shown, as a text that people can go on with."""

from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.fulltext.asking import Wanted
from kg.vocab import LB, RDFS, XSD

_PARTS = (
    *("sender", "attacker", "speaker", "participant", "host", "recipient", "addressee", "target"),
    *("beneficiary", "against", "destination", "origin", "place"),
)


def ask_for_events(wanted: Wanted, country: str, language: str) -> str:
    """Return a query for events by type, standing, country (its IRI) and time; words play no part in it."""
    kind, status = (LB.prefix + ":" + name if name else "" for name in (wanted.type or "Event", wanted.status))
    lines = [f"  ?event a {kind} ; lb:claimCount ?claims ; lb:status ?status ; rdfs:label ?name ."]
    lines += [f'  FILTER(LANG(?name) = "{language}")']
    lines += [f"  FILTER(?status = {status})"] if status else []
    lines += ["  OPTIONAL { ?event lb:begin ?begin }", "  OPTIONAL { ?event lb:end ?end }"]
    lines += ["  OPTIONAL { ?event lb:personnelMin ?min }", "  OPTIONAL { ?event lb:personnelMax ?max }"]
    if wanted.country:
        roles = "|".join(f"lb:{role}" for role in _PARTS)
        lines += [f"  FILTER EXISTS {{ ?event ({roles})/lb:country? {NamedNode(country)} }}"]
    lines += [f'  FILTER(COALESCE(?end, ?begin) >= "{wanted.since}"^^xsd:date)'] if wanted.since else []
    lines += [f'  FILTER(?begin <= "{wanted.until}"^^xsd:date)'] if wanted.until else []
    prefixes = "".join(f"PREFIX {each.prefix}: <{each.iri}>\n" for each in (LB, RDFS, XSD))
    head = "SELECT DISTINCT ?event ?name ?status ?claims ?begin ?end ?min ?max WHERE {"
    return prefixes + "\n".join([head, *lines, "}", "ORDER BY DESC(?begin) ?event\n"])


def link_to(query: str, format_name: str = "") -> str:
    """Return the address of a query at the endpoint: its page, or its answer in a format."""
    return f"/sparql?query={quote(query, safe='')}" + (f"&format={format_name}" if format_name else "")
