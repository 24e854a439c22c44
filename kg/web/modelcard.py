"""How well the program reads, as the model card says it: `kg/data/claims/README.md`."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import kg
from kg.web.records import EVENT_TYPES

CARD = Path(kg.__file__).parent / "data" / "claims" / "README.md"
MEASURED = ("entities", "events", "slots")
_CARD_NAMES = {"SummitEvent": "Summit"}
"""What the annotation calls a type, where the ontology has another name for it."""


class Score(NamedTuple):
    """Precision and recall, and what follows from them."""

    precision: float
    recall: float
    f1: float


class Card(NamedTuple):
    """The figures of the model card; a card without them has none."""

    overall: Mapping[str, Score]
    """By what was measured: entities, events, slots."""
    by_type: Mapping[str, float]
    """F1 of the events by their type, the best first."""
    attribution: float | None
    """F1 of the sources."""
    articles: int


@cache
def read_card() -> Card:
    """Read the model card that is installed with the models."""
    text = CARD.read_text(encoding="utf-8")
    rows = {_CARD_NAMES.get(row[1], row[1]): row[2] for row in re.finditer(r"^\| (\w+) \|(.*)\|$", text, re.MULTILINE)}
    figures = {name: [float(cell) for cell in re.findall(r"\d+\.\d+", cells)] for name, cells in rows.items()}
    overall = {name: Score(*figures[name][:3]) for name in MEASURED if len(figures.get(name, ())) >= 3}
    by_type = {name: figures[name][0] for name in EVENT_TYPES if figures.get(name)}
    attribution = re.search(r"Attribution .*F1: (\d\.\d+)", text)
    articles = re.search(r"(\d+) annotated articles", text)
    return Card(
        overall,
        dict(sorted(by_type.items(), key=lambda pair: -pair[1])),
        float(attribution[1]) if attribution else None,
        int(articles[1]) if articles else 0,
    )
