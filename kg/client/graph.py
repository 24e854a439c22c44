"""What may be asked of a graph."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self, TypedDict, Unpack

import pyoxigraph as ox

from kg.client.entities import Entity, find_entity
from kg.client.events import COLUMNS, event_rows
from kg.client.finding import Hit, Wanted, find_claims, find_events, to_found
from kg.client.source import LocalSource, RemoteSource, Source
from kg.client.values import Rows, to_value
from kg.errors import SettingError, StoreError
from kg.exports import VIEWS
from kg.exports.claims import Own, read_claims
from kg.exports.columns import read_row
from kg.exports.tables import LANGUAGES
from kg.remote import Endpoint, parse_location
from kg.settings import Settings

Day = date | str
"""A day, or its ISO form: `2024-10-01`."""
_TRIPLE = ("subject", "predicate", "object")


class Filters(TypedDict, total=False):
    """Which claims or events are wanted; what is left out does not matter."""

    status: str
    """Standing: `occurred`, `planned`, `possible`, `denied` or `requested`."""
    country: str
    """A country that has a part in it, itself or by what belongs to it: its code (`KP`), name, key or IRI."""
    entity: str
    """Likewise anybody or anything that has a part in it."""
    since: Day
    """The first day on which it may have happened; what has no date counts by the day of its article."""
    until: Day
    """The last such day."""
    limit: int
    """How many rows at most."""
    offset: int
    """How many to leave out first, so that a large answer can be had page by page."""


class Graph:
    """A graph in a store on this machine, on a server of ours, or in another SPARQL 1.1 store.

    A store on this machine is read as it was when it was opened; open it again for what came later. One elsewhere is
    asked anew each time. Close it, or use it in a `with` block. Threads may share one that is elsewhere.
    """

    def __init__(
        self, location: str | Path = "", *, language: str = "de", token: str = "", user: str = "", password: str = ""
    ) -> None:
        """Open a graph.

        Args:
            location: a store's folder, or an address (`https://example.org`); the setting `store` if empty.
            language: of the names in rows, `de` or `en`.
            token: for a store elsewhere that wants one; the setting `store_token` if empty.
            user: likewise, with `password`.
            password: likewise.

        Raises:
            SettingError: there is no such language, or the address is none.
            StoreError: there is no graph there.
        """
        if language not in LANGUAGES:
            raise SettingError(f"There are no names in {language!r}.", f"Take one of {', '.join(LANGUAGES)}.")
        given = Settings.from_environment()
        if token or user:
            given = replace(given, store_token=token, store_user=user, store_password=password)
        where = parse_location(location or given.store)
        self._source: Source = RemoteSource(where, given) if isinstance(where, Endpoint) else LocalSource(where, given)
        self._language = language

    @property
    def base_iri(self) -> str:
        """Base of the IRIs of the data."""
        return self._source.base_iri

    def claims(self, event: str = "", *, type: str = "", **wanted: Unpack[Filters]) -> Rows:
        """Return claims, those that people have rejected left out: the columns of claims.csv.

        Args:
            event: IRI of the event that they are about, or its key (`event/392e8cd89840c144`); any if empty.
            type: event type, such as `Attack`.
            wanted: see `Filters`.

        Raises:
            SettingError: there is no such type, standing or entity, or a day is none.
            LagebildError: the store cannot be read.
        """
        return self._rows("claims.csv", type, wanted, event)

    def deployments(self, **wanted: Unpack[Filters]) -> Rows:
        """Return the claims about forces that are sent somewhere: the columns of deployments.csv. Errors: `claims`."""
        return self._rows("deployments.csv", "Deployment", wanted)

    def withdrawals(self, **wanted: Unpack[Filters]) -> Rows:
        """Return the claims about forces that leave: the columns of claims.csv. Errors: `claims`."""
        return self._rows("claims.csv", "Withdrawal", wanted)

    def events(self, *, type: str = "", **wanted: Unpack[Filters]) -> Rows:
        """Return events, each with the first claim about it: the columns of events in docs/codebook.md.

        Arguments and errors as those of `claims`.
        """
        hits = _page(find_events(self._source.store, self._wanted(type, wanted)), wanted)
        return Rows((column.name for column in COLUMNS), event_rows(self._own(), hits, self._language))

    def entity(self, name: str) -> Entity:
        """Return the entity with a name (`Nordkorea`), a key (`country/KP`), a country's code (`KP`) or an IRI.

        Raises:
            SettingError: there is none, or there are several.
            LagebildError: the store cannot be read.
        """
        return find_entity(self._source.store, self.base_iri, name)

    def query(self, sparql: str) -> Rows:
        """Return the rows of a SPARQL query, over all graphs together.

        Those of CONSTRUCT and DESCRIBE have the columns subject, predicate and object; ASK gives one row, `answer`.

        Raises:
            QueryError: it cannot be read, or was stopped.
            StoreError: the store cannot be read.
        """
        found = self._source.ask(sparql)
        if isinstance(found, ox.QueryBoolean):
            return Rows(["answer"], [{"answer": bool(found)}])
        try:
            if isinstance(found, ox.QuerySolutions):
                names = [variable.value for variable in found.variables]
                return Rows(names, ({name: to_value(row[name]) for name in names} for row in found))
            return Rows(_TRIPLE, (dict(zip(_TRIPLE, map(to_value, triple), strict=True)) for triple in found))
        except SyntaxError as error:
            raise StoreError(f"The answer cannot be read to its end: {error}.", "Ask for less at a time.") from error

    def close(self) -> None:
        """Let the graph go."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, view: str, type_: str, wanted: Filters, event: str = "") -> Rows:
        columns = VIEWS[view].columns
        hits = _page(find_claims(self._source.store, self._wanted(type_, wanted, event)), wanted)
        claims = read_claims(self._own(), to_found(hits), self._language)
        return Rows((column.name for column in columns), (read_row(columns, claim) for claim in claims))

    def _own(self) -> Own:
        return Own(self._source.store, self.base_iri)

    def _wanted(self, type_: str, wanted: Filters, event: str = "") -> Wanted:
        named = (wanted.get("country", ""), wanted.get("entity", ""))
        made = Wanted(
            type_,
            wanted.get("status", ""),
            f"{self.base_iri}id/{event}" if event.startswith("event/") else event,
            tuple(self.entity(name).iri for name in named if name),
            _day(wanted.get("since")),
            _day(wanted.get("until")),
        )
        made.check()
        return made


def _day(given: Day | None) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        raise SettingError(f"{given!r} is no day.", "Give one like 2024-10-01.") from None


def _page(hits: Sequence[Hit], wanted: Filters) -> Sequence[Hit]:
    begin, size = wanted.get("offset", 0), wanted.get("limit")
    if begin < 0 or (size is not None and size < 0):
        raise SettingError("limit and offset are no negative numbers.", "Leave them out, or count from 0.")
    return hits[begin : None if size is None else begin + size]
