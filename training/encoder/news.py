"""News without annotation, with the events that they could tell of: a teacher has still to say which are true."""

from pathlib import Path

from kg.claims import ClaimModels
from kg.encoder import Context, Encoder, lay_out, mark_words
from kg.happenings import find_happenings, judge_words
from kg.reading import Reading
from training.claims.gold import GoldArticle, GoldEvent

_LIMIT = 0.25
"""Chance from which an event is asked about."""


def load_news(folder: Path) -> list[tuple[str, str, str]]:
    """Load stem, text and day of publication, which is the first line of each file, sorted by stem."""
    found = []
    for path in sorted(folder.rglob("*.txt")):
        day, text = path.read_text(encoding="utf-8").split("\n", 1)
        found.append((path.stem, text.strip() + "\n", day.strip()))
    return found


def find_events(stem: str, reading: Reading, models: ClaimModels, encoder: Encoder) -> GoldArticle:
    """Return an article with the events that the models of today find, of which nothing else is known."""
    marks = mark_words(reading.doc, reading.article.published, reading.entities, reading.times, reading.figures)
    reading.context = Context(encoder, reading.doc, lay_out(encoder.vocabulary, reading.doc), marks)
    found = find_happenings(reading, judge_words(reading, models.triggers), _LIMIT)
    events = [GoldEvent(h.type, "occurred", h.token, frozenset({h.token}), {}, None, None) for h in found]
    return GoldArticle(stem, reading, tuple(sorted(events, key=lambda event: (event.anchor, event.type))))
