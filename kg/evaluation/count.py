"""Counts of right, spurious and missed, and the figures that follow."""

from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """True positives, false positives and false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def gold(self) -> int:
        """Number of what is annotated."""
        return self.tp + self.fn

    def figures(self) -> tuple[float, float, float]:
        """Return precision, recall and F1; each 0 where there is nothing to measure."""
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0
        recall = self.tp / self.gold if self.gold else 0.0
        return precision, recall, (2 * precision * recall / (precision + recall) if precision + recall else 0.0)
