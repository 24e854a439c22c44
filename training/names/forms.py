"""Where the names of an annotated article stand: the gold files list surface forms, not offsets."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from training.german.corpora import GoldArticle

_LOCATIVE = re.compile(r"\b(?:in|nach|aus|bei|durch|vor|nahe|über|um)\s$", re.IGNORECASE)
_ENDS_AS_SENTENCE = re.compile(r"[.!?…:;,][“”»«\"')\]]*\s*$")
_TEASER = re.compile(r"^\W*(?:lesen|mehr zum|siehe auch|auch interessant|video|anzeige|newsletter)\b", re.IGNORECASE)


UNKNOWN = "-"
"""A tag where it is not known what is a name."""


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name's place in the text, in code points, and its class."""

    begin: int
    end: int
    type: str


def office_words(articles: Iterable[GoldArticle]) -> frozenset[str]:
    """Collect the nouns of the offices in the annotation, lower case, without their inflection."""
    titles = (str(p["title"]) for a in articles for e in a.entities for p in e.get("positions") or ())
    return frozenset(_stem(word) for title in titles for word in re.findall(r"[\w-]+", title) if word[0].isupper())


def find_names(article: GoldArticle, offices: frozenset[str]) -> list[Name]:
    """Find all places of an article's names, the longest first where two overlap."""
    forms: dict[str, set[str]] = {}
    for entity in article.entities:
        for form in _name_forms(entity, offices):
            forms.setdefault(form, set()).add(str(entity["type"]))
    found: list[Name] = []
    taken: set[int] = set()
    for form in sorted(forms, key=lambda f: (-len(f), f)):
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", article.text):
            places = range(match.start(), match.end())
            if taken.isdisjoint(places):
                taken.update(places)
                kind = _choose_type(forms[form], article.text[: match.start()])
                found.append(Name(match.start(), match.end(), kind))
    return sorted(found)


def _name_forms(entity: dict[str, object], offices: frozenset[str]) -> Iterator[str]:
    """Yield the forms to learn: "Donald Trump" for "US-Präsident Donald Trump", nothing for "der Präsident"."""
    mentions = list(entity["mentions"])  # type: ignore[call-overload]  # JSON
    for mention in mentions:
        name = mention
        if entity["type"] == "Person":
            name = _strip_office(mention, str(entity["name"]), offices)
        if name and any(letter.isupper() for letter in name):
            yield name


def _strip_office(mention: str, name: str, offices: frozenset[str]) -> str:
    """Drop what stands before the name: what follows the last office noun, or the tail that the usual name knows."""
    words = mention.split(" ")
    known = {_bare(word) for word in name.split(" ")}
    for first in range(len(words)):
        if all(_bare(word) in known for word in words[first:]):
            return " ".join(words[first:])
    last = max((i for i, w in enumerate(words) if _stem(w.strip(",")) in offices or _is_role(w)), default=-1)
    words = words[last + 1 :]
    return " ".join(words) if words and _NAME_START.match(words[0]) else ""


_NAME_START = re.compile(r"[^\W\d_a-zäöü]|(?:al|as|el|an|ad|at|ar|asch|az|bin|van|von|de|di)[- ]")


def _bare(word: str) -> str:
    return re.sub(r"['’]?s?['’]?$", "", word.strip(",").lower())


_ROLE = re.compile(
    r".*(?:präsident|minister|kanzler|chef|sprecher|general|könig|premier|sekretär|führer|kommissar|vorsitzende|beauftragte"
    r"|botschafter|gesandte|direktor|berater|kommandeur|kommandant|trainer|chefin|machthaber|herrscher|emir|sultan|papst"
    r"|prinz|professor|abgeordnete|senator|gouverneur|offizier|oberst|leutnant|admiral|major|hauptmann|brigadier)"
    r"(?:in|innen|en|s|es|n|r|e)?",
    re.IGNORECASE,
)


def _is_role(word: str) -> bool:
    return bool(_ROLE.fullmatch(word.strip(",")))


def _stem(word: str) -> str:
    return re.sub(r"(?:innen|in|en|es|er|s|n|r|e)$", "", word.lower())


def _choose_type(types: set[str], before: str) -> str:
    """Choose between a city and its state: "in Moskau" is the city, "warf Moskau vor" the state."""
    if len(types) == 1:
        return next(iter(types))
    if types == {"Country", "Place"}:
        return "Place" if _LOCATIVE.search(before) else "Country"
    return sorted(types)[0]


def to_entity_tags(doc: Doc, names: Iterable[Name]) -> list[str]:
    """Return BILOU tags; `UNKNOWN` in lines that look like page noise: their names are not annotated."""
    tags = ["O"] * len(doc)
    named_lines = set()
    for name in names:
        span = doc.char_span(name.begin, name.end)
        if span is None or any(tags[i] != "O" for i in range(span.start, span.end)):
            continue
        named_lines.add(doc.text.count("\n", 0, name.begin))
        marks = ["U"] if len(span) == 1 else ["B", *["I"] * (len(span) - 2), "L"]
        for token, mark in zip(span, marks, strict=True):
            tags[token.i] = f"{mark}-{name.type}"
    lines = doc.text.split("\n")
    for token in doc:
        number = doc.text.count("\n", 0, token.idx)
        if number and tags[token.i] == "O" and _may_be_noise(lines[number], number in named_lines):
            tags[token.i] = UNKNOWN
    return tags


def _may_be_noise(line: str, named: bool) -> bool:
    if _TEASER.search(line):
        return True
    return not named and bool(line.strip()) and not _ENDS_AS_SENTENCE.search(line)
