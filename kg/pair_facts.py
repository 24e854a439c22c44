"""The plain facts of a pair as numbers, read off the features that the first look was given: columns for the trees."""

from collections.abc import Sequence

_NUMBERS = ("breaks", "between", "rivals", "rivals_here", "rivals_between", "recent")
_FLAGS = ("first", "ofirst", "medium", "ends=s", "has_country", "indirect")
_SIDES = ("before", "on", "after")
_CLAUSES = ("same", "around", "within", "beside", "apart")
_KINDS = ("name", "office", "adjective", "metonym")
_CASES = ("nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:arg", "nmod", "nmod:poss", "appos", "conj", "flat", "root")
_PREPOSITIONS = (
    "-", "in", "nach", "von", "mit", "aus", "an", "auf", "für", "gegen", "bei", "zu", "vor", "durch", "zwischen",
    "laut", "im", "am", "vom", "zum", "zur", "beim", "über", "gegenüber", "um", "ins", "ans",
)  # fmt: skip
_HEARD = ("says=here:own", "says=here", "says=before", "cue=here")

PAIR_FACTS = (
    *_NUMBERS, *_FLAGS, "fitting roles", "side", "mention", "dependency", "preposition", "earlier preposition",
    "through", *_HEARD, "function", "its preposition", "its depth", "clause",
)  # fmt: skip
"""Names of the columns, in their order."""


def read_facts(features: Sequence[str]) -> tuple[list[float], frozenset[str]]:
    """Read numbers off the first look's features, and the roles that the mention's place is made for."""
    plain: dict[str, str] = {}
    fits, heard, through = set(), set(), 0
    for feature in features:
        name, _, value = feature.partition("=")
        if name == "t":
            break  # what follows are combinations
        if name == "fits":
            fits.add(value)
        elif name in {"says", "cue"}:
            heard.add(feature)
        elif name == "through":
            through += 1
        else:
            plain.setdefault(name, value)
            plain.setdefault(feature, "")
    numbers = [float(plain.get(name, -1)) for name in _NUMBERS]
    flags = [float(name in plain) for name in _FLAGS]
    codes = [
        _code(_SIDES, plain.get("side")), _code(_KINDS, plain.get("kind")), _code(_CASES, plain.get("dep")),
        _code(_PREPOSITIONS, plain.get("prep")), _code(_PREPOSITIONS, plain.get("oprep")),
    ]  # fmt: skip
    spoken = [float(any(h.startswith(mark) for h in heard)) for mark in _HEARD]
    function, preposition, depth = plain.get("gf", "::-1").rsplit(":", 2)
    clause = [_code(_CASES, function), _code(_PREPOSITIONS, preposition), float(depth)]
    clause.append(_code(_CLAUSES, plain.get("clause")))
    return [*numbers, *flags, float(len(fits)), *codes, float(through), *spoken, *clause], frozenset(fits)


def _code(words: Sequence[str], word: str | None) -> float:
    return float(words.index(word) + 1) if word in words else 0.0
