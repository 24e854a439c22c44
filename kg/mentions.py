"""The mentions in a `Doc`: names, offices, country adjectives, capitals that stand for their government.

The name recogniser is one witness beside the gazetteer. What the gazetteer knows for certain (countries, alliances,
full names) holds against it; what is also a common word or a surname needs it, or the article's own support.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.german import is_noise
from kg.german.gazetteer import Candidate, Gazetteer, load_gazetteer
from kg.model import ENTITY_TYPES, Article, EntityType, Mention, MentionKind, Span
from kg.phrases import Owned, compound_owner, find_body, find_office
from kg.summits import find_summits

_PLACE_PREPOSITIONS = {"in", "nach", "bei", "nahe", "um", "bis", "durch", "ab", "im", "entlang", "unweit"}
_PLACE_NOUNS = {
    "Hauptstadt", "Stadt", "Großraum", "Raum", "Metropole", "Flughafen", "Region", "Provinz", "Gebiet", "Hafen",
    "Innenstadt", "Insel", "Dorf", "Ort", "Bezirk", "Festung", "Millionenstadt", "Hafenstadt", "Stützpunkt",
}  # fmt: skip
_OF_PLACE = {
    "südlich", "nördlich", "östlich", "westlich", "südwestlich", "südöstlich", "nordwestlich", "nordöstlich", "unweit",
    "Vororte", "Vorort", "Zentrum", "Straßen", "Hafen", "Flughafen", "Kilometer", "Norden", "Süden", "Osten", "Westen",
    "Raum", "Nähe", "Umland", "Oberbürgermeister", "Bürgermeister", "Innenstadt", "Toren", "Universität",
}  # fmt: skip
_CONJUNCTIONS = {"und", "oder", "sowie", ",", "/", "beziehungsweise"}
_DATELINE = {".", "–", "-", "—", "(", "/", ":", "|", "dpa", ","}
_NAME_GLUE = {"-", "’", "'", "&", "/"}


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with the tokens it covers and what is known of it."""

    begin: int
    end: int
    mention: Mention
    candidates: tuple[Candidate, ...] = ()
    """What the gazetteer knows by this form, of the mention's type."""
    owned: Owned | None = None
    """An office or a body with its owner."""
    noun: str | None = None
    """Canonical noun of a body, title of an office, series of a summit."""


class _Scene:
    """One article's tokens and what covers them already."""

    def __init__(self, doc: Doc, gazetteer: Gazetteer) -> None:
        self.doc = doc
        self.gazetteer = gazetteer
        noise = doc.spans.get("noise", ())
        self.noise = {i for span in noise for i in range(span.start, span.end)}
        self.names = {i: ent for ent in doc.ents if ent.label_ in ENTITY_TYPES for i in range(ent.start, ent.end)}
        self.found: list[Found] = []

    def add(
        self, begin: int, end: int, kind: MentionKind, type_: EntityType, *,
        candidates: tuple[Candidate, ...] = (), owned: Owned | None = None, noun: str | None = None,
    ) -> None:  # fmt: skip
        span = self.doc[begin:end]
        mention = Mention(Span(span.start_char, span.end_char), kind, type_)
        self.found.append(Found(begin, end, mention, candidates, owned, noun))


def find_mentions(doc: Doc, article: Article) -> list[Mention]:
    """Return the mentions of an article in text order, longer ones first; those of a body may hold those of its state.

    `doc` comes from `kg.german.parse(nlp, article)`; page noise gives none.
    """
    return [found.mention for found in find_all(doc, article)]


def find_all(doc: Doc, article: Article) -> list[Found]:
    """Return the mentions of `find_mentions` with their tokens and the gazetteer's candidates."""
    scene = _Scene(doc, load_gazetteer())
    summits = [s for s in find_summits(doc, scene.gazetteer, article) if s.head not in scene.noise]
    taken = {i for s in summits for i in range(s.begin, s.end) if i == s.head or s.owns_organiser(i)}
    for summit in summits:
        scene.add(summit.begin, summit.end, "name", "Summit", noun=summit.series)
    _add_names(scene, taken)
    _add_bodies(scene, taken)
    _add_offices(scene, taken)
    _add_adjectives(scene, taken)
    unique = {(f.mention.span, f.mention.kind, f.mention.type): f for f in scene.found}
    return sorted(unique.values(), key=lambda f: (f.begin, -f.end, f.mention.kind, f.mention.type))


def _add_names(scene: _Scene, taken: set[int]) -> None:
    doc, gazetteer = scene.doc, scene.gazetteer
    covered: set[int] = set(taken) | scene.noise
    for begin, end, candidates in _gazetteer_hits(scene, covered):
        if any(i in covered for i in range(begin, end)):
            continue
        if _add_hit(scene, begin, end, candidates):
            covered.update(range(begin, end))
    for ent in doc.ents:
        if ent.label_ not in ENTITY_TYPES or any(i in covered for i in range(ent.start, ent.end)):
            continue
        if _is_body_phrase(scene, ent.start, ent.end) or ent.label_ == "Country":
            continue
        if ent.label_ == "Summit":
            continue
        scene.add(ent.start, ent.end, "name", ent.label_, candidates=_of_type(gazetteer.lookup(ent.text), ent.label_))
        covered.update(range(ent.start, ent.end))


def _gazetteer_hits(scene: _Scene, covered: set[int]) -> Iterator[tuple[int, int, tuple[Candidate, ...]]]:
    """Yield the longest known forms, left to right."""
    doc, gazetteer = scene.doc, scene.gazetteer
    text = doc.text
    ends = [token.idx + len(token) for token in doc]
    i = 0
    while i < len(doc):
        token = doc[i]
        first = token.text[0]
        if i in covered or not (
            first.isupper() or first.isdigit() or token.text[:3] in {"al-", "süd", "wes", "kor", "dpa"}
        ):
            i += 1
            continue
        best = gazetteer.longest(text, token.idx, ends[i : i + 10])
        if best is None:
            i += 1
            continue
        end = i + 1
        while ends[end - 1] < best:
            end += 1
        yield i, end, gazetteer.lookup(text[token.idx : best])
        i = end


def _add_hit(scene: _Scene, begin: int, end: int, candidates: tuple[Candidate, ...]) -> bool:
    """Add what a known form names here, if anything; tell whether its tokens are taken."""
    doc = scene.doc
    around = {scene.names[i] for i in range(begin, end) if i in scene.names}
    ent = max(around, key=len, default=None)
    if ent is not None and (ent.start < begin or ent.end > end) and _yields(scene, ent, begin, end, candidates):
        return False
    label = ent.label_ if ent is not None else None
    strong = [c for c in candidates if not c.weak]
    chosen = strong or ([c for c in candidates if c.type == label])
    if not chosen and all(c.kind == "surname" for c in candidates) and _named_by_office(scene, begin):
        chosen = list(candidates)
    if not chosen:
        return False
    if label in {"Person", "Organization"} and strong and all(c.type == "Place" for c in strong):
        return False
    best = chosen[0]
    if best.type == "Place" and best.key in scene.gazetteer.capitals:
        _add_capital(scene, begin, end, best)
        return True
    if label is not None and any(c.type == label for c in chosen):
        best = next(c for c in chosen if c.type == label)
    scene.add(begin, end, "name", best.type, candidates=_of_type(tuple(chosen), best.type))
    return True


def _yields(scene: _Scene, ent: object, begin: int, end: int, candidates: tuple[Candidate, ...]) -> bool:
    """Tell whether a known form gives way to a longer recognised name: "Frankfurt" in "Eintracht Frankfurt"."""
    start, stop, label = ent.start, ent.end, ent.label_  # type: ignore[attr-defined]
    if label in {"Organization", "Place"} and _is_body_phrase(scene, start, stop):
        return False
    if any(c.type == "Country" for c in candidates):
        return label == "Organization" and begin > start
    if label == "Person":
        return all(c.type != "Person" or c.weak or start < begin for c in candidates) or stop > end
    return True


def _of_type(candidates: tuple[Candidate, ...], type_: str) -> tuple[Candidate, ...]:
    return tuple(c for c in candidates if c.type == type_)


def _named_by_office(scene: _Scene, begin: int) -> bool:
    """Tell whether an office stands before: "Präsident Putin"."""
    return begin > 0 and scene.doc[begin - 1].text.rpartition("-")[2] in scene.gazetteer.offices


def _add_capital(scene: _Scene, begin: int, end: int, candidate: Candidate) -> None:
    """Add a capital as the place, or as its government: "Moskau erklärte", "zwischen Moskau und Kiew"."""
    if means_place(scene.doc, begin, end, scene):
        scene.add(begin, end, "name", "Place", candidates=(candidate,))
        return
    country = scene.gazetteer.capitals[candidate.key]
    if candidate.key == "place/bruessel":
        union = Candidate("organization/europaeische-union", "Organization", "alliance", weak=False)
        scene.add(begin, end, "metonym", "Organization", candidates=(union,))
        return
    scene.add(begin, end, "metonym", "Country", candidates=(Candidate(country, "Country", "country", weak=False),))


def means_place(doc: Doc, begin: int, end: int, scene: "_Scene | None" = None) -> bool:
    """Tell whether a capital's name means the city: "in Moskau", a dateline, "südlich von Kiew"."""
    before = doc[begin - 1] if begin else None
    after = doc[end] if end < len(doc) else None
    if before is None or "\n" in before.text or "\n" in before.whitespace_ or before.is_space:
        return after is not None and after.text in _DATELINE and not after.text == ","
    word = before.lower_
    if word in _PLACE_PREPOSITIONS or before.text in _PLACE_NOUNS or before.text == "/":
        return True
    if word == "von":
        return (begin > 1 and doc[begin - 2].text in _OF_PLACE) or (
            after is not None and after.lower_ in {"nach", "aus"}
        )
    if before.text in _CONJUNCTIONS and begin > 1 and scene is not None:
        return _follows_place(scene, begin - 1)
    return False


def _follows_place(scene: "_Scene", end: int) -> bool:
    """Tell whether the mention that ends at token `end` is a place: the second half of "in Moskau und Kiew"."""
    last = next((f for f in reversed(scene.found) if f.end <= end), None)
    return last is not None and last.end == end and last.mention.type == "Place"


def _is_body_phrase(scene: _Scene, begin: int, end: int) -> bool:
    """Tell whether a recognised name is a body of a state: "Regierung in Kinshasa", "russische Luftwaffe"."""
    bodies = scene.gazetteer.bodies
    return any(scene.doc[i].text.rpartition("-")[2] in bodies for i in range(begin, min(end, begin + 3)))


def _add_bodies(scene: _Scene, taken: set[int]) -> None:
    doc = scene.doc
    known = {i for f in scene.found if f.mention.type in {"Organization", "Person"} for i in range(f.begin, f.end)}
    for token in doc:
        i = token.i
        if i in scene.noise or i in taken or i in known or not token.text[0].isupper():
            continue
        result = find_body(doc, i, scene.gazetteer)
        if result is None:
            continue
        body, owned = result
        recognised = i in scene.names and scene.names[i].label_ == "Organization"
        if owned.owner is None and not recognised and not body.bare:
            continue
        if owned.owner is not None and not recognised and body.noun in _SELDOM_NAMES:
            continue
        scene.add(owned.begin, owned.end, "name", "Organization", owned=owned, noun=body.noun)


_SELDOM_NAMES = {
    "Militär",
    "Botschaft",
    "Grenzschutz",
    "Präsidentschaft",
    "Sicherheitskräfte",
    "Armeeführung",
    "Ministerium",
}
"""Nouns that are rather a common noun with its adjective than a name; only where the recogniser sees a name."""


def _add_offices(scene: _Scene, taken: set[int]) -> None:
    for token in scene.doc:
        i = token.i
        if i in scene.noise or i in taken or not token.text[0].isupper():
            continue
        result = find_office(scene.doc, i, scene.gazetteer)
        if result is not None:
            office, owned = result
            scene.add(owned.begin, owned.end, "office", "Person", owned=owned, noun=office.title)


def _add_adjectives(scene: _Scene, taken: set[int]) -> None:
    """Add "nordkoreanische", "Nordkoreaner" and the first part of "US-Truppen": evidence for roles, no names."""
    gazetteer = scene.gazetteer
    named = {i for f in scene.found if f.mention.kind == "name" and f.owned is None for i in range(f.begin, f.end)}
    for token in scene.doc:
        i, text = token.i, token.text
        if i in scene.noise or i in taken or i in named:
            continue
        country = gazetteer.adjectives.get(text) or gazetteer.inhabitants.get(text)
        if country is not None and _is_adjective(scene, token):
            candidate = Candidate(country, "Country", "country", weak=False)
            scene.add(i, i + 1, "adjective", "Country", candidates=(candidate,))
        elif "-" in text[1:-1] and text[0].isupper():
            owner = compound_owner(text.partition("-")[0], gazetteer)
            if owner is not None:
                type_: EntityType = "Country" if owner.startswith("country/") else "Organization"
                candidate = Candidate(owner, type_, gazetteer.kinds[owner], weak=False)
                scene.add(i, i + 1, "adjective", type_, candidates=(candidate,))


def _is_adjective(scene: _Scene, token: Token) -> bool:
    """Tell whether a capitalised form is more than a part of a name: not "Französische" in "Französische Revolution"."""
    if token.text[0].islower() or token.text in scene.gazetteer.inhabitants or token.text.endswith("er"):
        return True
    return token.is_sent_start is not False
