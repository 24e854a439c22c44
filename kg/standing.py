"""Has it happened? The status of a happening, from mood, modality, negation and what governs the trigger."""

import numpy as np

from kg.maxent import Floats, mix
from kg.model import STATUSES, Status
from kg.reading import Reading
from kg.realisations import Happening
from kg.wordlists import words_of

CONTEXT_SHARE = 0.5
"""What the encoder's word counts in the log odds of a standing, beside the linear model's."""
MODALS = words_of("modals")
NEGATIONS = words_of("negations")
_NOT = words_of("unsaid")
_CONTINUES = frozenset({",", ":"})
"""After a negation: what is not thought, or what is said instead, follows."""
_UTTERING = words_of("uttering")
_FRONTED: tuple[tuple[Status, frozenset[str]], ...] = (
    ("planned", words_of("fronted_planned")),
    ("possible", words_of("fronted_possible")),
)
_FRONTED_VERBS = words_of("fronted_verbs")
_AUXILIARIES = words_of("standing")
_ASSESSING = words_of("assessing")
_STOPS = words_of("stops")
_CONTENT = frozenset({"VERB", "AUX", "ADJ", "NOUN"})
_LEFT_OUT = ("b=", "w=", "suf", "pre")
"""Features too many to be kept by type as well."""
_WINDOW = 8
_NOW = words_of("going_on")
_TAKING_PLACE = words_of("taking_place")
_OCCURRED, _PLANNED = STATUSES.index("occurred"), STATUSES.index("planned")


def features(reading: Reading, happening: Happening) -> list[str]:
    """Return the features from which the status of the happening is decided."""
    i, t = happening.token, happening.type
    begin, end = reading.sentences[reading.sentence_of[i]]
    morph = reading.morphs[i]
    base = [f"l={reading.lemma[i]}", f"p={reading.pos[i]}", f"w={reading.lower[i]}"]
    base += [f"{name}={value}" for name in ("Mood", "VerbForm", "Tense") for value in morph.get(name, ())]
    base += [f"suf={reading.lower[i][-2:]}", f"pre={reading.lower[i][:2]}"]
    low, high = _clause(reading, i, begin, end)
    for j in range(begin, end):
        word = reading.lower[j]
        if word in MODALS or word in NEGATIONS or word in _AUXILIARIES:
            near = "clause" if low <= j < high else "sentence"
            base.append(f"{near}:{word}")
            if near == "clause":
                base.append(f"{near}:{word}:{'before' if j < i else 'after'}")
    base += [f"b={reading.lemma[j]}" for j in range(max(begin, i - _WINDOW), min(end, i + _WINDOW + 1)) if j != i]
    base += [f"{offset:+d}={reading.lower[i + offset]}" for offset in (-2, -1, 1, 2) if begin <= i + offset < end]
    base += [f"c:{reading.lemma[j]}" for j in range(low, high) if j != i and reading.pos[j] in _CONTENT]
    base += _governors(reading, i)
    base += _assessments(reading, i, begin, end)
    if reading.times_in[reading.sentence_of[i]]:
        published = reading.article.published
        for _, _, time in reading.times_in[reading.sentence_of[i]]:
            if time.begin is not None and time.begin > published:
                base.append("time=future")
            elif time.end is not None and time.end < published:
                base.append("time=past")
            else:
                base.append("time=now")
    for _, _, figure in reading.figures_in[reading.sentence_of[i]]:
        base.append(f"figure={figure.qualifier}")
    if reading.is_title(reading.sentence_of[i]):
        base.append("title")
    last = next((reading.lower[j] for j in range(end - 1, begin - 1, -1) if not reading.doc[j].is_space), "")
    base.append(f"ends={last}")
    combined = (f"{t}|{feature}" for feature in base if not feature.startswith(_LEFT_OUT))
    return list(dict.fromkeys([*base, f"t={t}", *combined]))  # a word that stands there twice says no more


def is_unsaid(reading: Reading, i: int) -> bool:
    """Tell whether a verb of saying at `i` is negated: "Moskau äußerte sich zunächst nicht", "hat sich nicht geäußert".

    "Er glaubt nicht, dass …" says something, and so does "er hat nicht ausgeschlossen".
    """
    begin, end = reading.sentences[reading.sentence_of[i]]
    low, high = _clause(reading, i, begin, end)
    last = next(j for j in range(high - 1, i - 1, -1) if j == i or reading.doc[j].is_alpha)
    if reading.lower[last] in _NOT:
        return high >= end or reading.lower[high] not in _CONTINUES
    return i > low and reading.lower[i - 1] in _NOT and reading.lemma[i] in _UTTERING


def find_fronted(reading: Reading, i: int) -> tuple[int, Status] | None:
    """Return the predicate that opens the sentence of a word and says its standing: "Geplant ist ein Treffen".

    It reaches to the first comma, or beyond it into what it governs ("Denkbar sei, dass …"), and not into a relative
    clause. None where there is none, or a negation beside it.
    """
    begin, end = reading.sentences[reading.sentence_of[i]]
    first = next((j for j in range(begin, end) if reading.doc[j].is_alpha), end)
    standing = next((status for status, words in _FRONTED if first < end and reading.lower[first] in words), None)
    if standing is None or first + 1 >= i or reading.lower[first + 1] not in _FRONTED_VERBS:
        return None
    between = reading.lower[first + 1 : i]
    breaks = [j for j, word in enumerate(between) if word in _STOPS]
    governed = not breaks or (len(breaks) == 1 and between[breaks[0] : breaks[0] + 2] == [",", "dass"])
    return (first, standing) if governed and NEGATIONS.isdisjoint(reading.lower[first:end]) else None


def weigh(reading: Reading, i: int, odds: Floats, said: Floats | None) -> Floats:
    """Return the log odds of the standings of what is told at `i`, of shape (statuses,).

    Args:
        odds: those of the linear model.
        said: those of the encoder, if it has read the article.
    """
    weighed = odds.copy() if said is None else mix(odds, said, CONTEXT_SHARE)
    if _goes_on(reading, i):
        weighed[_OCCURRED] = max(weighed[_OCCURRED], weighed[_PLANNED])
        weighed[_PLANNED] = -np.inf
    return weighed


def _goes_on(reading: Reading, i: int) -> bool:
    """Tell whether it is said to be going on: "findet derzeit statt", "tagt heute"; not where there is a modal verb.

    "Plant derzeit einen Abzug" says when the planning is: an adverb counts for its verb alone.
    """
    low, high = _clause(reading, i, *reading.sentences[reading.sentence_of[i]])
    clause = reading.lower[low:high]
    if not MODALS.isdisjoint(clause):
        return False
    is_now = not _NOW.isdisjoint(clause)
    if not _TAKING_PLACE.isdisjoint(clause):
        return is_now or _is_dated_now(reading, low, high)
    return is_now and "Fin" in reading.morphs[i].get("VerbForm", ())


def _is_dated_now(reading: Reading, low: int, high: int) -> bool:
    """Tell whether a date among the tokens from `low` to `high` takes in the day of publication."""
    day = reading.article.published
    times = [time for begin, _, time in reading.times_in[reading.sentence_of[low]] if low <= begin < high]
    return any(time.begin is not None and time.end is not None and time.begin <= day <= time.end for time in times)


def _clause(reading: Reading, i: int, begin: int, end: int) -> tuple[int, int]:
    """Return the stretch between the punctuation marks around the trigger."""
    low, high = i, i + 1
    while low > begin and reading.lower[low - 1] not in _STOPS:
        low -= 1
    while high < end and reading.lower[high] not in _STOPS:
        high += 1
    return low, high


def _assessments(reading: Reading, i: int, begin: int, end: int) -> list[str]:
    """Words of expecting and estimating: "Madrid befürchtet, dass Rabat Gendarmen verlegt"."""
    out = []
    for j in range(begin, end):
        if reading.lemma[j].lower() in _ASSESSING:
            clause = "dass" if j < i and "dass" in reading.lower[j:i] else "same"
            out += ["assessed", f"assessed:{'before' if j < i else 'after'}:{clause}", f"assess={reading.lemma[j]}"]
    return out


def _governors(reading: Reading, i: int) -> list[str]:
    """Lemmas above the trigger in the parse: "fordert den Abzug" -> fordern."""
    out: list[str] = []
    if not reading.deps[i]:
        return out
    token = i
    for depth in (1, 2, 3):
        head = reading.heads[token]
        if head == token:
            break
        out += [f"g{depth}={reading.lemma[head]}", f"g:{reading.lemma[head]}"]
        morph = reading.morphs[head]
        out += [f"g{depth}:{name}={value}" for name in ("Mood", "VerbForm", "Tense") for value in morph.get(name, ())]
        token = head
    for child in reading.children[i]:
        if reading.deps[child] in {"aux", "aux:pass", "advmod", "mark", "cop", "compound:prt"}:
            out.append(f"k:{reading.lower[child]}")
    return out


def shown_word(feature: str) -> str:
    """Return the article's word that a feature stands for, "" where it stands for none."""
    name = feature.rsplit("|", maxsplit=1)[-1]
    for mark in ("clause:", "sentence:", "k:", "l=", "b=", "c:", "g:", "g1=", "g2=", "g3=", "w="):
        if name.startswith(mark):
            return name.removeprefix(mark).split(":")[0]
    return ""
