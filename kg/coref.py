"""Which names inside one article are the same thing: surnames, declined forms, acronyms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc

from kg.german.forms import short_names
from kg.german.gazetteer import Gazetteer, read_words
from kg.scene import Found

_WORDS = read_words("persons")
_ACRONYM = re.compile(r"[A-ZÄÖÜ][A-ZÄÖÜa-z0-9/\-]{1,11}")


@dataclass(slots=True)
class Chain:
    """Mentions of one person, with all the names that the article uses."""

    names: list[str] = field(default_factory=list)
    """Without repetition, in the order of the article's full names, then of its short ones."""
    found: list[Found] = field(default_factory=list)

    def add(self, name: str, found: Found) -> None:
        """Add a mention by its name."""
        if name not in self.names:
            self.names.append(name)
        self.found.append(found)

    @property
    def full(self) -> str:
        """The longest name, which says most."""
        return max(self.names, key=lambda name: (len(name.split()), -self.names.index(name)))


def bare_name(surface: str, forms: Iterable[str], known: Gazetteer, *, genitive: bool) -> str:
    """Return a name without its genitive ending: "Putins" -> "Putin", yet "Hollande", "Johannes", "Guterres" stay.

    The ending goes where the article or the gazetteer has the name without it, or where the tagger sees a genitive.
    """
    if surface[-1:] in "’'":
        return surface[:-1]
    if not surface.endswith("s") or len(surface) < 4:
        return surface
    bare = surface[:-1]
    if bare in forms:
        return bare
    candidates = known.lookup(surface)
    if candidates:
        known_names = {n for c in candidates for n in (known.entity(c.key).label, *known.entity(c.key).aliases)}
        last = {name.split()[-1] for name in known_names} | known_names
        return surface if surface in last else bare
    return bare if genitive else surface


def is_genitive(doc: Doc, found: Found) -> bool:
    """Tell whether the tagger reads a name as a genitive: "Macrons Vorschlag"."""
    return "Gen" in doc[found.end - 1].morph.get("Case", [])


def chain_persons(doc: Doc, persons: Sequence[Found], gazetteer: Gazetteer) -> list[Chain]:
    """Group the names of persons: full names first, then each short name to the full name that fits it.

    Of several the last one before it, else the first one after it ("Kim" -> "Kim Jong Un").
    """
    names = _bare_names(doc, persons, gazetteer)
    chains: list[Chain] = []
    for found, name in zip(persons, names, strict=True):
        if len(_words(name)) > 1:
            chain = next((c for c in chains if any(_same_person(name, other, gazetteer) for other in c.names)), None)
            if chain is None:
                chain = Chain()
                chains.append(chain)
            chain.add(name, found)
    full = list(chains)
    for found, name in zip(persons, names, strict=True):
        if len(_words(name)) > 1:
            continue
        fitting = [c for c in full if any(name.casefold() in _shorts(other, gazetteer) for other in c.names)]
        fitting = fitting or [c for c in full if any(name == other.split()[0] for other in c.names)]
        before = [c for c in fitting if any(f.begin < found.begin for f in c.found if f.end - f.begin > 1)]
        chain = max(before, key=lambda c: max(f.begin for f in c.found if f.begin < found.begin), default=None)
        chain = chain or (fitting[0] if fitting else next((c for c in chains if name in c.names), None))
        if chain is None:
            chain = Chain()
            chains.append(chain)
        chain.add(name, found)
    return chains


def _bare_names(doc: Doc, persons: Sequence[Found], gazetteer: Gazetteer) -> list[str]:
    """Return the names without genitive endings: "Benkos" of "René Benko", yet "Isaias" of "Isaias Afwerki" stays."""
    surfaces = [doc[f.begin : f.end].text for f in persons]
    forms, parts = set(surfaces), set[str]()
    # surnames that stand with their "s" where they are no genitives: "Herr Kavaliauskas"
    ends = {doc[found.end - 1].text for found in persons if not is_genitive(doc, found)}
    names = [""] * len(surfaces)
    for i in sorted(range(len(surfaces)), key=lambda i: " " not in surfaces[i]):  # full names tell of what is short
        keeps = surfaces[i] in parts
        genitive = is_genitive(doc, persons[i]) and doc[persons[i].end - 1].text not in ends
        names[i] = surfaces[i] if keeps else bare_name(surfaces[i], forms | parts, gazetteer, genitive=genitive)
        if " " in surfaces[i]:
            parts.update(names[i].split())
    return names


def _words(name: str) -> list[str]:
    return [w for w in name.split() if w not in _WORDS["titles"]]


@lru_cache(maxsize=4096)
def _shorts(name: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return how a person of a full name may be called, in lower case: a sentence may begin with "Von der Leyen"."""
    words = _words(name)
    shorts = {*short_names(" ".join(words), ""), words[-1]}  # "Leyen" where the recogniser leaves "von der" out
    if words[0] in _WORDS["family_names_first"]:
        shorts.add(words[0])
    for candidate in gazetteer.lookup(name):
        entity = gazetteer.entity(candidate.key)
        shorts.update(s for n in (entity.label, *entity.aliases) for s in short_names(n, (entity.country or "")[-2:]))
        shorts.update(n for n in entity.aliases if " " not in n)
    return frozenset(short.casefold() for short in shorts)


def _same_person(name: str, other: str, gazetteer: Gazetteer) -> bool:
    """Tell whether two full names are one person's: "Lula da Silva" and "Luiz Inácio Lula da Silva"."""
    if name == other:
        return True
    mine = {c.key for c in gazetteer.lookup(name) if c.kind == "person"}
    if mine & {c.key for c in gazetteer.lookup(other) if c.kind == "person"}:
        return True
    few, many = sorted(([w.casefold() for w in _words(each)] for each in (name, other)), key=len)  # "Von der Leyen …"
    return len(few) < len(many) and set(few) <= set(many) and (few[-1] == many[-1] or few[0] == many[0])


def acronyms(doc: Doc, organizations: Sequence[Found]) -> Mapping[int, int]:
    """Return the index of each name in brackets to the index of the name before them: "Afrikanische Union (AU)"."""
    pairs = {}
    for i, found in enumerate(organizations):
        if (
            found.begin < 2
            or doc[found.begin - 1].text != "("
            or not _ACRONYM.fullmatch(doc[found.begin : found.end].text)
        ):
            continue
        for j in range(i - 1, max(-1, i - 4), -1):
            if organizations[j].end == found.begin - 1:
                pairs[i] = j
    return pairs
