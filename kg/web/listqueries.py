"""The lists of the site as queries, for programs: what is shown, as a text that people can go on with."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.fulltext.asking import Wanted
from kg.vocab import LB, RDFS, XSD

MOST: Final = 2000
"""Events that a query asks for, the latest first: to look up what is said of more takes longer than a query may."""

_MOST_PLACES: Final = 1_000_000
"""Things of one country; a limit has the engine follow each of them, and not read all that anything has a part in."""
_PARTS: Final = (
    *("sender", "attacker", "speaker", "participant", "host", "recipient", "addressee", "target"),
    *("beneficiary", "against", "destination", "origin", "place"),
)
_QUERY: Final = """\
SELECT ?event ?name ?status ?claims ?begin ?end ?min ?max WHERE {{
  {{ SELECT DISTINCT ?event ?begin WHERE {{
{choice}
    }}
    ORDER BY DESC(?begin)
    LIMIT {most} }}
  ?event lb:claimCount ?claims ; lb:status ?status ; rdfs:label ?name .
  FILTER(LANG(?name) = "{language}")
  OPTIONAL {{ ?event lb:end ?end }}
  OPTIONAL {{ ?event lb:personnelMin ?min }}
  OPTIONAL {{ ?event lb:personnelMax ?max }}
}}
ORDER BY DESC(?begin) ?event
"""
_WITH_PART: Final = """\
      {{ SELECT DISTINCT ?event WHERE {{
          {{ SELECT ?thing WHERE {{
              {{ BIND({country} AS ?thing) }} UNION {{ ?thing lb:country {country} }}
            }}
            LIMIT {most} }}
          GRAPH {graph} {{ ?event ?role ?thing }}
          FILTER(?role IN ({roles}))
      }} }}"""


def ask_for_events(wanted: Wanted, country: str, graph: NamedNode, language: str) -> str:
    """Return a query for events by type, standing, country (its IRI) and time; words play no part in it.

    Each condition is a list of its own that the engine reads at once; see docs/queries.md for why. The lists are those
    of the graph in which the events are described, since claims would make them several times as long.
    """
    choice = "\n".join(_choose(wanted, country, graph))
    prefixes = "".join(f"PREFIX {each.prefix}: <{each.iri}>\n" for each in (LB, RDFS, XSD))
    return prefixes + _QUERY.format(choice=choice, language=language, most=MOST)


def _choose(wanted: Wanted, country: str, graph: NamedNode) -> Iterator[str]:
    """Yield the lines that choose events, and say when each begins."""

    def listed(variables: str, said: str) -> str:
        return f"{{ SELECT {variables} WHERE {{ GRAPH {graph} {{ ?event {said} }} }} }}"

    if wanted.type:
        yield f"      {listed('?event', f'a {LB.prefix}:{wanted.type}')}"
    elif not wanted.country:  # what a country has a part in is an event
        yield f"      {listed('?event', 'lb:claimCount ?any')}"
    if wanted.status:
        yield f"      {listed('?event', f'lb:status {LB.prefix}:{wanted.status}')}"
    if wanted.country:
        roles = ", ".join(f"lb:{role}" for role in _PARTS)
        yield _WITH_PART.format(country=NamedNode(country), graph=graph, roles=roles, most=_MOST_PLACES)
    yield f"      OPTIONAL {listed('?event ?begin', 'lb:begin ?begin')}"
    if wanted.since:
        yield f"      OPTIONAL {listed('?event ?until', 'lb:end ?until')}"
        yield f'      FILTER(COALESCE(?until, ?begin) >= "{wanted.since}"^^xsd:date)'
    if wanted.until:
        yield f'      FILTER(?begin <= "{wanted.until}"^^xsd:date)'


def link_to(query: str, format_name: str = "") -> str:
    """Return the address of a query at the endpoint: its page, or its answer in a format."""
    return f"/sparql?query={quote(query, safe='')}" + (f"&format={format_name}" if format_name else "")
