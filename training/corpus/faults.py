"""What is wrong with an annotated entity, an event or a slot: each function yields its faults as sentences."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from training.corpus.schema import (
    ENTITY_KEYS,
    ENTITY_TYPES,
    EVENT_KEYS,
    PLACE_TYPES,
    SLOTS,
    STATUSES,
    SlotKind,
    days_of,
    is_text,
    is_texts,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the parts of an annotation are checked against."""

    text: str
    types: Mapping[str, object]
    """The type of each entity by its id."""
    used: Set[str]
    """The ids that fill a slot of an event, with the states of the bodies among them."""

    def knows(self, entity: object) -> bool:
        """Tell whether there is an entity of this id."""
        return isinstance(entity, str) and entity in self.types

    def type_of(self, entity: object) -> object:
        """Return the type of the entity of this id, None where there is none."""
        return self.types.get(entity) if isinstance(entity, str) else None


def entity_faults(entity: Mapping[str, Any], context: Context) -> Iterator[str]:
    """Yield what is wrong with an entity."""
    extra = set(entity) - set(ENTITY_KEYS)
    if extra:
        yield f"unknown keys: {', '.join(sorted(extra))}"
    if entity.get("type") not in ENTITY_TYPES:
        yield f"type {entity.get('type')!r} is not one of {', '.join(ENTITY_TYPES)}"
    if not is_text(entity.get("name")):
        yield "needs a name"
    if "wikidata" not in entity:
        yield "needs wikidata (an item or null)"
    elif entity["wikidata"] is not None and not re.match(r"Q[1-9]\d*\Z", str(entity["wikidata"])):
        yield f"wikidata {entity['wikidata']!r} is no item"
    yield from _mention_faults(entity, context)
    if "of" in entity:
        if entity.get("type") != "Organization":
            yield "only organizations have of"
        elif context.type_of(entity["of"]) != "Country":
            yield f"of {entity['of']!r} resolves to no Country"
    yield from _position_faults(entity, context)


def _mention_faults(entity: Mapping[str, Any], context: Context) -> Iterator[str]:
    mentions = entity.get("mentions")
    if not isinstance(mentions, list) or not is_texts(mentions, empty=True):
        yield "needs a list of mentions"
        return
    if not mentions and not (is_text(entity.get("id")) and entity["id"] in context.used):
        yield "has neither a mention nor a role"
    if len(set(mentions)) != len(mentions):
        yield "a mention is listed twice"
    for mention in mentions:
        if mention not in context.text:
            yield f"mention {mention!r} does not occur in the text"
        elif not re.search(rf"(?<!\w){re.escape(mention)}(?![\w-])", context.text):
            yield f"mention {mention!r} occurs only inside a longer word"


def _position_faults(entity: Mapping[str, Any], context: Context) -> Iterator[str]:
    positions = entity.get("positions")
    if entity.get("type") != "Person":
        if positions:
            yield "only persons have positions"
        return
    if not isinstance(positions, list):
        yield "a person needs positions (an empty list where the article states none)"
        return
    for position in positions:
        if not isinstance(position, dict) or set(position) != {"title", "of"} or not is_text(position["title"]):
            yield f"position {position!r} needs exactly title and of"
        elif position["title"].endswith(" of"):
            yield f"position {position['title']!r} has its of in the title"
        elif position["of"] is not None and not context.knows(position["of"]):
            yield f"position of {position['of']!r} resolves to no entity"


def event_faults(event: Mapping[str, Any], context: Context) -> Iterator[str]:
    """Yield what is wrong with an event."""
    kind = event.get("type")
    slots = SLOTS.get(kind) if isinstance(kind, str) else None
    if slots is None:
        yield f"type {kind!r} is not one of {', '.join(SLOTS)}"
        return
    if event.get("status") not in STATUSES:
        yield f"status {event.get('status')!r} is not one of {', '.join(STATUSES)}"
    yield from _evidence_faults(event, context)
    yield from _time_faults(event)
    yield from _source_faults(event.get("attributed_to"), context)
    for slot in event:
        if slot in slots:
            yield from slot_faults(slot, slots[slot], event[slot], context)
        elif slot not in EVENT_KEYS:
            yield f"{kind} has no slot {slot!r} (it has: {', '.join(slots)})"
    if kind == "SummitEvent" and "summit" not in event:
        yield "SummitEvent needs a summit"
    if not any(slot in slots for slot in event):
        yield "fills no slot"


def _evidence_faults(event: Mapping[str, Any], context: Context) -> Iterator[str]:
    evidence = event.get("evidence")
    if not isinstance(evidence, str) or not is_text(evidence):
        yield "needs evidence"
        return
    if evidence not in context.text:
        yield f"evidence does not occur in the text: {evidence!r}"
    elif "\n" in evidence:
        yield f"evidence runs over a line break, so over more than a sentence: {evidence!r}"
    trigger = event.get("trigger")
    if trigger is None:
        return
    if not is_texts(trigger):
        yield "trigger has to be a non-empty list of words"
        return
    for word in trigger:
        if word not in evidence:
            yield f"trigger {word!r} does not occur in the evidence"


def _time_faults(event: Mapping[str, Any]) -> Iterator[str]:
    if "time" not in event:
        yield "needs time (an object or null)"
        return
    time = event["time"]
    if time is None:
        return
    if not isinstance(time, dict) or set(time) != {"from", "to"}:
        yield "time needs exactly from and to"
        return
    start, end = days_of(time["from"]), days_of(time["to"])
    if not start or not end:
        yield f"time {time!r} is not made of ISO dates"
    elif start[0] > end[1]:
        yield f"time {time!r} ends before it begins"


def _source_faults(sources: object, context: Context) -> Iterator[str]:
    if not isinstance(sources, list) or not is_texts(sources, empty=True):
        yield "attributed_to has to be a list of entity ids or source words"
        return
    for source in sources:
        parts = re.split(r"\.\.\.|…", source)
        if source not in context.types and not all(part.strip() in context.text for part in parts):
            yield f"attributed_to {source!r} is neither an entity id nor in the text"


def slot_faults(slot: str, kind: SlotKind, value: object, context: Context) -> Iterator[str]:
    """Yield what is wrong with the filler of a slot of this kind."""
    return _CHECKS[kind](slot, value, context)


def _text_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    if not isinstance(value, str) or not is_text(value):
        yield f"{slot} has to be text"
    elif slot == "unit" and value not in context.text:
        yield f"unit {value!r} does not occur in the text"


def _texts_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    if not isinstance(value, list) or not is_texts(value):
        yield f"{slot} has to be a non-empty list of text"
        return
    for item in value:
        if item not in context.text:
            yield f"{slot} {item!r} does not occur in the text"


def _number_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    if not isinstance(value, dict) or not value or set(value) - {"min", "max", "approx"}:
        yield f"{slot} needs min and/or max and perhaps approx"
        return
    numbers = [value[key] for key in ("min", "max") if key in value]
    if not numbers or not all(_is_whole(number) for number in numbers):
        yield f"{slot}: min and max have to be whole numbers"
    elif numbers[0] > numbers[-1]:
        yield f"{slot}: min is greater than max"
    if "approx" in value and (value["approx"] is not True or len(numbers) != 2 or numbers[0] != numbers[1]):
        yield f"{slot}: approx has to be true, beside equal min and max"


def _summit_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    if context.type_of(value) != "Summit":
        yield f"{slot} {value!r} resolves to no entity of type Summit"


def _ids_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    if not isinstance(value, list) or not is_texts(value):
        yield f"{slot} has to be a non-empty list of entity ids"
        return
    if len(set(value)) != len(value):
        yield f"{slot} names an entity twice"
    for item in value:
        if item not in context.types:
            yield f"{slot} {item!r} resolves to no entity"


def _missions_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    yield from _ids_faults(slot, value, context)
    for item in _known(value, context):
        if context.types[item] != "Mission":
            yield f"{slot} {item!r} is no Mission"


def _places_faults(slot: str, value: object, context: Context) -> Iterator[str]:
    yield from _ids_faults(slot, value, context)
    for item in _known(value, context):
        if context.types[item] not in PLACE_TYPES:
            yield f"{slot} {item!r} is neither Place nor Country"


def _known(value: object, context: Context) -> list[str]:
    """Return the ids among a slot's fillers that are entities' ids."""
    return [item for item in value if item in context.types] if isinstance(value, list) and is_texts(value) else []


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_CHECKS: Mapping[SlotKind, Callable[[str, object, Context], Iterator[str]]] = {
    "ids": _ids_faults,
    "places": _places_faults,
    "missions": _missions_faults,
    "summit": _summit_faults,
    "text": _text_faults,
    "texts": _texts_faults,
    "number": _number_faults,
}
