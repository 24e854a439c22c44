"""Where somebody speaks in an article: words of saying with their speakers, "laut X", "so X", "Pentagon: …".

Who is meant by a phrase is found in `speakers`; what of all this is a happening's source is weighed in `attribution`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from kg.reading import Reading
from kg.speakers import MODIFIERS, ONE_OF, Speaker, find_speakers, has_preposition, names_around, names_beside
from kg.wordlists import source_words, words_of

_STOPS = words_of("stops")
_PARTNER = {"„": "“”", "»": "«", "«": "»", "“": "”", '"': '"'}
"""Opening quotation marks with what closes them."""
_BEFORE_SO = source_words("asides")
_PERSONAL = source_words("personal")
_HEARD_IN = source_words("heard_in")
_HEARING = source_words("hearing")
"""Verbs with which something is heard from a place or body."""
_NOMINATIVE = source_words("nominative")
_EMPTY = source_words("empty")
"""What is said and not who says it, where the parse has it for the subject: "Das sagte ein Diplomat"."""
KNOWING = tuple(sorted(source_words("knowing")))
"""Participles with an object before them: "zwei mit der Lage vertraute Diplomaten"."""
_NAMED = frozenset({"name", "left", "right"})
WIDE = 9
"""Words of "mit den Überlegungen in Riad vertraute"."""
_NEAR_VERB = 6
"""Words between a verb of saying and its speaker where the parse has none."""
_LASTING = 3
"""Sentences after which the last speaker is forgotten."""
_TOP = 4
"""Sentences at the top of an article in which a statement is brought in."""

KINDS = ("say", "decide", "act", "noun", "before", "after", "so", "hearsay", "label")
"""A verb of saying; of deciding; any other verb with a name for its subject; "Bitte von Kiew"; "laut"; "zufolge"; ", so
X"; "es heißt aus X"; "Pentagon: …"."""
SPOKEN = frozenset({"say", "before", "after", "so", "hearsay", "label"})
"""Kinds that always make a source."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A word that brings in a speaker: the verb, the preposition, the colon."""

    cue: int
    kind: str
    word: str
    """The cue's lemma or form: "sagen", "laut"."""
    sentence: int
    head: int
    """The token that names the source: "Angaben", "Putin", "er"."""
    speakers: tuple[Speaker, ...]
    """Who is meant, best first."""


@cache
def _endings() -> tuple[str, ...]:
    return tuple(source_words("endings"))


def names_source(word: str) -> bool:
    """Tell whether a noun is one for people or bodies that speak: "Diplomaten", "Geheimdienstquellen"."""
    if word in source_words("people") or word in source_words("bodies"):
        return True
    return len(word) > 8 and word[0].isupper() and word.lower().endswith(_endings())


def is_report(word: str) -> bool:
    """Tell whether a noun is one for what is said: "Angaben", "Einschätzung"; `word` is in small letters."""
    return word in source_words("nouns") or word.endswith("angaben")


def find_voices(reading: Reading) -> list[Voice]:
    """Find who speaks where, in text order."""
    found: list[Voice] = []
    last: Voice | None = None
    for number, (begin, end) in enumerate(reading.sentences):
        if begin == end or reading.noisy[begin]:
            continue
        voices = [_label(reading, number)]
        for i in range(begin, end):
            lasting = last is not None and last.sentence >= number - _LASTING
            voices.append(_voice(reading, i, last.speakers[0].entity if lasting and last is not None else None))
            voice = voices[-1]
            if voice is not None and voice.kind != "act" and voice.speakers:
                last = voice
        found += [voice for voice in voices if voice is not None]
    return found


def _label(reading: Reading, number: int) -> Voice | None:
    """Return the speaker before a colon at the line's start: "Pentagon: Truppen ziehen ab"."""
    begin, end = reading.sentences[number]
    while begin < end and reading.doc[begin].is_space:
        begin += 1
    place = reading.place_at.get(begin)
    if place is None or place.mention.type == "Place" or (begin > 0 and not reading.doc[begin - 1].is_space):
        return None
    if place.end >= end or reading.lower[place.end] != ":":
        return None
    return Voice(place.end, "label", ":", number, place.begin, (Speaker(place.entity, "name"),))


def _voice(reading: Reading, i: int, last: int | None) -> Voice | None:
    """Return the voice that the word at `i` brings in; `last` is the entity that spoke last."""
    pos = reading.pos[i]
    if pos in {"VERB", "AUX"}:
        return _by_verb(reading, i, last)
    if pos == "NOUN" and i in reading.speaking:
        return _by_noun(reading, i)
    found = _by_particle(reading, i)
    if found is None:
        return None
    kind, head = found
    speakers = tuple(find_speakers(reading, head, last))
    return Voice(i, kind, reading.lower[i], reading.sentence_of[i], head, speakers)


def _by_particle(reading: Reading, i: int) -> tuple[str, int] | None:
    """Return kind and source noun of "laut X", "nach Angaben von X", "X zufolge", ", so X", "unter Berufung auf X"."""
    word, lower = reading.lower[i], reading.lower
    begin, end = reading.sentences[reading.sentence_of[i]]
    before = lower[i - 1] if i > begin else ""
    if word == "zufolge":
        heads = (j for j in range(i - 1, max(begin - 1, i - _NEAR_VERB), -1) if _is_nominal(reading, j))
        kind, head = "after", next(heads, None)
    elif _introduces(reading, i, before, end):
        kind, head = "before", _nominal_after(reading, i + 1, end)
    elif word == "so" and before in _BEFORE_SO:
        kind, head = "so", _nominal_after(reading, i + 1, end)
    else:
        return None
    return (kind, head) if head is not None else None


def _introduces(reading: Reading, i: int, before: str, end: int) -> bool:
    """Tell whether a source follows: "laut", "nach Angaben", "unter Berufung auf"."""
    word = reading.lower[i]
    if word != "nach":
        return word in source_words("before") or (word in source_words("relying") and before == "unter")
    noun = next((reading.lower[j] for j in range(i + 1, min(end, i + 4)) if reading.pos[j] == "NOUN"), "")
    return is_report(noun)


def _nominal_after(reading: Reading, low: int, end: int) -> int | None:
    knowing = next((j for j in range(low, min(end, low + WIDE)) if reading.lower[j].startswith(KNOWING)), None)
    if knowing is not None and _STOPS.isdisjoint(reading.lower[low:knowing]):
        low = knowing
    for j in range(low, min(end, low + _NEAR_VERB)):
        if _is_nominal(reading, j):
            return j
        if reading.pos[j] not in MODIFIERS and reading.pos[j] not in {"ADP", "PART"}:
            return None
    return None


def _is_nominal(reading: Reading, j: int) -> bool:
    pos = reading.pos[j]
    if pos == "PRON":
        return reading.lower[j] in _PERSONAL or reading.lower[j] in ONE_OF
    place = reading.place_at.get(j)
    return pos in {"NOUN", "PROPN"} if place is None else place.mention.kind != "adjective" or pos != "ADJ"


def _by_noun(reading: Reading, i: int) -> Voice | None:
    """Return whose word it is: "Trumps Drohung", "die Bitte von Kiew", "die ukrainische Forderung"."""
    number = reading.sentence_of[i]
    begin, end = reading.sentences[number]
    low, owner = i, None
    while owner is None and low > begin and (reading.pos[low - 1] in MODIFIERS or low - 1 in reading.place_at):
        low -= 1
        owner = reading.place_at.get(low)
    speakers = [Speaker(owner.entity, "owner")] if owner is not None else []
    speakers += [speaker for speaker in names_around(reading, i, end) if speaker.how != "adjective"]
    return Voice(i, "noun", reading.lemma[i], number, i, tuple(speakers)) if speakers else None


def _by_verb(reading: Reading, i: int, last: int | None) -> Voice | None:
    lemma, number = reading.lemma[i], reading.sentence_of[i]
    if lemma in _HEARING:
        hearsay = _hearsay(reading, i, last)
        if hearsay is not None:
            return hearsay
    kind = "say" if i in reading.speaking or lemma in source_words("verbs") else "act"
    if kind == "act" and lemma in source_words("deciding"):
        kind = "decide"
    head = _subject(reading, i)
    speakers = list(find_speakers(reading, head, last)) if head is not None else []
    known = {speaker.entity for speaker in speakers}
    speakers += [speaker for speaker in names_beside(reading, i) if speaker.entity not in known]
    if kind == "act" and not any(speaker.how in _NAMED for speaker in speakers):
        return None
    if head is None and not speakers:
        return None
    return Voice(i, kind, lemma, number, i if head is None else head, tuple(speakers))


def _hearsay(reading: Reading, i: int, last: int | None) -> Voice | None:
    """Return whence something is heard: "heißt es aus dem Verteidigungsministerium", "wie aus Kreisen … verlautete"."""
    number = reading.sentence_of[i]
    begin, end = reading.sentences[number]
    heads = [
        (reading.lower[k] != "aus", abs(head - i), head)
        for k in range(begin, end)
        if reading.lower[k] in _HEARD_IN and (head := _nominal_after(reading, k + 1, end)) is not None
        if head in reading.place_at or names_source(reading.doc[head].text)
    ]
    if not heads:
        return None
    _, _, head = min(heads)
    return Voice(i, "hearsay", reading.lemma[i], number, head, tuple(find_speakers(reading, head, last)))


def _subject(reading: Reading, i: int) -> int | None:
    """Return the subject of the verb: "er", what follows ", sagte …", the parse's, or the nearest bare noun or name."""
    begin, end = reading.sentences[reading.sentence_of[i]]
    sides = (range(i + 1, min(end, i + WIDE)), range(i - 1, max(begin - 1, i - _NEAR_VERB), -1))
    clause = [list(takewhile(lambda j: reading.lower[j] not in _STOPS, side)) for side in sides]
    for side in clause:
        alone = takewhile(lambda j: reading.lower[j] != "und", side)
        pronoun = next((j for j in alone if reading.lower[j] in _NOMINATIVE and reading.pos[j] == "PRON"), None)
        if pronoun is not None:
            return pronoun
    inverted = i > begin and reading.lower[i - 1] in _BEFORE_SO
    bare = (j for side in clause for j in side if _is_nominal(reading, j) and not has_preposition(reading, j, begin))
    if inverted and (first := next(bare, -1)) > i:
        return first
    return next(_parsed_subjects(reading, i, begin, end), None) or next(bare, None)


def _parsed_subjects(reading: Reading, i: int, begin: int, end: int) -> Iterator[int]:
    """Yield the subjects that the parse has for the verb, its auxiliary, or the verb that it is joined to."""
    token = reading.doc[i]
    for _ in range(3):
        for verb in (token, *(child for child in token.children if child.dep_ == "aux")):
            for child in verb.children:
                if child.dep_ == "nsubj" and begin <= child.i < end and child.lower_ not in _EMPTY:
                    yield child.i
        if token.dep_ not in {"conj", "xcomp", "aux"}:
            return
        token = token.head


def is_subjunctive(reading: Reading, i: int) -> bool:
    """Tell whether the word is a verb in the Konjunktiv: "sei", "habe", "könne", "hätten"."""
    return reading.lower[i] in source_words("subjunctive") or "Sub" in reading.morphs[i].get("Mood", ())


def find_quoted(reading: Reading) -> list[bool]:
    """Tell of each token whether it stands in quotation marks, which may span sentences but no blank line."""
    flags, closing = [False] * len(reading.doc), ""
    for i, token in enumerate(reading.doc):
        text = token.text
        if closing and (text in closing or "\n\n" in text):
            closing = ""
        elif closing:
            flags[i] = True
        else:
            closing = _PARTNER.get(text, "")
    return flags


def find_host(reading: Reading, voices: Sequence[Voice]) -> tuple[int, int] | None:
    """Return whose words all of an article is, and from which token on: who "teilt mit:" at its top."""
    for voice in voices:
        if voice.sentence > _TOP:
            break
        _, end = reading.sentences[voice.sentence]
        last = end - 1
        while last > voice.cue and reading.doc[last].is_space:
            last -= 1
        if voice.kind == "say" and voice.speakers and reading.lower[last] == ":" and last + 1 < end:
            apposed = next((speaker for speaker in voice.speakers if speaker.how == "apposition"), voice.speakers[0])
            return apposed.entity, end
    return None
