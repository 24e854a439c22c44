"""The annotated articles as typed records: from the pairs of files, from JSON lines, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from training.corpus.schema import SLOTS

FOLDER = Path(__file__).parent
SPLITS = ("train", "dev")
SUFFIX = ".gold.json"
ENTITY_KINDS = ("ids", "places", "missions", "summit")
"""Kinds of slots that entities fill."""


@dataclass(frozen=True, slots=True)
class Position:
    """An office that the article states; `of` is the id of the entity it belongs to."""

    title: str
    of: str | None


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, country, place, organization, summit or mission of an article."""

    id: str
    type: str
    name: str
    wikidata: str | None
    mentions: tuple[str, ...]
    """The distinct surface forms, not their places."""
    positions: tuple[Position, ...]
    of: str | None
    """The id of the country whose body an organization is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The bounds of a figure, both included; None where it is open. `approx` is "rund n"."""

    low: int | None
    high: int | None
    approx: bool


@dataclass(frozen=True, slots=True)
class Period:
    """First and last date, each as exact as the article has it: 2024, 2024-11 or 2024-11-15."""

    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an article says of one happening."""

    id: str
    type: str
    status: str
    evidence: str
    trigger: tuple[str, ...]
    """Parts of the evidence; none in `dev`, where they are not annotated."""
    roles: Mapping[str, tuple[str, ...]]
    """Slot to the ids of the entities that fill it."""
    personnel: Figure | None
    quantity: Figure | None
    unit: str | None
    items: tuple[str, ...]
    about: str | None
    time: Period | None
    attributed_to: tuple[str, ...]
    """Ids of entities, or the words of a source that has no name."""
    happening: str | None = None
    """In `cross`: what happened, the same in all events of all articles that tell of it."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its annotation."""

    stem: str
    split: str
    text: str
    published: str
    publisher: str | None
    """A medium in whose manner the article is written; it never published it."""
    entities: tuple[Entity, ...]
    events: tuple[Event, ...]

    @property
    def kind(self) -> str:
        """The prefix of the stem, `dev` for the articles that have none (see README.md)."""
        prefix = self.stem.partition("-")[0]
        return "dev" if prefix.isdigit() else prefix

    def evidence_span(self, event: Event) -> tuple[int, int]:
        """Return where the evidence of an event begins and ends in the text: at its first occurrence."""
        begin = self.text.index(event.evidence)
        return begin, begin + len(event.evidence)


def load_corpus(splits: Iterable[str] = SPLITS) -> Iterator[Article]:
    """Yield the articles of the corpus, by split and stem."""
    for split in splits:
        yield from load_folder(FOLDER / split)


def load_folder(folder: Path) -> Iterator[Article]:
    """Yield the articles of a folder of pairs by stem; the folder's name is their split.

    Raises:
        DataError: the folder holds no pairs, or a pair cannot be read.
    """
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise DataError(f"{folder} holds no {SUFFIX} files.", "Name a folder of annotated articles.")
    for path in paths:
        stem = path.name.removesuffix(SUFFIX)
        try:
            text = path.with_name(f"{stem}.txt").read_text(encoding="utf-8")
            gold = json.loads(path.read_text(encoding="utf-8"))
            yield _read_article(stem, folder.name, text, gold)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            remedy = f"`python -m training.corpus.check {folder}` tells what is wrong."
            raise DataError(f"{path} is no annotation: {error!r}.", remedy) from error


def to_gold(article: Article) -> dict[str, Any]:
    """Return the annotation as the gold file holds it."""
    return {
        "article": {"published": article.published, "publisher": article.publisher, "language": "de"},
        "entities": [_entity_to_json(entity) for entity in article.entities],
        "events": [_event_to_json(event) for event in article.events],
    }


def to_record(article: Article) -> dict[str, Any]:
    """Return the article as one record for JSON lines: the gold file's contents with the text and the spans."""
    gold = to_gold(article)
    for event, data in zip(article.events, gold["events"], strict=True):
        data["evidence_span"] = list(article.evidence_span(event))
    head = {"id": article.stem, "split": article.split, "kind": article.kind, **gold.pop("article")}
    return {**head, "text": article.text, **gold}


def from_record(record: Mapping[str, Any]) -> Article:
    """Return the article of a record that `to_record` made."""
    gold = {"article": record, "entities": record["entities"], "events": record["events"]}
    return _read_article(record["id"], record["split"], record["text"], gold)


def _read_article(stem: str, split: str, text: str, gold: Mapping[str, Any]) -> Article:
    return Article(
        stem=stem,
        split=split,
        text=text,
        published=gold["article"]["published"],
        publisher=gold["article"]["publisher"],
        entities=tuple(_read_entity(entity) for entity in gold["entities"]),
        events=tuple(_read_event(event) for event in gold["events"]),
    )


def _read_entity(data: Mapping[str, Any]) -> Entity:
    return Entity(
        id=data["id"],
        type=data["type"],
        name=data["name"],
        wikidata=data["wikidata"],
        mentions=tuple(data["mentions"]),
        positions=tuple(Position(position["title"], position["of"]) for position in data.get("positions", ())),
        of=data.get("of"),
    )


def _read_event(data: Mapping[str, Any]) -> Event:
    slots = {slot for slot, kind in SLOTS[data["type"]].items() if kind in ENTITY_KINDS}
    time = data["time"]
    return Event(
        id=data["id"],
        type=data["type"],
        status=data["status"],
        evidence=data["evidence"],
        trigger=tuple(data.get("trigger", ())),
        roles={
            slot: (filler,) if isinstance(filler, str) else tuple(filler)
            for slot, filler in data.items()
            if slot in slots
        },
        personnel=_read_figure(data.get("personnel")),
        quantity=_read_figure(data.get("quantity")),
        unit=data.get("unit"),
        items=tuple(data.get("items", ())),
        about=data.get("about"),
        time=Period(time["from"], time["to"]) if time else None,
        attributed_to=tuple(data["attributed_to"]),
        happening=data.get("happening"),
    )


def _read_figure(data: Mapping[str, Any] | None) -> Figure | None:
    return Figure(data.get("min"), data.get("max"), data.get("approx", False)) if data else None


def _entity_to_json(entity: Entity) -> dict[str, Any]:
    out: dict[str, Any] = {"id": entity.id, "type": entity.type, "name": entity.name, "wikidata": entity.wikidata}
    out["mentions"] = list(entity.mentions)
    if entity.type == "Person":
        out["positions"] = [{"title": position.title, "of": position.of} for position in entity.positions]
    return out | _without_gaps({"of": entity.of})


def _event_to_json(event: Event) -> dict[str, Any]:
    kinds = SLOTS[event.type]
    roles = {slot: ids[0] if kinds[slot] == "summit" else list(ids) for slot, ids in event.roles.items()}
    further = {
        "personnel": _figure_to_json(event.personnel),
        "unit": event.unit,
        "items": list(event.items) or None,
        "quantity": _figure_to_json(event.quantity),
        "about": event.about,
        "trigger": list(event.trigger) or None,
        "happening": event.happening,
    }
    return {
        **{"id": event.id, "type": event.type, "status": event.status, **roles},
        **_without_gaps(further),
        "time": {"from": event.time.begin, "to": event.time.end} if event.time else None,
        "attributed_to": list(event.attributed_to),
        "evidence": event.evidence,
    }


def _figure_to_json(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return _without_gaps({"min": figure.low, "max": figure.high, "approx": figure.approx or None})


def _without_gaps(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
