"""Where the trigger words of the frames stand in a Doc."""

from collections.abc import Mapping, Sequence
from functools import cache

from spacy.tokens import Doc

from kg.frames import Frame, Trigger, trigger_index

LexiconHit = tuple[str, str]
"""Frame and strength of a trigger word: ("Deployment", "strong")."""

_PHRASE_REACH = 8
"""Words over which a light-verb construction may spread: "setzte gestern zwei Bataillone in Marsch"."""


@cache
def _by_kind() -> tuple[
    Mapping[str, tuple[tuple[Frame, Trigger], ...]],
    Mapping[str, tuple[tuple[Frame, Trigger], ...]],
    tuple[tuple[tuple[str, ...], Frame, Trigger], ...],
]:
    """Return single words by lower-case lemma, compound heads by ending, phrases by their words."""
    words: dict[str, list[tuple[Frame, Trigger]]] = {}
    heads: dict[str, list[tuple[Frame, Trigger]]] = {}
    phrases = []
    for lemma, entries in trigger_index().items():
        for frame, trigger in entries:
            if trigger.kind == "phrase":
                phrases.append((tuple(_fold(lemma).split()), frame, trigger))
            elif trigger.kind == "head":
                heads.setdefault(_fold(lemma), []).append((frame, trigger))
            else:
                words.setdefault(_fold(lemma), []).append((frame, trigger))
    frozen = {lemma: tuple(found) for lemma, found in words.items()}
    return frozen, {lemma: tuple(found) for lemma, found in heads.items()}, tuple(phrases)


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
    for i, lemma in enumerate(lowers):
        openings.setdefault(lemma, []).append(i)
        openings.setdefault(doc[i].lower_, []).append(i)
        hits = words.get(lemma, ())
        if not hits and doc[i].text[:1].isupper() and len(lemma) > 7:
            hits = next((heads[lemma[cut:]] for cut in range(3, len(lemma) - 3) if lemma[cut:] in heads), ())
        if hits:
            found.setdefault(i, set()).update((frame.name, trigger) for frame, trigger in hits)
    for parts, frame, trigger in phrases:
        anchor = max(parts, key=len)
        for i in openings.get(anchor, ()):
            near = range(max(0, i - _PHRASE_REACH), min(len(lowers), i + _PHRASE_REACH + 1))
            around = {lowers[j] for j in near} | {doc[j].lower_ for j in near}
            if all(part in around for part in parts):
                found.setdefault(i, set()).add((frame.name, trigger))
    result: dict[int, tuple[LexiconHit, ...]] = {}
    for i, entries in found.items():
        sent = doc[i].sent
        around = {lowers[j] for j in range(sent.start, sent.end)}
        kept = {(name, t.strength) for name, t in entries if not any(_fold(word) in around for word in t.not_with)}
        if kept:
            result[i] = tuple(sorted(kept))
    return result
