"""The features of a happening with an entity, most of which say again with a type what others say alone.

Articles have some hundred such pairs with sixty features each. So the combined ones are written out only where somebody
reads them; a model is asked for all that follows from a plain one at once, and remembers it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import overload

from kg.maxent import UNKNOWN, Combined, LinearModel

_MOST = 3_000
"""Plain features that a model remembers for each of some seventy pairs of types of event and entity."""


@dataclass(frozen=True, slots=True)
class PairFeatures(Sequence[str]):
    """The features of one pair, in a fixed order: sums of numbers depend on it."""

    event: str
    """The type of the happening."""
    kind: str
    """The type of the entity."""
    plain: tuple[str, ...]
    """What holds of the pair; those with a value count for the entity's type too."""
    shared: tuple[str, ...]
    """What holds of the happening, whoever the entity is; it counts only together with both types."""
    others: tuple[str, ...]
    """Further combinations."""

    def __iter__(self) -> Iterator[str]:
        """Yield them: the plain ones first, then the type of the happening as `t=`, then combinations."""
        event, both = self.event, f"{self.event}|{self.kind}"
        yield from self.plain
        yield f"t={event}"
        yield from (f"{event}|{feature}" for feature in self.plain)
        yield from (f"{both}|{feature}" for feature in self.plain if "=" in feature)
        yield from (f"{both}|{feature}" for feature in self.shared)
        yield from self.others

    def __len__(self) -> int:
        """Return how many there are."""
        valued = sum("=" in feature for feature in self.plain)
        return 2 * len(self.plain) + 1 + valued + len(self.shared) + len(self.others)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        """Return one or some."""
        return list(self)[index]

    def rows(self, model: LinearModel) -> list[int]:
        """Return the rows of a model for these features, in their order."""
        known = model.remembered.setdefault((self.event, self.kind), {})
        plain = [known.get(feature) or self._learn(model, known, feature) for feature in self.plain]
        shared = [known.get(feature) or self._learn(model, known, feature) for feature in self.shared]
        find = model.rows.get
        alone, with_event, with_both, valued = zip(*plain, strict=True) if plain else ((), (), (), ())
        return [
            *alone,
            find(f"t={self.event}", UNKNOWN),
            *with_event,
            *compress(with_both, valued),
            *[rows[2] for rows in shared],
            *map(find, self.others, repeat(UNKNOWN)),
        ]

    def _learn(self, model: LinearModel, known: dict[str, Combined], feature: str) -> Combined:
        if len(known) >= _MOST:
            known.clear()
        find = model.rows.get
        alone, with_event = find(feature, UNKNOWN), find(f"{self.event}|{feature}", UNKNOWN)
        with_both = find(f"{self.event}|{self.kind}|{feature}", UNKNOWN)
        found = known[feature] = alone, with_event, with_both, "=" in feature
        return found
