"""Unnamed sources in the article's words: "so Personen, die mit der Planung vertraut sind", "aus Regierungskreisen"."""

from kg.model import Span
from kg.reading import Reading
from kg.speakers import MODIFIERS, ONE_OF, OWN, THEIRS, is_first_part
from kg.speech import KNOWING, WIDE, Voice, is_report, names_source
from kg.wordlists import source_words

_RELATIVES = source_words("relatives")
_LINKING = source_words("linking")
_ARTICLES = source_words("articles")
_INTRODUCED = frozenset({"before", "after", "so", "hearsay"})
"""Voices that make any noun a source."""
_COUNTING = source_words("counting")
_OF_SEVERAL = source_words("of_several")
_CLOSERS = frozenset(",.!?;:")
"""Signs that end a relative clause."""


def find_words(reading: Reading, voice: Voice) -> Span | None:
    """Return the words of a voice's source where it is a common noun for one without a name, or an unknown name."""
    i = voice.head
    if voice.kind in {"act", "label", "noun"} or _is_named(reading, voice):
        return None
    begin, end = reading.sentences[voice.sentence]
    if reading.lower[i] in ONE_OF and i + 2 < end:  # "einer der Beamten", "einer von ihnen"
        last = next((j for j in range(i + 2, min(end, i + 5)) if reading.pos[j] in {"NOUN", "PRON"}), None)
        return Span(reading.doc[i].idx, _end(reading, last)) if last is not None and _links(reading, i + 1) else None
    if reading.pos[i] not in {"NOUN", "PROPN"}:
        return None
    known = voice.kind in _INTRODUCED or reading.pos[i] == "PROPN" or names_source(reading.doc[i].text)
    if not known:
        return None
    return _phrase(reading, i, begin, end)


def _is_named(reading: Reading, voice: Voice) -> bool:
    """Tell whether the phrase says by name who speaks: "Putin", "Armeesprecher Odinga", "Angaben von Kiew"."""
    place = reading.place_at.get(voice.head)
    if place is not None:
        return not is_first_part(reading, place, voice.head)  # "US-Beamte" have no name
    hows = {speaker.how for speaker in voice.speakers}
    if is_report(reading.lower[voice.head]):
        return not hows.isdisjoint({"body", "next", "own"}) or reading.lower[voice.head - 1] in OWN | THEIRS
    persons = {
        reading.entities[s.entity].entity.type == "Person" for s in voice.speakers if s.how in {"next", "apposition"}
    }
    return True in persons


def _links(reading: Reading, i: int) -> bool:
    return reading.lower[i] in _OF_SEVERAL


def _end(reading: Reading, i: int) -> int:
    return reading.doc[i].idx + len(reading.doc[i].text)


def _left_edge(reading: Reading, i: int, begin: int) -> int:
    """Return where the phrase of the noun begins; "so" before it brings it in: "…, so zwei Beamte"."""
    lower = reading.lower
    while i > begin and lower[i - 1] != "so":
        if lower[i].startswith(KNOWING) and reading.pos[i - 1] in {
            "NOUN",
            "PROPN",
        }:  # "zwei mit der Lage | vertraute Diplomaten"
            with_ = next((k for k in range(i - 1, max(begin, i - WIDE) - 1, -1) if lower[k] == "mit"), i)
            if with_ == i:
                break
            i = with_
        elif reading.pos[i - 1] in MODIFIERS or lower[i - 1] in _COUNTING or lower[i - 1].startswith(KNOWING):
            i -= 1
        else:
            break
    return i


def _phrase(reading: Reading, i: int, begin: int, end: int) -> Span:
    """Return the noun with its adjectives, its "aus dem Ministerium" and its relative clause."""
    doc, lower = reading.doc, reading.lower
    left = _left_edge(reading, i, begin)
    while left < i and reading.pos[left] == "DET" and lower[left] in _ARTICLES:
        left += 1
    right = i + 1
    while right < end and (lower[right] in _LINKING or reading.pos[right] in {"DET", "ADJ", "PROPN", "NOUN"}):
        if reading.pos[right] in {"ADJ", "NOUN"} and reading.pos[right - 1] == "PROPN":
            break  # "nach Angaben Südkoreas | Soldaten"
        right += 1
    while right > i + 1 and reading.pos[right - 1] not in {"PROPN", "NOUN"}:
        right -= 1
    if right + 1 < end and lower[right] == "," and lower[right + 1] in _RELATIVES:
        close = next((j for j in range(right + 1, end) if lower[j] in _CLOSERS), end)
        right = close if _is_relative(reading, right + 1, close) else right
    return Span(doc[left].idx, _end(reading, right - 1))


def _is_relative(reading: Reading, begin: int, end: int) -> bool:
    """Tell a relative clause, whose verb stands last, from what is reported: "zwei Beamte, das Haus prüfe es noch"."""
    finite = [j for j in range(begin, end) if "Fin" in reading.morphs[j].get("VerbForm", ())]
    return reading.pos[end - 1] in {"VERB", "AUX"} and finite[-1:] in ([], [end - 1])
