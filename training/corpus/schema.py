"""What an annotation may hold: types, standings, the slots of each event type, partial dates. See GUIDELINES.md."""

import calendar
import re
from collections.abc import Mapping
from typing import Literal

ENTITY_TYPES = ("Person", "Country", "Place", "Organization", "Summit", "Mission")
STATUSES = ("occurred", "planned", "possible", "denied", "requested")
PLACE_TYPES = ("Place", "Country")

ARTICLE_KEYS = ("published", "publisher", "language")
ENTITY_KEYS = ("id", "type", "name", "wikidata", "mentions", "positions", "of")
EVENT_KEYS = ("id", "type", "status", "evidence", "trigger", "time", "attributed_to", "happening")
"""What every event may hold beside the slots of its type; `happening` where several articles tell of the same."""

SlotKind = Literal["ids", "places", "missions", "summit", "text", "texts", "number"]
"""What fills a slot: a list of entity ids (of any type, of places or countries, of missions); one id of a summit; one
text; a list of texts; the bounds of a figure."""

SLOTS: Mapping[str, Mapping[str, SlotKind]] = {
    "Deployment": {
        "sender": "ids",
        "destination": "places",
        "beneficiary": "ids",
        "against": "ids",
        "mission": "missions",
        "personnel": "number",
        "unit": "text",
    },
    "Withdrawal": {
        "sender": "ids",
        "origin": "places",
        "mission": "missions",
        "personnel": "number",
        "unit": "text",
    },
    "SummitEvent": {"summit": "summit", "host": "ids", "place": "places", "participants": "ids"},
    "Meeting": {"participants": "ids", "place": "places"},
    "PhoneCall": {"participants": "ids"},
    "ArmsTransfer": {"sender": "ids", "recipient": "ids", "items": "texts", "quantity": "number"},
    "Attack": {"attacker": "ids", "target": "ids", "place": "places"},
    "Statement": {"speaker": "ids", "addressee": "ids", "about": "text"},
    "Appeal": {"speaker": "ids", "addressee": "ids"},
    "Aid": {"sender": "ids", "recipient": "ids"},
    "Sanction": {"sender": "ids", "target": "ids"},
    "Agreement": {"participants": "ids"},
}

Day = tuple[int, int, int]
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def days_of(partial: object) -> tuple[Day, Day] | None:
    """Return the first and the last day of a partial ISO date (2024, 2024-11, 2024-11-15), None where it is no date."""
    match = _DATE.match(partial) if isinstance(partial, str) else None
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or month is None:
        return None if year is None else ((year, 1, 1), (year, 12, 31))
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return (year, month, 1), (year, month, last)
    return ((year, month, day), (year, month, day)) if 1 <= day <= last else None


def is_text(value: object) -> bool:
    """Tell whether a value is text that is not empty and has no space at its ends."""
    return isinstance(value, str) and value.strip() == value and value != ""


def is_texts(value: object, *, empty: bool = False) -> bool:
    """Tell whether a value is a list of texts, at least one unless it may be empty."""
    return isinstance(value, list) and (empty or bool(value)) and all(is_text(item) for item in value)
