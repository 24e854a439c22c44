"""Claims that the graph puts into one event, against annotated events that tell of one happening.

Pairwise: of all pairs of claims, how many that stand together should, and the other way round. B-cubed (Bagga and
Baldwin, *Algorithms for Scoring Coreference Chains*, 1998): for each claim, the share of its companions that are right;
it does not let one large event outweigh all small ones.
"""

from collections import Counter
from collections.abc import Iterable

from kg.evaluation.count import Count

Grouped = tuple[str, str]
"""The annotated happening of a claim, and the event that the graph puts it into."""


def count_pairs(claims: Iterable[Grouped]) -> Count:
    """Count the pairs of claims that stand together in both, in the graph alone, and in the annotation alone."""
    claims = list(claims)
    both, annotated, found = (
        _pairs(Counter(names)) for names in (claims, (gold for gold, _ in claims), (event for _, event in claims))
    )
    return Count(tp=both, fp=found - both, fn=annotated - both)


def b_cubed(claims: Iterable[Grouped]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1; each 0 without claims."""
    claims = list(claims)
    if not claims:
        return 0.0, 0.0, 0.0
    both = Counter(claims)
    annotated, found = Counter(gold for gold, _ in claims), Counter(event for _, event in claims)
    precision = sum(number * number / found[event] for (_, event), number in both.items()) / len(claims)
    recall = sum(number * number / annotated[gold] for (gold, _), number in both.items()) / len(claims)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _pairs(sizes: Counter[object]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
