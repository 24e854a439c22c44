"""Where claims about one happening differ."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence

from kg.model import STATUSES
from kg.web.records import Claim, Figure


def find_differences(claims: Sequence[Claim]) -> dict[str, set[str]]:
    """Return for each claim, by IRI, in what it differs from what most of them say.

    Compared are `status`, `when`, each kind of figure and each role. What a claim leaves open is no difference. Where
    as many say one thing as another, all of them differ.
    """
    stated: dict[str, dict[str, Hashable]] = {}
    for claim in claims:
        for slot, value in _slots(claim):
            stated.setdefault(slot, {})[claim.iri] = value
    found: dict[str, set[str]] = {claim.iri: set() for claim in claims}
    for slot, values in stated.items():
        usual = _usual(values)
        for iri, value in values.items():
            if len(set(values.values())) > 1 and value != usual:
                found[iri].add(slot)
    return found


def gather_figures(claims: Sequence[Claim]) -> dict[str, list[Figure]]:
    """Return the standings that the claims give, with the figures that claims of that standing name, each once.

    Who sees the figures of all claims as one span beside the strongest standing takes for done what is planned.
    """
    found: dict[str, dict[tuple[object, ...], Figure]] = {each: {} for each in STATUSES}
    for claim in claims:
        found[claim.status] |= {figure[:4]: figure for figure in claim.figures}
    given = {claim.status for claim in claims}
    return {status: list(figures.values()) for status, figures in found.items() if status in given}


def _usual(values: Mapping[str, Hashable]) -> Hashable:
    """Return the value that most give; None where none is ahead."""
    (first, most), *others = Counter(values.values()).most_common(2)
    return None if others and others[0][1] == most else first


def _slots(claim: Claim) -> Iterator[tuple[str, Hashable]]:
    yield "status", claim.status
    if claim.begin or claim.end:
        yield "when", (claim.begin, claim.end)
    for figure in claim.figures:
        yield figure.kind, (figure.min, figure.max)
    for role, fillers in claim.roles.items():
        yield role, frozenset(fillers)
