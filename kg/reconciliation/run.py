"""Entities through a service, batch by batch: each decision is handed over as soon as it is made."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kg.reconciliation.deciding import Decision, decide
from kg.reconciliation.links import Link
from kg.reconciliation.service import Finder
from kg.reconciliation.subjects import Subject


class Decided(NamedTuple):
    """What came of one entity."""

    decision: Decision
    link: Link | None


def reconcile(
    subjects: Sequence[Subject], finder: Finder, owners: Mapping[str, str], *, fresh: bool = False
) -> Iterator[Decided]:
    """Look for each entity and decide; a database's entry goes to one entity only, the first that it is chosen for.

    Args:
        subjects: the entities, in the order in which they are looked for.
        finder: where candidates come from.
        owners: IRI elsewhere to the entity that is linked to it already.
        fresh: whether answers in the cache do not count.

    Raises:
        ServiceError, FetchError: the service does not answer as it should.
    """
    taken = dict(owners)
    for start in range(0, len(subjects), finder.batch_size):
        batch = subjects[start : start + finder.batch_size]
        found = finder.find(batch, fresh=fresh)
        for subject, candidates in zip(batch, found.candidates, strict=True):
            decision = decide(subject, candidates, taken)
            link = _link(decision, finder.url, found.day)
            if link:
                taken[link.target] = link.entity
            yield Decided(decision, link)


def _link(decision: Decision, service: str, day: date) -> Link | None:
    chosen = decision.chosen
    if chosen is None:
        return None
    return Link(decision.subject.iri, chosen.iri, chosen.name, service, chosen.score, day)
