"""The annotated articles: pairs of `STEM.txt` and `STEM.gold.json`."""

import calendar
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError

ROLES = {
    name: name
    for name in (
        "sender",
        "destination",
        "origin",
        "beneficiary",
        "against",
        "mission",
        "summit",
        "host",
        "place",
        "participants",
        "recipient",
        "attacker",
        "target",
        "speaker",
        "addressee",
    )
} | {"participants": "participant"}
"""Annotated slot to the property that holds it in the graph; each holds entities."""
ACTORS = frozenset(
    {
        "sender",
        "recipient",
        "beneficiary",
        "against",
        "attacker",
        "target",
        "speaker",
        "addressee",
        "participants",
        "host",
    }
)
"""Slots where a body of a state and the state count as the same."""
FIGURES = ("personnel", "quantity")
EVENT_TYPES = {
    name: name
    for name in (
        "Deployment",
        "Withdrawal",
        "SummitEvent",
        "Meeting",
        "PhoneCall",
        "ArmsTransfer",
        "Attack",
        "Statement",
        "Appeal",
        "Aid",
        "Sanction",
        "Agreement",
    )
} | {"SummitEvent": "Summit"}
"""Annotated event type to its class in the ontology."""

Filler = tuple[str, Any]
"""A slot and what fills it: an entity's identifier, the bounds of a figure or of a time, a status."""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article."""

    stem: str
    entities: Mapping[str, Mapping[str, Any]]
    """Identifier to entity, in the file's order."""
    events: Mapping[str, Mapping[str, Any]]
    states: Mapping[str, str]
    """Identifier of a body of a state to that of the state."""


def load_gold(folders: Iterable[Path], only: str | None = None) -> Iterator[GoldArticle]:
    """Read the annotated articles of some folders, by name; with `only`, the one of that stem.

    Raises:
        DataError: a folder has no annotations, or a file is not readable as one.
    """
    for folder in folders:
        paths = sorted(folder.glob("*.gold.json"))
        if not paths:
            raise DataError(f"{folder} holds no .gold.json files.", "Give a folder with annotated articles.")
        for path in paths:
            stem = path.name.removesuffix(".gold.json")
            if only is None or stem == only:
                yield _load_article(path, stem)


def fillers_of(event: Mapping[str, Any]) -> set[Filler]:
    """Return what fills the slots of an annotated event."""
    out: set[Filler] = {("status", event["status"])}
    for slot in ROLES:
        fillers = event.get(slot) or []
        out.update((slot, filler) for filler in ([fillers] if isinstance(fillers, str) else fillers))
    for slot in FIGURES:
        if figure := event.get(slot):
            out.add((slot, (figure.get("min"), figure.get("max"))))
    if time := event.get("time"):
        start, end = time.get("from"), time.get("to")
        out.add(("time", (day_of(start, last=False) if start else None, day_of(end, last=True) if end else None)))
    return out


def day_of(partial: str, *, last: bool) -> str:
    """Return the first or the last day that a partial ISO date (2024, 2024-11) covers."""
    year, *rest = (int(part) for part in partial.split("-"))
    month = rest[0] if rest else (12 if last else 1)
    day = rest[1] if len(rest) > 1 else (calendar.monthrange(year, month)[1] if last else 1)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _load_article(path: Path, stem: str) -> GoldArticle:
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
        return GoldArticle(
            stem=stem,
            entities={entity["id"]: entity for entity in gold["entities"]},
            events={event["id"]: event for event in gold["events"]},
            states={entity["id"]: entity["of"] for entity in gold["entities"] if entity.get("of")},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is no annotation: {error!r}.", "See the guidelines beside the annotations.") from error
