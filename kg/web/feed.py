"""The newest claims as an Atom feed at /feed.atom, for programs that ask again and again.

New is what the newest articles say: the data knows when an article was published, and no clock (see
docs/decisions/no-clock-in-the-data.md). Identifiers and dates are those of the data, so that an entry is the same
whoever builds the graph. While the snapshot is the same, a program that asks is told so by 304.

Source: RFC 4287; RFC 5005, section 3, for the pages.
"""

import re
from typing import NamedTuple, Self
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from kg.fulltext.asking import Wanted
from kg.model import STATUSES
from kg.web.choosing import current_snapshot, index
from kg.web.context import base_iri, current_graph, link, names_for, of_snapshot, page, page_number
from kg.web.problems import ProblemError
from kg.web.records import EVENT_TYPES, Claim, read_claims

ENTRIES = 50
"""On one page of the feed."""
MOST_PAGES = 100
PARAMETERS = ("type", "status", "country")
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
    found = index().find("claim", Wanted("", *map(" ".join, wanted)), current_snapshot(), ENTRIES + 1, first)
    claims = read_claims(graph, [hit.iri for hit in found[:ENTRIES]], in_rows=True)
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


def _updated(claim: Claim) -> str:
    """Return the day of the article, or of the newest correction, as Atom has it."""
    days = [claim.article.issued[:10], *(one.says.day.isoformat() for one in claim.corrections)]
    return f"{max(days)}T00:00:00Z"
