"""Where the trigger words of the frames stand in a Doc."""

from collections.abc import Mapping, Sequence
from functools import cache

from spacy.tokens import Doc

from kg.frames import Frame, Trigger, trigger_index

LexiconHit = tuple[str, str]
"""Frame and strength of a trigger word: ("Deployment", "strong")."""

STRENGTHS = ("", "vague", "weak", "strong")
"""How strongly a word is tied to a frame, least first."""
FIRM = frozenset({"strong", "weak"})
"""Strengths that say something of a sentence; a vague word stands in nearly every one."""
_LONGEST_SIMPLE = 7
"""Letters up to which a noun is no compound."""
_PHRASE_REACH = 8
"""Words over which a light-verb construction may spread: "setzte gestern zwei Bataillone in Marsch"."""


@cache
def _by_kind() -> tuple[
    Mapping[str, tuple[tuple[Frame, Trigger], ...]],
    Mapping[str, tuple[tuple[Frame, Trigger], ...]],
    Mapping[str, tuple[tuple[frozenset[str], Frame, Trigger], ...]],
]:
    """Return single words by lower-case lemma, compound heads by ending, the words of phrases by the longest one."""
    words: dict[str, list[tuple[Frame, Trigger]]] = {}
    heads: dict[str, list[tuple[Frame, Trigger]]] = {}
    phrases: dict[str, list[tuple[frozenset[str], Frame, Trigger]]] = {}
    for lemma, entries in trigger_index().items():
        for frame, trigger in entries:
            if trigger.kind == "phrase":
                parts = _fold(lemma).split()
                phrases.setdefault(max(parts, key=len), []).append((frozenset(parts), frame, trigger))
            elif trigger.kind == "head":
                heads.setdefault(_fold(lemma), []).append((frame, trigger))
            else:
                words.setdefault(_fold(lemma), []).append((frame, trigger))
    return (
        {lemma: tuple(found) for lemma, found in words.items()},
        {ending: tuple(found) for ending, found in heads.items()},
        {anchor: tuple(found) for anchor, found in phrases.items()},
    )


def _fold(lemma: str) -> str:
    """Return the lemma in lower case and Swiss spelling, in which all agree."""
    return lemma.lower().replace("ß", "ss")


def find_trigger_words(doc: Doc, lemmas: Sequence[str]) -> dict[int, tuple[LexiconHit, ...]]:
    """Find the frames' trigger words; `lemmas` gives each token's lemma, verbs with their particle.

    Returns token index to its hits, sorted. A phrase counts for its last content word ("in Marsch setzen" -> Marsch).
    """
    words, heads, phrases = _by_kind()
    found: dict[int, set[tuple[str, Trigger]]] = {}
    lowers = [_fold(lemma) for lemma in lemmas]
    openings: dict[str, list[int]] = {}
    for i, (token, lemma) in enumerate(zip(doc, lowers, strict=True)):
        openings.setdefault(lemma, []).append(i)
        openings.setdefault(token.lower_, []).append(i)
        # The form too: not every noun has its own lemma ("Granate" goes by that of Granat).
        forms = dict.fromkeys((lemma, _fold(token.text)))
        hits = next((words[form] for form in forms if form in words), ())
        if not hits and token.text[:1].isupper() and len(lemma) > _LONGEST_SIMPLE:
            hits = next(
                (heads[form[cut:]] for form in forms for cut in range(3, len(form) - 3) if form[cut:] in heads), ()
            )
        if hits:
            found.setdefault(i, set()).update((frame.name, trigger) for frame, trigger in hits)
    for anchor in openings.keys() & phrases.keys():
        for i in openings[anchor]:
            near = range(max(0, i - _PHRASE_REACH), min(len(lowers), i + _PHRASE_REACH + 1))
            around = {lowers[j] for j in near} | {doc[j].lower_ for j in near}
            told = [(frame.name, trigger) for parts, frame, trigger in phrases[anchor] if parts <= around]
            if told:
                found.setdefault(i, set()).update(told)
    result: dict[int, tuple[LexiconHit, ...]] = {}
    for i, entries in found.items():
        sent = doc[i].sent
        around = {lowers[j] for j in range(sent.start, sent.end)}
        kept = {(name, t.strength) for name, t in entries if not any(_fold(word) in around for word in t.not_with)}
        if kept:
            result[i] = tuple(sorted(kept))
    return result
