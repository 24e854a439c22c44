"""Is a draft a claim of its own? Background, repetition and the metaphors that slipped through are left out.

A draft is looked at once its slots are filled, and beside the drafts of the same type before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.casting import Pairs
from kg.model import Claim
from kg.reading import Reading
from kg.realisations import Happening
from kg.wordlists import words_of

_POINTING = words_of("pointing")
_CORE = ("sender", "speaker", "participant", "attacker", "summit")
_AIMS = ("recipient", "target", "addressee", "destination", "origin", "place")


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim that may still be dropped, with the trigger that it was built from."""

    claim: Claim
    happening: Happening
    pairs: Pairs = field(default_factory=dict)
    """What the roles were decided on, for the reasons of a claim that is kept."""


def features(reading: Reading, drafts: Sequence[Draft], position: int) -> list[str]:
    """Return the features of the draft at `position` among the drafts of its article."""
    draft = drafts[position]
    claim, happening = draft.claim, draft.happening
    number = reading.sentence_of[happening.token]
    base = [f"p={int(happening.probability * 10)}", f"pos={reading.pos[happening.token]}", f"status={claim.status}"]
    base += [f"has={role}:{min(len(keys), 2)}" for role, keys in claim.roles.items()]
    base.append(f"filled={min(len(claim.roles), 4)}")
    base += [name for name, value in (("figure", claim.personnel or claim.quantity), ("time", claim.time)) if value]
    base += ["sourced"] if claim.attributed_to or claim.attribution_text else []
    base.append("title" if reading.is_title(number) else "lead" if number <= 2 else "body")
    if happening.more:
        base.append("more")
    if happening.token and reading.lower[happening.token - 1] in _POINTING:
        base.append("pointing")
    base += _strength(reading, happening)
    base += _repetition(reading, drafts, position)
    base += _rivals(reading, drafts, position)
    t = happening.type
    sure = f"p={int(happening.probability * 5)}"
    return [*base, f"t={t}", *(f"{t}|{f}" for f in base), *(f"{sure}|{f}" for f in base if not f.startswith("p="))]


def _strength(reading: Reading, happening: Happening) -> list[str]:
    hits = [strength for frame, strength in reading.lexicon.get(happening.token, ()) if frame == happening.type]
    return [f"lex={hits[0]}"] if hits else ["lex=no"]


def _repetition(reading: Reading, drafts: Sequence[Draft], position: int) -> list[str]:
    """Compare with the drafts of the same type: the likest one before, and for a headline the likest one after."""
    draft = drafts[position]
    out = []
    for side, others in (("before", drafts[:position]), ("after", drafts[position + 1 :])):
        best: tuple[int, list[str]] | None = None
        for other in others:
            if other.happening.type != draft.happening.type:
                continue
            likeness, names = _likeness(reading, draft, other)
            if best is None or likeness > best[0]:
                best = (likeness, names)
        if best is None:
            out.append(f"{side}:none")
        else:
            out += [f"{side}:like={best[0]}", *(f"{side}:{name}" for name in best[1])]
    return out


def _likeness(reading: Reading, one: Draft, other: Draft) -> tuple[int, list[str]]:
    names = []
    score = 0
    for group, label in ((_CORE, "core"), (_AIMS, "aim")):
        mine = {key for role in group for key in one.claim.roles.get(role, ())}
        theirs = {key for role in group for key in other.claim.roles.get(role, ())}
        if not mine or not theirs:
            names.append(f"{label}=open")
        elif mine == theirs:
            names.append(f"{label}=same")
            score += 2
        elif mine & theirs:
            names.append(f"{label}=part")
            score += 1
        else:
            names.append(f"{label}=other")
            score -= 2
    for label, mine_value, their_value in (
        ("figure", _figure(one.claim), _figure(other.claim)),
        ("time", _time(one.claim), _time(other.claim)),
        ("status", one.claim.status, other.claim.status),
    ):
        if mine_value is None or their_value is None:
            names.append(f"{label}=open")
        elif mine_value == their_value:
            names.append(f"{label}=same")
            score += 1
        else:
            names.append(f"{label}=other")
            score -= 1
    if reading.lemma[one.happening.token] == reading.lemma[other.happening.token]:
        names.append("lemma=same")
        score += 1
    gap = abs(reading.sentence_of[one.happening.token] - reading.sentence_of[other.happening.token])
    names.append(f"gap={min(gap, 3)}")
    return score, names


def _figure(claim: Claim) -> tuple[int | None, int | None] | None:
    figure = claim.personnel or claim.quantity
    return (figure.min, figure.max) if figure is not None else None


def _time(claim: Claim) -> tuple[object, object] | None:
    return (claim.time.begin, claim.time.end) if claim.time is not None else None


def _rivals(reading: Reading, drafts: Sequence[Draft], position: int) -> list[str]:
    """Drafts of the same sentence: of the same type, and surer ones on the same word."""
    draft = drafts[position].happening
    number = reading.sentence_of[draft.token]
    out = []
    for k, other in enumerate(drafts):
        if k == position or reading.sentence_of[other.happening.token] != number:
            continue
        surer = other.happening.probability > draft.probability
        if other.happening.type == draft.type:
            out.append(f"rival:{'surer' if surer else 'weaker'}")
        if other.happening.token == draft.token:
            out.append(f"sameword:{other.happening.type}:{'surer' if surer else 'weaker'}")
        out.append(f"beside={other.happening.type}")
    return out
