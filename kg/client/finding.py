"""Which claims and events fit what is asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import pyoxigraph as ox

from kg.errors import SettingError
from kg.exports.claims import ROLES, Found
from kg.frames import load_frames
from kg.model import STATUSES
from kg.remote import QuadStore
from kg.vocab import sparql_prefixes

_PARTY = """
{{ SELECT DISTINCT ?{of} WHERE {{
    {{ BIND(<{iri}> AS ?party) }} UNION {{ ?party lb:country <{iri}> }}
    VALUES ?role {{ {roles} }}
    ?{of} ?role ?party
}} }}"""
_CLAIMS = """
SELECT DISTINCT ?event ?claim ?article ?stem ?issued ?place ?begin ?end WHERE {{
  {filters}
  ?claim lb:eventType ?type ; lb:status ?status ; prov:wasDerivedFrom ?article .
  ?article dcterms:issued ?issued ; dcterms:identifier ?stem .
  OPTIONAL {{ ?claim lb:about ?event }}
  OPTIONAL {{ ?claim lb:begin ?begin }}
  OPTIONAL {{ ?claim lb:end ?end }}
  OPTIONAL {{ ?claim lb:evidence/nif:beginIndex ?place }}
  FILTER NOT EXISTS {{ ?claim prov:wasInvalidatedBy ?correction }}
}}"""
_EVENTS = """
SELECT DISTINCT ?event ?claim ?article ?stem ?issued ?place ?begin ?end WHERE {{
  {filters}
  ?event lb:claimCount ?count ; a ?type ; lb:status ?status .
  OPTIONAL {{ ?event lb:begin ?begin }}
  OPTIONAL {{ ?event lb:end ?end }}
  ?claim lb:about ?event ; prov:wasDerivedFrom ?article .
  ?article dcterms:issued ?issued ; dcterms:identifier ?stem .
  OPTIONAL {{ ?claim lb:evidence/nif:beginIndex ?place }}
  FILTER NOT EXISTS {{ ?claim prov:wasInvalidatedBy ?correction }}
}}"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; what is empty does not matter."""

    type: str = ""
    status: str = ""
    event: str = ""
    """IRI of the event that claims are about."""
    parties: tuple[str, ...] = ()
    """IRIs of things that each fill a role, themselves or by what belongs to them."""
    since: date | None = None
    until: date | None = None
    """The first and the last day between which it happens; what has no date counts by its article's."""

    def check(self) -> None:
        """Refuse what does not exist.

        Raises:
            SettingError: there is no such type or standing.
        """
        for name, given, known in (("type", self.type, load_frames()), ("status", self.status, STATUSES)):
            if given and given not in known:
                raise SettingError(f"There is no {name} {given!r}.", f"Take one of {', '.join(known)}.")

    def filters(self, of: str) -> str:
        """Return the patterns that bind the variables `type` and `status` and limit the claims or events."""
        kinds = " ".join(f"lb:{name}" for name in ([self.type] if self.type else load_frames()))
        parts = [f"VALUES ?type {{ {kinds} }}"]
        if self.status:
            parts.append(f"VALUES ?status {{ lb:{self.status} }}")
        if self.event:
            parts.append(f"VALUES ?event {{ {ox.NamedNode(self.event)} }} ?claim lb:about ?event .")
        roles = " ".join(f"lb:{role}" for role in ROLES)
        parts += [_PARTY.format(of=of, iri=ox.NamedNode(iri).value, roles=roles) for iri in self.parties]
        return "\n  ".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A claim that fits, or is about an event that does; they are ordered as the rows of tables are."""

    issued: str
    stem: str
    place: int
    """Where its sentence begins in the article."""
    claim: str
    article: str
    event: str
    begin: str
    end: str

    def is_within(self, wanted: Wanted, latest: str) -> bool:
        """Tell whether it happens in the time that is asked for, an undated one on the day `latest`."""
        begin, end = self.begin or latest, self.end or self.begin or latest
        since, until = (day.isoformat() if day else "" for day in (wanted.since, wanted.until))
        return (not until or begin <= until) and end >= since


def find_claims(store: QuadStore, wanted: Wanted) -> list[Hit]:
    """Return the claims that fit and count, in their order."""
    return [hit for hit in _hits(store, _CLAIMS, "claim", wanted) if hit.is_within(wanted, hit.issued)]


def find_events(store: QuadStore, wanted: Wanted) -> list[Hit]:
    """Return the first claim about each event that fits, in the order of these claims."""
    first: dict[str, Hit] = {}
    latest: dict[str, str] = {}
    for hit in _hits(store, _EVENTS, "event", wanted):
        first.setdefault(hit.event, hit)
        latest[hit.event] = hit.issued
    return [hit for hit in first.values() if hit.is_within(wanted, latest[hit.event])]


def to_found(hits: Iterable[Hit]) -> Iterator[Found]:
    """Return hits as the reader of claims takes them; they are in the order of their articles."""
    for article, group in groupby(hits, key=lambda hit: hit.article):
        yield Found(article, [hit.claim for hit in group])


def _hits(store: QuadStore, query: str, of: str, wanted: Wanted) -> list[Hit]:
    """Return the claims that the query finds, each once, in their order."""
    text = sparql_prefixes() + query.format(filters=wanted.filters(of))
    rows = store.query(text, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)  # it is a SELECT  # noqa: S101
    first: dict[str, Hit] = {}
    for hit in sorted(map(_read, rows)):
        first.setdefault(hit.claim, hit)
    return list(first.values())


def _read(row: ox.QuerySolution) -> Hit:
    values = {name: row[name].value if row[name] is not None else "" for name in Hit.__slots__}
    return Hit(
        issued=values["issued"][:10],
        stem=values["stem"],
        place=int(values["place"] or 0),
        claim=values["claim"],
        article=values["article"],
        event=values["event"],
        begin=values["begin"][:10],
        end=values["end"][:10],
    )
