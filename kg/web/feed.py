"""The newest claims as an Atom feed at /feed.atom, for programs that ask again and again.

New is what the newest articles say: the data knows when an article was published, and no clock (see
docs/decisions/no-clock-in-the-data.md). Identifiers and dates are those of the data, so that an entry is the same
whoever builds the graph. While the snapshot is the same, a program that asks is told so by 304.

Source: RFC 4287; RFC 5005, section 3, for the pages.
"""

import re
from itertools import product
from typing import NamedTuple, Self
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from kg.model import STATUSES
from kg.vocab import LB, PROV
from kg.web.context import base_iri, current_graph, link, names_for, of_snapshot, page, page_number
from kg.web.graph import Graph, local_name
from kg.web.problems import ProblemError
from kg.web.records import EVENT_TYPES, ROLES, Claim, read_claims
from kg.web.site import newest_articles

ENTRIES = 50
"""On one page of the feed."""
MOST_PAGES = 100
FEW = 1_000
"""Claims that fit a filter are looked up one and all if they are no more than so many."""
PARAMETERS = ("type", "status", "country")
_INVALIDATED = PROV.iri + "wasInvalidatedBy"
_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 has no place for, not even escaped."""

blueprint = Blueprint("feed", __name__)


class Filter(NamedTuple):
    """Which claims are wanted; each part may name several, and names none where any will do."""

    types: tuple[str, ...]
    statuses: tuple[str, ...]
    countries: tuple[str, ...]

    @classmethod
    def of_request(cls) -> Self:
        """Read it from the parameters `type`, `status` and `country`.

        Raises:
            ProblemError: 400, there is no such type or standing, or a country is no ISO code.
        """
        types, statuses, countries = (tuple(sorted(set(request.args.getlist(name)))) for name in PARAMETERS)
        for name, given, known in (("type", types, EVENT_TYPES), ("status", statuses, STATUSES)):
            if unknown := set(given).difference(known):
                raise ProblemError(400, f"There is no {name} {min(unknown)!r}.", f"Take of {', '.join(known)}.")
        if wrong := [code for code in countries if not _COUNTRY.fullmatch(code)]:
            raise ProblemError(400, f"{wrong[0]!r} is no country.", "Give its ISO 3166-1 code, such as KP.")
        return cls(types, statuses, countries)

    def describe(self) -> str:
        """Return it as the query of an address, the same for the same filter."""
        return urlencode(list(zip(PARAMETERS, self, strict=True)), doseq=True)


@blueprint.get("/feed.atom")
@of_snapshot
def feed() -> Response:
    """List the claims of the newest articles."""
    wanted, number = Filter.of_request(), min(page_number(), MOST_PAGES)
    first = ENTRIES * (number - 1)
    graph = current_graph()
    found = find_claims(graph, wanted, first + ENTRIES + 1)[first:]
    claims = read_claims(graph, found[:ENTRIES])
    query = wanted.describe()
    response = page(
        "feed.xml",
        id=f"{base_iri()}feed.atom" + (f"?{query}" if query else ""),
        base=base_iri(),
        entries=[(claim, _updated(claim)) for claim in claims],
        updated=max(map(_updated, claims), default="1970-01-01T00:00:00Z"),
        name=names_for([iri for claim in claims for iri in claim.iris()]),
        previous=link(page=number - 1) if number > 1 else "",
        next=link(page=number + 1) if len(found) > ENTRIES and number < MOST_PAGES else "",
    )
    response.set_data(_NO_XML.sub("", response.get_data(as_text=True)))
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


def find_claims(graph: Graph, wanted: Filter, most: int) -> list[str]:
    """Return the IRIs of up to `most` claims that count and fit, those of the newest articles first."""
    few = _find_few(graph, wanted) if any(wanted) else None
    if few is not None:
        return few[:most]
    found: list[str] = []
    for batch in newest_articles(graph):
        rows = graph.select_each("derived", "this", batch)
        by_article: dict[str, list[str]] = {}
        for claim, article in {row["claim"].value: row["this"].value for row in rows}.items():
            by_article.setdefault(article, []).append(claim)
        fitting = _find_fitting(graph, {row["claim"].value for row in rows}, wanted)
        found += [claim for article in batch for claim in sorted(fitting.intersection(by_article.get(article, ())))]
        if len(found) >= most:
            break
    return found[:most]


def _find_few(graph: Graph, wanted: Filter) -> list[str] | None:
    """Return all claims that fit, in the order of `find_claims`; None where they are many, and soon found there.

    To look for a few in the newest articles, or for none, would be to go through all articles.
    """
    candidates: set[str] = set()
    for type_, status, country in product(*((names or (None,)) for names in wanted)):
        rows = graph.select(
            "claims-of-country" if country else "claims-chosen",
            limit=FEW + 1,
            type=type_ and LB.iri + type_,
            status=status and LB.iri + status,
            country=country and f"{base_iri()}id/country/{country}",
        )
        candidates |= {row["claim"].value for row in rows}
        if len(candidates) > FEW:
            return None
    fitting = _find_fitting(graph, candidates, wanted)
    rows = sorted(graph.select_each("claim-articles", "claim", fitting), key=lambda row: row["article"])
    rows.sort(key=lambda row: row["issued"].value, reverse=True)
    by_article: dict[str, set[str]] = {}
    for row in rows:
        by_article.setdefault(row["article"].value, set()).add(row["claim"].value)
    return [claim for claims in by_article.values() for claim in sorted(claims)]


def _find_fitting(graph: Graph, claims: set[str], wanted: Filter) -> set[str]:
    """Return those of some records that are claims, count and fit."""
    facts: dict[str, dict[str, set[str]]] = {}
    for row in graph.select_each("claim-facts", "claim", claims):
        values = facts.setdefault(row["claim"].value, {})
        values.setdefault(local_name(row["property"].value), set()).add(local_name(row["value"].value))
    fitting = {
        claim
        for claim, values in facts.items()
        if "eventType" in values
        and _INVALIDATED not in values
        and (not wanted.types or values["eventType"].intersection(wanted.types))
        and (not wanted.statuses or values["status"].intersection(wanted.statuses))
    }
    if not wanted.countries:
        return fitting
    fillers = {claim: {each for role in ROLES for each in facts[claim].get(role, ())} for claim in fitting}
    members = _find_members(graph, {each for found in fillers.values() for each in found}, wanted.countries)
    return {claim for claim, found in fillers.items() if found & members}


def _find_members(graph: Graph, things: set[str], codes: tuple[str, ...]) -> set[str]:
    """Return some countries, and which of the things belong to one of them."""
    countries = {f"{base_iri()}id/country/{code}" for code in codes}
    rows = graph.select_each("countries", "this", things)
    return countries | {row["this"].value for row in rows if row["country"].value in countries}


def _updated(claim: Claim) -> str:
    """Return the day of the article, or of the newest correction, as Atom has it."""
    days = [claim.article.issued[:10], *(one.says.day.isoformat() for one in claim.corrections)]
    return f"{max(days)}T00:00:00Z"
