"""What people have decided about the events of claims, as the grouping takes it."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from kg.curation.corrections import Correction
from kg.curation.plan import Plan
from kg.curation.revising import REVISION_OF
from kg.remote import QuadStore
from kg.rollup.grouping import Pair, Verdicts
from kg.vocab import Minter


def read_verdicts(plan: Plan, store: QuadStore, mint: Minter) -> Verdicts:
    """Return the decisions among the corrections that apply.

    Args:
        plan: these corrections.
        store: its graph of corrected claims is up to date.
        mint: mints the IRIs of its data.
    """

    def standing(claim: str) -> str:
        copy = mint.corrected(NamedNode(claim))
        is_there = any(store.quads_for_pattern(copy, REVISION_OF, None, mint.corrected_graph))
        return copy.value if is_there else claim

    def pairs(corrections: Iterable[Correction]) -> frozenset[Pair]:
        return frozenset(
            frozenset((standing(correction.target), standing(other)))
            for correction in corrections
            for other in correction.others
        )

    return Verdicts(one=pairs(plan.same), apart=pairs(plan.apart))
