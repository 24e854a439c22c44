"""How well names are found: those with the same bounds and class as annotated ones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc

from training.names.forms import UNKNOWN, Name, to_entity_tags


@dataclass(slots=True)
class NameScore:
    """Counts of names by class: in the annotation, predicted, both with the same bounds and class."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, doc: Doc, names: Iterable[Name], found: Iterable[Name]) -> None:
        """Count the names of one article; those found in lines that look like noise do not count."""
        annotated = list(names)
        tags = to_entity_tags(doc, annotated)
        unknown = {
            place for token in doc if tags[token.i] == UNKNOWN for place in range(token.idx, token.idx + len(token))
        }
        gold = {name for name in annotated if doc.char_span(name.begin, name.end) is not None}
        asked = {name for name in found if unknown.isdisjoint(range(name.begin, name.end))}
        self.gold.update(name.type for name in gold)
        self.found.update(name.type for name in asked)
        self.right.update(name.type for name in gold & asked)

    def f1(self, kind: str | None = None) -> float:
        """Return F1 of one class, or of all."""
        kinds = [kind] if kind else list(self.gold | self.found)
        right, both = sum(self.right[k] for k in kinds), sum(self.gold[k] + self.found[k] for k in kinds)
        return 2 * right / both if both else 0.0
