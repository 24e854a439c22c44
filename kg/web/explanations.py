"""Why a claim is what it is, in the language of the page.

The graph says so in English (`lb:explanation`), in clauses that are put together from few patterns. These stand in the
section `why` of the messages in both languages; a clause that fits none of them stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from kg.web.i18n import Language, load_messages, section, translate
from kg.web.terms import name_part

_EXPLANATION = re.compile(r"(?P<part>\w+): (?:„(?P<words>.*)“ – )?(?P<why>.*)", re.DOTALL)
_GAP = re.compile(r"\\{(\w+)\\}")
_FEATURES = "chosen for "
_SECTION = "why"
_GAPS = {
    **dict.fromkeys(("word", "cue", "head"), "[^”]*"),
    **dict.fromkeys(("type", "role", "status", "strength", "side"), r"\w+"),
    **{"chance": r"[\d.]+", "number": r"\d+", "stem": r"\S+"},
}
"""What may stand in the gap of a pattern; in those that are not named here some words."""
_SOME_WORDS = r"[\w ]+"


class Explained(NamedTuple):
    """What decided one part of a claim."""

    part: str
    """The part in the language of the page."""
    words: str
    """The article's words; empty where none did."""
    why: str
    language: str
    """What `why` is written in."""


def explain(text: str, language: Language) -> Explained:
    """Return an explanation of the graph in a language."""
    found = _EXPLANATION.fullmatch(text)
    if not found:
        return Explained("", "", text, "en")
    why = _say(found["why"], language)
    part = name_part(found["part"], language)
    return Explained(part, found["words"] or "", why or found["why"], language if why else "en")


def _say(why: str, language: Language) -> str:
    """Return a clause in a language, "" where it fits no pattern."""
    if why.startswith(_FEATURES):
        features = [_fill(feature, language) for feature in why.removeprefix(_FEATURES).split(" and ")]
        chosen = translate(language, "why.chosen_for", features=translate(language, "why.and").join(features))
        return chosen if all(features) else ""
    return _fill(why, language)


def _fill(clause: str, language: Language) -> str:
    for key, pattern in _patterns().items():
        if found := pattern.fullmatch(clause):
            values = {name: _name(name, value, language) for name, value in found.groupdict().items()}
            return translate(language, key, **values)
    return ""


def _name(placeholder: str, value: str, language: Language) -> str:
    """Return what stands for a value: terms of the ontology have names, `roles` are some of them."""
    if placeholder == "roles":
        return translate(language, "why.and").join(_name("role", each, language) for each in value.split(" and "))
    if placeholder in {"type", "role", "status"}:
        return name_part(value, language)
    if placeholder == "chance":
        return value.replace(".", ",") if language == "de" else value
    return _fill(value, language) or value  # a clause of its own, or words of the article


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of English clauses by the key of their message, those with the fewest gaps first."""
    texts = {f"{_SECTION}.{name}": load_messages()[f"{_SECTION}.{name}"]["en"] for name in section(_SECTION)}
    order = sorted(texts, key=lambda key: texts[key].count("{"))
    return {key: re.compile(_GAP.sub(_open, re.escape(texts[key]))) for key in order}


def _open(gap: re.Match[str]) -> str:
    return f"(?P<{gap[1]}>{_GAPS.get(gap[1], _SOME_WORDS)})"
