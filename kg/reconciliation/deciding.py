"""Which candidate is the entity beyond doubt. A missing link costs little, a wrong one makes two things one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.folding import fold, fold_both
from kg.reconciliation.subjects import Subject


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate with what speaks for and against it."""

    iri: str
    name: str
    names: frozenset[str]
    """All its names, folded."""
    score: float | None
    """As the service gives it, if it does."""
    sure: bool
    """Whether the service is sure of it."""
    of_type: bool
    """Whether it is of the entity's type."""
    agrees: tuple[str, ...] = ()
    """Facts beside name and type that fit."""
    disagrees: tuple[str, ...] = ()
    """Facts that do not."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of an entity."""

    subject: Subject
    chosen: Evidence | None
    why: str
    """In a few words."""


def spellings(name: str) -> frozenset[str]:
    """Return the folded spellings of a name; of "Beispiel, Ada" also those of "Ada Beispiel"."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma and "," not in first else name
    return frozenset({*fold_both(name), *fold_both(turned)})


def decide(subject: Subject, candidates: Sequence[Evidence], owners: Mapping[str, str]) -> Decision:
    """Choose the candidate that has the entity's name and type, if it is the only one and nothing speaks against it.

    A person, whose name others may have, has to share a fact beside name and type, and a first name.

    Args:
        subject: the entity.
        candidates: what the service offers.
        owners: what other entities are linked to already.
    """
    wanted = frozenset[str]().union(*map(spellings, subject.labels))
    named = [each for each in candidates if each.names & wanted]
    fitting = [each for each in named if each.of_type and not each.disagrees]
    backed = [each for each in fitting if each.agrees]
    remaining = backed if len(backed) == 1 and backed[0].sure else [each for each in fitting if each.sure]
    why = ""
    if not candidates:
        why = "nothing is called so"
    elif not named:
        why = "only similar names"
    elif not fitting:
        why = next((each.disagrees[0] for each in named if each.disagrees), "of another type")
    elif not remaining:
        why = "the service is not sure"
    elif len(remaining) > 1:
        why = f"{len(remaining)} are called so"
    elif subject.kind == "Person" and not (backed and len(fold(subject.label).split()) > 1):
        why = "only the name fits"
    elif owners.get(remaining[0].iri, subject.iri) != subject.iri:
        why = f"is linked to {owners[remaining[0].iri]}"
    if why:
        return Decision(subject, None, why)
    return Decision(subject, remaining[0], ", ".join(("name", "type", *remaining[0].agrees)))
