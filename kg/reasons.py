"""Why a claim is what it is, in words for `kg explain` and the article page."""

from collections.abc import Mapping, Sequence

from kg import roles
from kg.maxent import LinearModel
from kg.model import Claim, Reason
from kg.reading import Reading
from kg.realisations import Happening

_SHOWN = 2
"""How many features are named for each filler."""

_NAMES = {
    "prep": "the preposition “{}”",
    "dep": "its dependency “{}”",
    "case": "its case “{}”",
    "art": "the article “{}”",
    "fits": "a place in the sentence made for {}",
    "path": "the path “{}” to the trigger",
    "side": "standing {} the trigger",
    "gap": "its nearness to the trigger",
    "kind=adjective": "its adjective",
    "kind=metonym": "the capital or other name that stands for it",
    "kind=office": "the office",
    "prev": "the word “{}” before it",
    "next": "the word “{}” after it",
    "freq": "how often it is named",
    "rank": "ranking in the article",
    "chance": "the article as a whole",
    "alike_before": "the same part before",
    "alike_after": "the same part after",
    "through": "a person or body of that state",
    "dh": "the word “{}” that governs it",
    "gf": "what it is in its clause",
    "recent": "having been named just before",
}


def of_trigger(reading: Reading, happening: Happening) -> Reason:
    """Say which word is the trigger and whether the frame knows it."""
    strength = reading.strength_of(happening.token, happening.type)
    known = f"a {strength} trigger of {happening.type}" if strength else f"tells of a {happening.type} here"
    return Reason("trigger", reading.doc[happening.token].text, f"{known}, probability {happening.probability:.2f}")


def of_roles(
    reading: Reading, happening: Happening, claim: Claim, pairs: Mapping[int, Sequence[str]], model: LinearModel
) -> list[Reason]:
    """Say for each filler which of its features spoke for it most."""
    found = []
    for label, keys in claim.roles.items():
        for key in keys:
            number = reading.index_of[key]
            spoke = [name_feature(feature) for feature, _ in model.evidence(pairs.get(number, ()), label, 8)]
            why = list(dict.fromkeys(words for words in spoke if words))[:_SHOWN]
            place = roles.choose_mention(reading, happening, number)
            words = place.mention.span.of(reading.article.text) if place else reading.entities[number].entity.label
            found.append(Reason(label, words, "chosen for " + " and ".join(why) if why else "by its whole context"))
    return found


def name_feature(feature: str) -> str:
    """Return a feature in words, "" where it has none: `Deployment|prep=nach` -> the preposition “nach”."""
    name, _, value = feature.rsplit("|", maxsplit=1)[-1].partition("=")
    pattern = _NAMES.get(f"{name}={value}", _NAMES.get(name.split(":")[0]))
    return pattern.format(value.split(":")[0]) if pattern and value not in {"", "-", "?"} else ""
