"""Candidates from a service that speaks the Reconciliation Service API."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol
from urllib.parse import quote

from kg.errors import ServiceError
from kg.reconciliation.client import Client
from kg.reconciliation.deciding import Evidence, spellings
from kg.reconciliation.protocol import (
    Candidate,
    MalformedError,
    Manifest,
    Query,
    read_manifest,
    read_results,
    write_queries,
)
from kg.reconciliation.subjects import Subject
from kg.reconciliation.vocabulary import Vocabulary, vocabulary_of
from kg.vocab import WIKIDATA

MOST_CANDIDATES = 5


class Found(NamedTuple):
    """The candidates for some entities, in their order."""

    candidates: list[list[Evidence]]
    day: date
    """When the service answered."""


class Finder(Protocol):
    """Where candidates come from."""

    url: str
    """Address of the service."""
    batch_size: int
    """For how many entities it can be asked at once."""

    def find(self, subjects: Sequence[Subject], *, fresh: bool) -> Found:
        """Look for entities; `fresh` passes over what the cache has.

        Raises:
            ServiceError, FetchError: as `Client.ask`.
        """


class ReconciliationService:
    """A service of that protocol, in its version 0.1 or 0.2."""

    def __init__(self, client: Client, url: str, vocabulary: Vocabulary | None = None) -> None:
        """Read the service's manifest.

        Args:
            client: what asks.
            url: the endpoint.
            vocabulary: the service's types, where they are not known or others are wanted.

        Raises:
            ServiceError, FetchError: there is no such service, or its types are not known.
        """
        self.url = url
        self._client = client
        self._manifest = self._read_manifest()
        spaces = (self._manifest.identifier_space, self._manifest.schema_space)
        self._vocabulary = vocabulary or vocabulary_of(*spaces)
        if not self._vocabulary.types:
            raise ServiceError(
                f"The types of {url} ({spaces[0]}) are not known.", "Name them: --type Person=IDENTIFIER."
            )
        self.batch_size = self._manifest.batch_size

    def find(self, subjects: Sequence[Subject], *, fresh: bool) -> Found:
        """Look for entities; as `Finder.find`."""
        queries = write_queries([self._query(subject) for subject in subjects])
        answer = self._client.ask(self.url, {"queries": queries}, method="POST", fresh=fresh)
        try:
            results = read_results(answer.value, len(subjects))
        except MalformedError as error:
            raise self._unreadable(error) from error
        pairs = zip(subjects, results, strict=True)
        return Found([[self._weigh(subject, each) for each in found] for subject, found in pairs], answer.day)

    def _read_manifest(self) -> Manifest:
        try:
            return read_manifest(self._client.ask(self.url, {}, fresh=True).value)
        except MalformedError as error:
            raise self._unreadable(error) from error

    def _query(self, subject: Subject) -> Query:
        in_wikidata = self._manifest.identifier_space == WIKIDATA.iri
        countries = subject.countries if in_wikidata else subject.country_labels
        hint = self._vocabulary.country.get(subject.kind)
        return Query(
            subject.label,
            self._vocabulary.types.get(subject.kind, ()),
            MOST_CANDIDATES,
            ((hint, countries),) if hint and countries else (),
        )

    def _weigh(self, subject: Subject, candidate: Candidate) -> Evidence:
        asked_for_country = bool(self._query(subject).properties)
        return Evidence(
            iri=self._iri(candidate.id),
            name=candidate.name,
            names=spellings(candidate.name),
            score=candidate.score,
            sure=candidate.match,
            of_type=bool({*candidate.types} & {*self._vocabulary.types.get(subject.kind, ())}),
            agrees=("country",) if asked_for_country and candidate.match else (),
        )

    def _iri(self, identifier: str) -> str:
        return self._manifest.identifier_space + quote(identifier, safe="/-._~!$&'()*+,;=:@")

    def _unreadable(self, error: MalformedError) -> ServiceError:
        return ServiceError(f"{self.url} does not answer as a reconciliation service: {error}.", "Check the address.")
