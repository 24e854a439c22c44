"""The happenings of an article beside those who may be their sources, in numbers and in words.

How the words of saying stand to the trigger, in which mood the clause stands, whether the sentences between run on in
the Konjunktiv or in quotation marks, who else speaks there, and which part the speaker plays in the happening.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from kg.casting import SOURCE_ROLE
from kg.encoder import NEVER
from kg.frames import load_frames
from kg.hearing import AHEAD, BACK, MOODS, Heard, Hearing, count_steps, dependency_under, mood_at, nearest
from kg.maxent import LinearModel
from kg.model import ENTITY_TYPES, STATUSES, Status
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import Chances
from kg.speakers import HOWS
from kg.speech import KINDS, SPOKEN, Voice, names_source
from kg.trees import Matrix
from kg.wordlists import source_words, words_of

_TYPES = tuple(load_frames())
_ROLES = tuple(sorted({role for frame in load_frames().values() for role in frame.roles}))
_SPEAKER = _ROLES.index("speaker")
_SPEAKING_TYPES = frozenset({"Statement", "Appeal"})
_NEAR = 3
"""Sentences before a happening in which its source may speak: 1 % of the annotated ones speak only before these."""
_ACTING = 0.15
"""Who plays a part with this probability may be the source."""
_FAR = 99.0
_MARKS = frozenset({"“", '"', "«", "»", "„"})
_ASIDE = source_words("asides")
_STOPS = words_of("stops")
_DEPENDENCIES = (
    "", "ccomp", "parataxis", "dep", "conj", "ROOT", "obj", "obl", "nmod", "advcl", "acl", "xcomp", "nsubj",
    "nsubj:pass", "appos",
)  # fmt: skip
_UNNAMED = float(len(ENTITY_TYPES) + 1)

COLUMNS = (
    "type", "status", "mood", "run", "quoted", "in title", "sentence", "sentences after", "noun", "voices", "spoken",
    "voices after", "way", "voice", "hosted",
    "rank in voice", "reference in voice", "host", "entity", "medium", "mentions", "rank in type", "entity in title",
    "in sentence", "first named", "voices in article", "spoken by name",
    "here", "reference here", "rank here", "side", "words to cue", "steps to cue", "commas", "dass", "colon",
    "quotation marks", "wie", "aside", "nearer voices", "other voices", "words after cue", "voices here",
    "first kind here", "um", "und", "words to source", "semicolon", "clause under cue", "clause",
    "before", "reference before", "sentences back", "others since", "subjunctive since", "plain since", "quoted since",
    "line breaks since", "colon at end", "run then", "rank before", "times before", "spoken before",
    "after", "reference after", "sentences ahead", "pointing", "run after", "others until", "line breaks until",
    "rank after",
    *(f"part: {role}" for role in _ROLES), "in context",
    *(f"speaker {where}{what}" for where in ("here", "before", "after") for what in ("", ": words")),
    "words",
)  # fmt: skip
"""What the trees are told of a happening with a candidate; "words" is what the linear model says."""

_NOT_HERE = (0, -1, 9, -9, _FAR, 0, -1, 0, 0, 0, 0, 0, 9)
_NOT_BEFORE = (0, -1, _FAR, 9, 0, 0, 0, 9, 0, 0, 9, 0, 0)
_NOT_AFTER = (0, -1, 9, 0, 0, 9, 9, 9)


class Candidates:
    """The happenings of one article with those who may be their sources."""

    def __init__(
        self,
        reading: Reading,
        happenings: Sequence[Happening],
        parts: Sequence[Chances],
        labels: Sequence[str],
        statuses: Sequence[Status],
    ) -> None:
        self.reading, self.happenings, self.statuses = reading, happenings, statuses
        self.hearing = Hearing(reading)
        self._labels = labels
        self._parts = [_by_role(found, labels) for found in parts]
        self._moods = [mood_at(reading, happening.token) for happening in happenings]
        self._sentences = [reading.sentence_of[happening.token] for happening in happenings]
        self._unnamed: dict[int, dict[int, float]] = {}
        self._saying: dict[int, list[int]] = {}
        """Happenings of saying by sentence."""
        for position, happening in enumerate(happenings):
            if happening.type in _SPEAKING_TYPES:
                self._saying.setdefault(self._sentences[position], []).append(position)

    def numbers(self, position: int) -> list[int]:
        """Return who may be the source: who is heard near the happening, acts in it, or speaks all along.

        Entities by their number, unnamed sources after them. Of the annotated sources 92 % are among them.
        """
        here, parts = self._sentences[position], self._parts[position]
        found = set(np.flatnonzero(parts.max(axis=1, initial=0) > _ACTING).tolist())
        for number, heard in self.hearing.heard.items():
            if any(_is_asked(h.voice, h.voice.sentence - here) for h in heard):
                found.add(number)
        if self.hearing.host is not None and self.hearing.is_hosted(self.happenings[position].token):
            found.add(self.hearing.host)
        return sorted(found)

    def cases(self, positions: Iterable[int], voices: LinearModel) -> list[tuple[list[int], Matrix]]:
        """Return for each position the candidates' numbers with their columns, shape (candidates, columns)."""
        numbers = {position: self.numbers(position) for position in positions}
        words = [self.features(position, number) for position, found in numbers.items() for number in found]
        said = iter(voices.probabilities_of(words)[:, 0].tolist() if words else ())
        cases = []
        for position, found in numbers.items():
            way, voice = self.hearing.find_voice(self.happenings[position].token)
            given = self._given(position, way, voice)
            rows = [[*self._row(position, number, given, voice), next(said)] for number in found]
            cases.append((found, np.array(rows, dtype=np.float32).reshape(len(found), len(COLUMNS))))
        return cases

    def features(self, position: int, number: int) -> list[str]:
        """Return what the linear model looks at: the words that bring the candidate in."""
        reading, happening, here = self.reading, self.happenings[position], self._sentences[position]
        found, kind = self.hearing.heard.get(number, []), happening.type
        out = []
        near = [h for h in found if h.voice.sentence == here]
        if near:
            h = nearest(near, happening.token)
            voice, how = h.voice, h.speaker.how
            side = "own" if voice.cue == happening.token else "after" if voice.cue > happening.token else "before"
            mood = MOODS[self._moods[position]]
            word = f"w={voice.word}"
            out += [word, f"{word}|{side}", f"{word}|{how}", f"{kind}|{word}", f"{word}|{mood}"]
            out += [f"{voice.kind}|{how}|{side}", f"{kind}|{voice.kind}|{how}"]
            out.append(f"l={reading.lemma[happening.token]}|{voice.kind}|{side}")
            out += self._clause_features(position, voice, f"{voice.kind}|{side}")
            out += [f"prev={word}|{voice.kind}" for word in reading.lower[max(voice.cue - 1, 0) : voice.cue]]
            out += [f"next={word}|{voice.kind}" for word in reading.lower[voice.cue + 1 : voice.cue + 2]]
        before = [h for h in found if here - BACK <= h.voice.sentence < here]
        if before:
            voice, gap = before[-1].voice, min(here - before[-1].voice.sentence, 3)
            out += [f"b={voice.word}", f"b={voice.word}|{gap}", f"b={voice.kind}|{before[-1].speaker.how}|{gap}"]
        after = next((h for h in found if here < h.voice.sentence <= here + AHEAD), None)
        if after is not None:
            voice, gap = after.voice, after.voice.sentence - here
            opening = reading.lower[reading.sentences[voice.sentence][0]]
            out += [f"a={voice.word}|{gap}", f"a={voice.kind}|{after.speaker.how}|{gap}", f"a={opening}|{gap}"]
        if self.hearing.words_of(number) is not None and found:
            noun = reading.lower[found[0].voice.head]
            out += [f"noun={noun}", f"noun={noun[-6:]}", f"noun|{found[0].voice.word}"]
        return out

    def _clause_features(self, position: int, voice: Voice, place: str) -> list[str]:
        """Return how the trigger's clause opens and hangs on the voice: "…, bevor er Xi traf" is not what he said."""
        reading, i, status = self.reading, self.happenings[position].token, self.statuses[position]
        begin, _ = reading.sentences[self._sentences[position]]
        low = i
        while low > begin and reading.lower[low - 1] not in _STOPS:
            low -= 1
        return [
            f"open={reading.lower[low]}|{place}", f"under={dependency_under(reading, voice.cue, i)}|{place}",
            f"d={reading.doc[i].dep_}|{place}", f"s={status}|{place}", f"s={status}|{voice.word}",
        ]  # fmt: skip

    def _given(self, position: int, way: int, voice: Voice | None) -> list[float]:
        """Return what is the same for all candidates."""
        reading, hearing, happening = self.reading, self.hearing, self.happenings[position]
        i, here = happening.token, self._sentences[position]
        cues = hearing.cues_in[here]
        return [
            _TYPES.index(happening.type), STATUSES.index(self.statuses[position]), self._moods[position],
            hearing.runs[here], hearing.quoted[i], reading.is_title(here), here,
            len(reading.sentences) - here, reading.pos[i] in {"NOUN", "PROPN"},
            len(cues), sum(cue.kind in SPOKEN for cue in cues),
            here + 1 < len(reading.sentences) and bool(hearing.cues_in[here + 1]), way,
            _kind(voice.kind) if voice is not None else 0, hearing.is_hosted(i),
        ]  # fmt: skip

    def _row(self, position: int, number: int, given: Sequence[float], voice: Voice | None) -> list[float]:
        hearing, i = self.hearing, self.happenings[position].token
        found = hearing.heard.get(number, [])
        meant = next((h for h in found if h.voice is voice), None)
        host = hearing.is_hosted(i) and hearing.host == number
        spoken = [h for h in found if h.voice.kind in SPOKEN]
        return [
            *given, 10 if voice is None else 9 if meant is None else meant.rank, -1 if meant is None else _how(meant),
            host, *self._candidate(position, number),
            len(spoken), sum(h.rank == 0 and h.speaker.how in {"name", "left", "right"} for h in spoken),
            *self._here(position, number, found), *self._before(position, found), *self._after(position, found),
            *self._plays(position, number),
        ]  # fmt: skip

    def _candidate(self, position: int, number: int) -> list[float]:
        reading, here = self.reading, self._sentences[position]
        words = self.hearing.words_of(number)
        if words is not None:
            voice = next((h.voice for h in self.hearing.heard[number]), None)
            if voice is None:  # the guest of an interview
                return [_UNNAMED, 0, len(words.split()), 0, 0, 0, 0]
            kind = 2 if reading.pos[voice.head] == "PROPN" else names_source(reading.doc[voice.head].text)
            return [_UNNAMED, kind, len(words.split()), len(voice.speakers), 0, 0, 0]
        entity, sentences = reading.entities[number].entity, reading.sentences_with[number]
        return [
            ENTITY_TYPES.index(entity.type), entity.medium, len(reading.places_of[number]),
            reading.rank_in_type[number], reading.in_title[number], here in sentences,
            here - sentences[0] if sentences else -_FAR,
        ]  # fmt: skip

    def _here(self, position: int, number: int, found: Sequence[Heard]) -> list[float]:
        """Return how the candidate's voice in the trigger's sentence stands to the trigger."""
        reading, i, here = self.reading, self.happenings[position].token, self._sentences[position]
        cues = self.hearing.cues_in[here]
        near = [h for h in found if h.voice.sentence == here]
        if not near:
            return [*_NOT_HERE, len(cues), _FAR, 0, 0, 0, 0, _FAR, 0, -1, _dependency(reading.doc[i].dep_)]
        h = nearest(near, i)
        cue = h.voice.cue
        begin, end = reading.sentences[here]
        between = reading.lower[min(cue, i) + 1 : max(cue, i)]
        return [
            _kind(h.voice.kind), _how(h), h.rank, (cue > i) - (cue < i), cue - i, count_steps(reading, cue, i),
            between.count(","), "dass" in between or "daß" in between, ":" in between,
            not _MARKS.isdisjoint(between), "wie" in reading.lower[max(begin, min(h.voice.head, cue) - 4) : cue],
            cue > begin and reading.lower[cue - 1] in _ASIDE,
            sum(v is not h.voice and v.kind != "noun" and abs(v.cue - i) < abs(cue - i) for v in cues),
            sum(all(speaker.entity != number for speaker in v.speakers) for v in cues),
            end - cue, len(near), min(_kind(other.voice.kind) for other in near), "um" in between, "und" in between,
            h.voice.head - i, ";" in between, _dependency(dependency_under(reading, cue, i)),
            _dependency(reading.doc[i].dep_),
        ]  # fmt: skip

    def _before(self, position: int, found: Sequence[Heard]) -> Sequence[float]:
        """Return how the candidate last spoke in the sentences before, and what lies between."""
        hearing, here = self.hearing, self._sentences[position]
        near = [h for h in found if here - BACK <= h.voice.sentence < here]
        if not near:
            return _NOT_BEFORE
        last = near[-1].voice.sentence
        h = min((h for h in near if h.voice.sentence == last), key=lambda h: (h.voice.kind == "act", -h.voice.cue))
        since = (v for number in range(last, here) for v in hearing.cues_in[number] if v.cue > h.voice.cue)
        runs = hearing.runs[last + 1 : here + 1]
        end = self.reading.sentences[last][1] - 1
        closing = end - 1 if self.reading.doc[end].is_space and end else end
        return [
            _kind(h.voice.kind), _how(h), here - last, sum(v.kind in SPOKEN for v in since), runs.count(1),
            runs.count(0), runs.count(2), hearing.line_breaks(self.happenings[position].token, h.voice.cue),
            self.reading.lower[closing] == ":", hearing.runs[last], h.rank, len(near),
            sum(h.voice.kind in SPOKEN for h in near),
        ]  # fmt: skip

    def _after(self, position: int, found: Sequence[Heard]) -> Sequence[float]:
        """Return how the candidate next speaks in the sentences after: "Das sagte ein Sprecher der Armee"."""
        hearing, here = self.hearing, self._sentences[position]
        near = [h for h in found if here < h.voice.sentence <= here + AHEAD]
        if not near:
            return _NOT_AFTER
        h = min(near, key=lambda h: (h.voice.sentence, h.voice.kind == "act", h.voice.cue))
        there = h.voice.sentence
        return [
            _kind(h.voice.kind), _how(h), there - here, hearing.points_back(there), hearing.runs[there],
            sum(v.cue < h.voice.cue and v.kind in SPOKEN for v in hearing.cues_in[there]),
            hearing.line_breaks(h.voice.cue, self.happenings[position].token), h.rank,
        ]  # fmt: skip

    def _plays(self, position: int, number: int) -> list[float]:
        """Return the candidate's chance of each part, and of speaking in the happenings of saying around."""
        happening = self.happenings[position]
        if number >= len(self.reading.entities):
            return [0.0] * len(_ROLES) + [self._unnamed_in_context(position).get(number, NEVER)] + [0.0, _FAR] * 3
        said = self.reading.parts_in_context(happening.token, happening.type, self._labels)[number].tolist()
        source = said[self._labels.index(SOURCE_ROLE)] if SOURCE_ROLE in self._labels else NEVER
        out: list[float] = [*self._parts[position][number].tolist(), source]
        for gap in (0, -1, 1):
            best = (0.0, _FAR)
            for k in self._saying.get(self._sentences[position] + gap, ()):
                if k != position:
                    chance = float(self._parts[k][number, _SPEAKER])
                    words = self.happenings[k].token - self.happenings[position].token
                    best = max(best, (chance, float(words)))
            out += best
        return out

    def _unnamed_in_context(self, position: int) -> dict[int, float]:
        """Return what the encoder says of sources without a name, by number, as log odds."""
        context, happening = self.reading.context, self.happenings[position]
        if context is None:
            return {}
        if position not in self._unnamed:
            near = self.hearing.unnamed_near(happening.token)
            spans = [self.reading.tokens_of(span) for _, span in near]
            odds = context.of_expressions("source", happening.token, happening.type, spans).tolist()
            self._unnamed[position] = {number: odd for (number, _), odd in zip(near, odds, strict=True)}
        return self._unnamed[position]


def _by_role(chances: Chances, labels: Sequence[str]) -> Chances:
    """Return the columns of the roles in their order; a role that is no label has no chance."""
    found = np.zeros((len(chances), len(_ROLES)), dtype=np.float32)
    for column, label in enumerate(labels):
        if label in _ROLES:
            found[:, _ROLES.index(label)] = chances[:, column]
    return found


def _is_asked(voice: Voice, gap: int) -> bool:
    """Tell whether who speaks `gap` sentences after a happening may be its source; who only acts, in the same one."""
    return gap == 0 or (-_NEAR <= gap <= AHEAD and voice.kind != "act")


def _kind(kind: str) -> int:
    return KINDS.index(kind) + 1


def _dependency(label: str) -> int:
    return _DEPENDENCIES.index(label) if label in _DEPENDENCIES else len(_DEPENDENCIES)


def _how(heard: Heard) -> int:
    return HOWS.index(heard.speaker.how)
