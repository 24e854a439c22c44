"""Browsing by time: the months that events begin in, year by year, with how many there are of each type."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, Response

from kg.web.context import of_snapshot, page
from kg.web.graph import Graph, load
from kg.web.listqueries import link_to
from kg.web.overview import read_overview
from kg.web.records import EVENT_TYPES
from kg.web.site import read_once

blueprint = Blueprint("calendar", __name__)


class CalendarMonth(NamedTuple):
    """The events of a month."""

    month: str
    """`2024-11`."""
    counts: Mapping[str, int]
    """Events by type, in the order of the types."""

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def read_calendar(graph: Graph) -> Sequence[CalendarMonth]:
    """Read the months in which events begin, the latest first."""
    found: dict[str, dict[str, int]] = {}
    for each in read_overview(graph).months():
        counts = found.setdefault(each.month, {})
        counts[each.type] = counts.get(each.type, 0) + each.events
    return [
        CalendarMonth(month, {kind: counts[kind] for kind in EVENT_TYPES if kind in counts})
        for month, counts in sorted(found.items(), reverse=True)
    ]


@blueprint.get("/browse/time")
@of_snapshot
def by_time() -> Response:
    """List the months, each with its events by type."""
    months: Sequence[CalendarMonth] = read_once("calendar") or ()
    years: dict[str, list[CalendarMonth]] = {}
    for each in months:
        years.setdefault(each.month[:4], []).append(each)
    query = load("event-months")
    return page(
        "calendar.html",
        years=years,
        most=max((each.total for each in months), default=0),
        types=[kind for kind in EVENT_TYPES if any(kind in each.counts for each in months)],
        query_link=link_to(query),
        table_link=link_to(query, "csv"),
    )
