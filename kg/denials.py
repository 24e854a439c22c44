"""What is denied, ruled out, lifted, doubted or demanded: what such a word says of the happening that it governs.

What somebody denies is told in the same moods as what he did, and the word of denying often stands in another clause:
"Dass Truppen nach Kabul gehen, schloss der Minister aus", "bestritt, Soldaten geschickt zu haben".
"""

from collections.abc import Sequence

from kg.model import Status
from kg.reading import Reading
from kg.realisations import Happening
from kg.wordlists import words_of

_NEGATIONS = words_of("negations")
_DENYING = words_of("denying")
_RULING_OUT = words_of("ruling_out")
_DOUBTING = words_of("doubting")
_LIFTING = words_of("lifting")
_DEMANDING = words_of("demanding")
_INSISTING = words_of("insisting")
_REPORTS = words_of("reports")
_COMPLEMENTS = frozenset({"dass", "wonach"})
_STOPS = words_of("stops")
_JOINS = words_of("joins")
_BEFORE_NOUNS = frozenset({"DET", "ADJ", "NUM"})
_SAID = frozenset({"Statement", "Appeal"})
_VERBS = frozenset({"VERB", "AUX"})
_PERFECT = frozenset({"haben", "sein", "werden"})
_AUXILIARIES_AFTER = 3
"""Words after a participle among which "zu haben" stands: "angegriffen worden zu sein"."""

_Stretch = tuple[int, int]
"""The words from one punctuation mark to the next, as a half-open token range."""
_Verdict = tuple[int, Status]
"""The token of a word and the standing that it gives what it governs."""


def find_verdict(reading: Reading, happening: Happening) -> _Verdict | None:
    """Return the word that denies, rules out, lifts, doubts or demands a happening, with the standing that follows.

    None where there is none, or where what it says is turned round: "bestritt, dass es keine Truppen gebe".
    """
    i = happening.token
    stretches = _stretches(reading, i)
    k = next(k for k, (begin, end) in enumerate(stretches) if begin <= i < end)
    if happening.type != "Summit":  # "Auf dem Gipfel hat er eine Entsendung ausgeschlossen": that there is one is known
        found = _beside(reading, happening, stretches[k]) or _over_clause(reading, i, stretches, k)
        found = found or _over_demand(reading, happening, stretches, k)
        if found is not None:
            return found
    return _over_infinitive(reading, i)


def _stretches(reading: Reading, i: int) -> list[_Stretch]:
    begin, end = reading.sentences[reading.sentence_of[i]]
    marks = [j for j in range(begin, end) if reading.lower[j] in _STOPS and j != i]
    return [(one + 1, other) for one, other in zip([begin - 1, *marks], [*marks, end], strict=True) if other > one + 1]


def _beside(reading: Reading, happening: Happening, own: _Stretch) -> _Verdict | None:
    """Look between the punctuation marks: "Ghana schloss die Entsendung aus", "die Zölle werden aufgehoben".

    What only says when or where is not meant: "bei einem Besuch schloss er das aus", "den im Mai verhängten Bann".
    """
    i = happening.token
    opener = next((reading.lower[j] for j in range(*own) if reading.doc[j].is_alpha), "")
    if opener in _COMPLEMENTS or reading.pos[i] != "NOUN" or _is_led(reading, i, own[0]):
        return None
    negated = _is_negated(reading, own)
    for j in range(*own):
        if reading.lemma[j] in _RULING_OUT:
            return j, "possible" if negated else "denied"
        if happening.type == "Sanction" and reading.lemma[j] in _LIFTING and j > i and not negated:
            return None if not _JOINS.isdisjoint(reading.lower[i:j]) else (j, "denied")
    return None


def _is_led(reading: Reading, i: int, begin: int) -> bool:
    """Tell whether a preposition or a participle stands before a noun: "bei einem Besuch", "den verhängten Bann"."""
    j = i - 1
    while j >= begin and reading.pos[j] in _BEFORE_NOUNS:
        if "Part" in reading.doc[j].morph.get("VerbForm", []):
            return True
        j -= 1
    return j >= begin and reading.pos[j] == "ADP"


def _over_clause(reading: Reading, i: int, stretches: Sequence[_Stretch], k: int) -> _Verdict | None:
    """Look into the clause before or behind what it governs: "bestritt, dass …", "Dass …, sei unwahrscheinlich"."""
    own = stretches[k]
    opener = next((reading.lower[j] for j in range(*own) if reading.doc[j].is_alpha), "")
    is_complement = opener in _COMPLEMENTS or _is_infinitive(reading, i, own[1])
    if _is_negated(reading, own):
        return None
    before = stretches[k - 1] if k and reading.lower[own[0] - 1] == "," else None
    behind = stretches[k + 1] if k + 1 < len(stretches) and reading.lower[own[1]] == "," else None
    if before is None:
        return _verdict_of(reading, behind) if is_complement and k == 0 and behind is not None else None
    told = any(reading.lower[j] in _REPORTS for j in range(*before))
    is_told = told and any("Sub" in reading.doc[j].morph.get("Mood", []) for j in range(*own))
    found = _verdict_of(reading, before) if is_complement or is_told else None
    if found is None and behind is not None and reading.lower[before[1] - 1] in _REPORTS:
        return _verdict_of(reading, behind)  # "Den Vorwurf, man beliefere die Huthis, weist Teheran zurück"
    return found


def _over_demand(reading: Reading, happening: Happening, stretches: Sequence[_Stretch], k: int) -> _Verdict | None:
    """Look before a "dass" for who demands what its verb tells: "verlangt, dass …", "besteht darauf, dass …".

    A noun there is left alone: "verlangt, dass der Angriff untersucht wird" tells of one that has happened.
    """
    own = stretches[k]
    if happening.type in _SAID or reading.pos[happening.token] not in _VERBS or not k:
        return None
    if reading.lower[own[0] - 1 : own[0] + 1] != [",", "dass"] or _is_negated(reading, own):
        return None
    before = stretches[k - 1]
    if _is_negated(reading, before):
        return None
    insists = "darauf" in reading.lower[slice(*before)]
    words = _DEMANDING | _INSISTING if insists else _DEMANDING
    found = next((j for j in range(*before) if reading.lemma[j] in words), None)
    return None if found is None else (found, "requested")


def _verdict_of(reading: Reading, stretch: _Stretch) -> _Verdict | None:
    negated = _is_negated(reading, stretch)
    for j in range(*stretch):
        word = reading.lemma[j]
        if word in _RULING_OUT:
            return j, "possible" if negated else "denied"
        if word in _DENYING:
            return None if negated else (j, "denied")
        if word in _DOUBTING or reading.lower[j] in _DOUBTING:
            return None if negated else (j, "possible")
    return None


def _is_negated(reading: Reading, stretch: _Stretch) -> bool:
    return not _NEGATIONS.isdisjoint(reading.lower[slice(*stretch)])


def _over_infinitive(reading: Reading, i: int) -> _Verdict | None:
    """Look for a word of denying anywhere before an infinitive: "bestreitet, Soldaten geschickt zu haben".

    Where another negation stands before or between, it is not for this rule: "bestreitet nicht, …".
    """
    begin, end = reading.sentences[reading.sentence_of[i]]
    denial = next((j for j in range(i - 1, begin - 1, -1) if reading.lemma[j] in _DENYING), None)
    if denial is None or "," not in reading.lower[denial:i] or not _is_infinitive(reading, i, end):
        return None
    return (denial, "denied") if _NEGATIONS.isdisjoint(reading.lower[max(begin, denial - 1) : i]) else None


def _is_infinitive(reading: Reading, i: int, end: int) -> bool:
    """Tell an infinitive with "zu": "zu schicken", "geschickt zu haben"."""
    after = reading.lower[i + 1 : min(i + 1 + _AUXILIARIES_AFTER, end)]
    return reading.lower[i - 1] == "zu" or ("zu" in after and not _PERFECT.isdisjoint(after))
