"""The voices of one article, laid out by speaker and by sentence, and how words stand to them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.interviews import find_interview
from kg.model import Span
from kg.reading import Reading
from kg.speakers import Speaker
from kg.speech import SPOKEN, Voice, find_host, find_quoted, find_voices, is_subjunctive
from kg.unnamed import find_words
from kg.wordlists import source_words, words_of

BACK, AHEAD = 6, 3
"""Sentences before and after a happening in which its source may speak."""

MOODS = ("none", "present", "past", "first", "second", "sollen", "wollen", "werden", "können", "müssen", "dürfen")
"""Of a clause: its tense, the first or second Konjunktiv, or its modal verb."""

RUNS = ("plain", "subjunctive", "quoted")
"""Of a sentence."""

_STOPS = words_of("stops")
_BREAKS = source_words("breaks")
_ASIDE = source_words("asides_of_words")
_CAUSES = frozenset({"before", "after", "so", "hearsay", "label"})
_UP, _DOWN = 6, 4
"""Steps in the parse between a trigger and the word of saying above or below it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice as one of its possible speakers."""

    voice: Voice
    speaker: Speaker
    rank: int
    """The place among the voice's speakers, from 3 on the same."""


class Hearing:
    """Who is heard where in an article."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.voices = find_voices(reading)
        self.quoted = find_quoted(reading)
        self.unnamed: list[Span] = []
        """Sources without a name; they are numbered on after the entities."""
        self.heard: dict[int, list[Heard]] = {}
        """Voices by the number of the speaker, in text order."""
        self.cues_in: list[list[Voice]] = [[] for _ in reading.sentences]
        """Voices by sentence, without those that only act."""
        for voice in self.voices:
            self._add(voice)
        self.host, self._hosted = self._find_host()
        """Whose words much of the article is, by number, and the ranges of tokens where they stand."""
        self.runs = [self._run(number) for number in range(len(reading.sentences))]
        """Numbers in `RUNS` by sentence."""
        self._breaks = [i for i, token in enumerate(reading.doc) if "\n" in token.text]

    def _find_host(self) -> tuple[int | None, tuple[tuple[int, int], ...]]:
        interview = find_interview(self.reading)
        if interview is not None:
            guest = interview.guest
            return self._add_words(interview.name, []) if guest is None else guest, interview.answers
        office = find_host(self.reading, self.voices)
        return (None, ()) if office is None else (office[0], ((office[1], len(self.reading.doc)),))

    def _add_words(self, span: Span, voices: Sequence[Voice]) -> int:
        """Number a source without a name of its own; return its number."""
        number = len(self.reading.entities) + len(self.unnamed)
        self.unnamed.append(span)
        self.heard[number] = [Heard(voice, Speaker(number, "unnamed"), 0) for voice in voices]
        return number

    def _add(self, voice: Voice) -> None:
        known = set()
        for rank, speaker in enumerate(voice.speakers):
            if speaker.entity not in known:
                known.add(speaker.entity)
                self.heard.setdefault(speaker.entity, []).append(Heard(voice, speaker, min(rank, 3)))
        span = find_words(self.reading, voice)
        if span is not None:
            self._add_words(span, [voice])
        if voice.kind != "act":
            self.cues_in[voice.sentence].append(voice)

    def _run(self, number: int) -> int:
        begin, end = self.reading.sentences[number]
        if any(is_subjunctive(self.reading, i) for i in range(begin, end)):
            return RUNS.index("subjunctive")
        return RUNS.index("quoted" if self.quoted[min(begin + 1, end - 1)] else "plain")

    def words_of(self, number: int) -> str | None:
        """Return the words of an unnamed source, None for an entity."""
        entities = len(self.reading.entities)
        return self.unnamed[number - entities].of(self.reading.article.text) if number >= entities else None

    def unnamed_near(self, i: int) -> list[tuple[int, Span]]:
        """Return sources without a name, by number, that may speak of what is told by the token `i`."""
        reading, here = self.reading, self.reading.sentence_of[i]
        numbered = enumerate(self.unnamed, len(reading.entities))
        return [
            (number, span)
            for number, span in numbered
            if -BACK <= reading.sentence_of[reading.tokens_of(span)[0]] - here <= AHEAD
        ]

    def is_hosted(self, i: int) -> bool:
        """Tell whether the token stands where an interview's guest or a press office speaks."""
        return any(begin <= i < end for begin, end in self._hosted)

    def line_breaks(self, one: int, other: int) -> int:
        """Count the line breaks between two tokens."""
        return abs(bisect_right(self._breaks, one) - bisect_right(self._breaks, other))

    def find_voice(self, i: int) -> tuple[int, Voice | None]:
        """Return by which voice the words at the token `i` are reported by rule, and in which way.

        0 none; 1 it governs the token or needs no clause ("laut X"); 2 it follows as an aside; 3 it stands before, with
        "dass" or a mark between; 4 elsewhere in the sentence; 5 the sentences run on from it in the Konjunktiv or in
        quotation marks; 6 the next sentence points back: "Das sagte ...".
        """
        here = self.reading.sentence_of[i]
        ways = [
            (self._way(voice, i), abs(voice.cue - i), number)
            for number, voice in enumerate(self.cues_in[here])
            if voice.cue != i and voice.kind != "noun"
        ]
        if ways:
            way, _, number = min(ways)
            return way, self.cues_in[here][number]
        running = self._running_on(here)
        if running is not None:
            return 5, running
        pointing = self._pointing_back(here)
        return (6, pointing) if pointing is not None else (0, None)

    def _way(self, voice: Voice, i: int) -> int:
        lower, cue = self.reading.lower, voice.cue
        if voice.kind in _CAUSES or count_steps(self.reading, cue, i) > 0:
            return 1
        if cue > i and lower[cue - 1] in _ASIDE:
            return 2
        return 3 if cue < i and not _BREAKS.isdisjoint(lower[cue + 1 : i]) else 4

    def _running_on(self, here: int) -> Voice | None:
        number = here
        while self.runs[number] and number > max(0, here - BACK):
            number -= 1
            spoken = [voice for voice in self.cues_in[number] if voice.kind in SPOKEN]
            if spoken:
                return spoken[-1]
        return None

    def _pointing_back(self, here: int) -> Voice | None:
        if here + 1 == len(self.reading.sentences) or not self.points_back(here + 1):
            return None
        return next((voice for voice in self.cues_in[here + 1] if voice.kind in SPOKEN), None)

    def points_back(self, number: int) -> bool:
        """Tell whether a sentence begins with "Das", "Darüber" …"""
        begin, _ = self.reading.sentences[number]
        return not source_words("pointing").isdisjoint(self.reading.lower[begin : begin + 2])


def nearest(heard: Sequence[Heard], i: int) -> Heard:
    """Return the voice nearest to the token `i`; any other goes before one that only acts."""
    return min(heard, key=lambda h: (h.voice.kind == "act", abs(h.voice.cue - i)))


def count_steps(reading: Reading, cue: int, i: int) -> int:
    """Return the steps from the token `i` up to the cue in the parse, negative where the cue stands below, else 0."""
    for sign, low, high, most in ((1, i, cue, _UP), (-1, cue, i, _DOWN)):
        token = low
        for step in range(1, most + 1):
            if reading.heads[token] == token:
                break
            token = reading.heads[token]
            if token == high:
                return sign * step
    return 0


def dependency_under(reading: Reading, cue: int, i: int) -> str:
    """Return the dependency by which what holds the token `i` hangs on the cue, empty where it does not."""
    for _ in range(_UP):
        if reading.heads[i] == cue:
            return reading.deps[i]
        i = reading.heads[i]
    return ""


def mood_at(reading: Reading, i: int) -> int:
    """Return the number in `MOODS` of the clause around the token."""
    begin, end = reading.sentences[reading.sentence_of[i]]
    low, high = i, i + 1
    while low > begin and reading.lower[low - 1] not in _STOPS:
        low -= 1
    while high < end and reading.lower[high] not in _STOPS:
        high += 1
    best = "none"
    for j in range(low, high):
        morph = reading.morphs[j]
        past = "Past" in morph.get("Tense", ())
        if is_subjunctive(reading, j):
            return MOODS.index("second" if past else "first")
        if reading.pos[j] == "AUX" and reading.lemma[j] in MOODS:
            best = reading.lemma[j]
        elif best == "none" and "Fin" in morph.get("VerbForm", ()):
            best = "past" if past else "present"
    return MOODS.index(best)
