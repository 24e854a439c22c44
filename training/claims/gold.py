"""Gold articles as readings: what the stages before the claims found, aligned with what is annotated."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.model import EntityInArticle, Span
from kg.reading import Reading
from kg.realisations import Happening
from kg.wordlists import words_of
from training.corpus.schema import days_of

TYPE_NAMES = {"SummitEvent": "Summit"}
"""Gold event type to frame, where the names differ."""
ROLE_NAMES = {"participants": "participant"}
"""Gold slot to property, where the names differ."""
ROLES = (
    "addressee", "against", "attacker", "beneficiary", "destination", "host", "mission", "origin", "participants",
    "place", "recipient", "sender", "speaker", "summit", "target",
)  # fmt: skip
_NO_ANCHORS = (
    words_of("negations") | words_of("prepositions") | words_of("articles") | words_of("modals") | words_of("standing")
)


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An annotated event by the tokens and entities of a reading."""

    type: str
    status: str
    anchor: int
    """The trigger token that stands for the event."""
    parts: frozenset[int]
    """All its trigger tokens."""
    fillers: dict[str, frozenset[int]]
    """Property to entity numbers of the reading; `attributedTo` among them."""
    figure: tuple[int | None, int | None] | None
    time: tuple[str, str] | None
    unnamed: tuple[str, ...] = ()
    """Sources without a name in the article's words, and the names of those that the reading does not have."""

    @property
    def happening(self) -> Happening:
        """The event as the stages see it."""
        return Happening(self.type, self.anchor)

    @property
    def interval(self) -> tuple[date, date] | None:
        """The first and the last day on which it is annotated to have happened; partial dates count as all their days.

        None where the article does not date it.
        """
        if self.time is None or not (start := days_of(self.time[0])) or not (end := days_of(self.time[1])):
            return None
        return date(*start[0]), date(*end[1])


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An annotated article, read."""

    stem: str
    reading: Reading
    events: tuple[GoldEvent, ...]


Reader = Callable[[int, str, str, dict[str, Any]], Reading]
"""Turns number, stem, text and annotation of an article into a reading."""


def load_annotations(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Load stem, text and annotation of each gold article in `folder`, sorted by stem."""
    found = []
    for path in sorted(folder.glob("*.gold.json")):
        stem = path.name.removesuffix(".gold.json")
        text = path.with_name(f"{stem}.txt").read_text(encoding="utf-8")
        gold = path.read_text(encoding="utf-8")
        found.append((stem, unicodedata.normalize("NFC", text), json.loads(unicodedata.normalize("NFC", gold))))
    return found


def align_entities(entities: Sequence[EntityInArticle], text: str, gold: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Map gold entity ids to entity numbers: same type and same Wikidata item, or a name in common."""

    def fold(name: str) -> str:
        return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()

    pairs: dict[str, int] = {}
    surfaces = []
    for item in entities:
        names = [item.entity.label, *item.entity.aliases, *(mention.span.of(text) for mention in item.mentions)]
        surfaces.append({fold(name) for name in names})
    tests: tuple[Callable[[int, dict[str, Any]], bool], ...] = (
        lambda n, g: bool(g.get("wikidata")) and g["wikidata"] == entities[n].entity.wikidata,
        lambda n, g: fold(g["name"]) in surfaces[n],
        lambda n, g: not surfaces[n].isdisjoint({fold(m) for m in g["mentions"]}),
    )
    for test in tests:
        for number, item in enumerate(entities):
            if number in pairs.values():
                continue
            free = (g for g in gold if g["id"] not in pairs and g["type"] == item.entity.type)
            twin = next((g for g in free if test(number, g)), None)
            if twin is not None:
                pairs[twin["id"]] = number
    return pairs


def trigger_parts(reading: Reading, event: dict[str, Any]) -> list[int]:
    """Return the token numbers of an event's trigger words."""
    offset = reading.article.text.index(event["evidence"])
    found: list[int] = []
    for part in event["trigger"]:
        spots = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", event["evidence"])]
        spots = spots or [event["evidence"].index(part)]
        # a split-off particle stands last: "rief ... an" after an "am"
        spot = spots[-1] if len(part) <= 4 else spots[0]
        begin, end = reading.tokens_of(Span(offset + spot, offset + spot + len(part)))
        found += range(begin, end)
    return found


class Anchors:
    """Which of several trigger words stands for the event: the one that goes most with its type."""

    def __init__(self, articles: Iterable[tuple[Reading, Sequence[dict[str, Any]]]]) -> None:
        self.all: Counter[str] = Counter()
        self.by_type: Counter[tuple[str, str]] = Counter()
        for reading, events in articles:
            self.all.update(reading.lemma)
            for event in events:
                self.by_type.update({(event["type"], reading.lemma[i]) for i in trigger_parts(reading, event)})

    def choose(self, reading: Reading, event: dict[str, Any], parts: Sequence[int]) -> int:
        """Return the anchor among the token numbers `parts`."""
        content = [i for i in parts if reading.lower[i] not in _NO_ANCHORS and reading.lower[i][0].isalpha()]

        def strength(i: int) -> tuple[float, int]:
            lemma = reading.lemma[i]
            return (self.by_type[event["type"], lemma] + 0.1) / (self.all[lemma] + 2), -i

        return max(content or parts[:1], key=strength)


def read_events(reading: Reading, gold: dict[str, Any], anchors: Anchors) -> tuple[GoldEvent, ...]:
    """Turn the annotated events of one article into events over the reading's tokens and entities."""
    pairs = align_entities(reading.entities, reading.article.text, gold["entities"])
    states = {entity["id"]: entity.get("of") for entity in gold["entities"]}
    labels = {entity["id"]: entity["name"] for entity in gold["entities"]}
    events = []
    for event in gold["events"]:
        fillers: dict[str, frozenset[int]] = {}
        for slot in (*ROLES, "attributed_to"):
            names = event.get(slot) or []
            numbers = set()
            for name in [names] if isinstance(names, str) else names:
                # in a role, a body of a state that was not found is served by the state
                state = "" if slot == "attributed_to" else states.get(name) or ""
                number = pairs.get(name, pairs.get(state))
                if number is not None:
                    numbers.add(number)
            if numbers:
                label = "attributedTo" if slot == "attributed_to" else ROLE_NAMES.get(slot, slot)
                fillers[label] = frozenset(numbers)
        parts = trigger_parts(reading, event)
        figure = event.get("personnel") or event.get("quantity")
        time = event.get("time")
        events.append(
            GoldEvent(
                TYPE_NAMES.get(event["type"], event["type"]),
                event["status"],
                anchors.choose(reading, event, parts),
                frozenset(parts),
                fillers,
                (figure.get("min"), figure.get("max")) if figure else None,
                (time["from"], time["to"]) if time else None,
                tuple(labels.get(source, source) for source in event.get("attributed_to") or () if source not in pairs),
            )
        )
    return tuple(sorted(events, key=lambda event: (event.anchor, event.type)))


def read_gold(folders: Iterable[Path], read: Reader) -> list[GoldArticle]:
    """Read all gold articles of the folders."""
    loaded = [item for folder in folders for item in load_annotations(folder)]
    readings = [read(number, *item) for number, item in enumerate(loaded)]
    anchors = Anchors((reading, gold["events"]) for reading, (_, _, gold) in zip(readings, loaded, strict=True))
    return [
        GoldArticle(stem, reading, read_events(reading, gold, anchors))
        for reading, (stem, _, gold) in zip(readings, loaded, strict=True)
    ]


def match(article: GoldArticle, happenings: Sequence[Happening]) -> dict[int, GoldEvent]:
    """Map the positions of found happenings to the annotated events of their type and sentence, surest first."""
    reading = article.reading
    wanted: dict[tuple[str, int], list[GoldEvent]] = {}
    for event in article.events:
        wanted.setdefault((event.type, reading.sentence_of[event.anchor]), []).append(event)
    found = {}
    for k in sorted(range(len(happenings)), key=lambda k: (-happenings[k].probability, k)):
        happening = happenings[k]
        free = wanted.get((happening.type, reading.sentence_of[happening.token]), [])
        if free:
            found[k] = min(free, key=lambda event: abs(event.anchor - happening.token))
            free.remove(found[k])
    return found
