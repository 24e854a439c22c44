"""The mentions in a `Doc`: names, offices, country adjectives, capitals that stand for their government.

The name recogniser is one witness beside the gazetteer. What the gazetteer knows for certain (countries, alliances,
full names) holds against it; what is also a common word or a surname needs it, or the article's own support.
"""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kg.german.gazetteer import Candidate, load_gazetteer
from kg.metonyms import half_of, means_building, means_city, state_of
from kg.model import Article, EntityType, Mention
from kg.phrases import compound_owner, find_body, find_office, find_unit, names_ship, owned_noun
from kg.recognised import Recognised
from kg.scene import Found, Scene
from kg.summits import find_summits

_BYLINE = {"(", "/", ")", "|", "Foto", "Quelle", "Von"}
_INSIDE = {"inneren", "innern", "herzen", "ganz"}
_LONGEST_NAME = 10
"""Tokens; the longest name of the gazetteer is shorter."""
_SELDOM_NAMES = {
    "Militär", "Botschaft", "Grenzschutz", "Präsidentschaft", "Sicherheitskräfte", "Armeeführung", "Ministerium",
}  # fmt: skip
"""Nouns that are rather a common noun with its adjective than a name; only where the recogniser sees a name."""


def find_mentions(doc: Doc, article: Article) -> list[Mention]:
    """Return the mentions of an article in text order, longer ones first; those of a body may hold those of its state.

    `doc` comes from `kg.german.parse(nlp, article)`; page noise gives none.
    """
    return [found.mention for found in find_all(doc, article)]


def find_all(doc: Doc, article: Article) -> list[Found]:
    """Return the mentions of `find_mentions` with their tokens and the gazetteer's candidates."""
    scene = Scene(doc, article, load_gazetteer())
    summits = [s for s in find_summits(doc, scene.gazetteer) if s.head not in scene.noise]
    taken = {i for s in summits for i in range(s.begin, s.end) if i == s.head or s.owns_organiser(i)}
    for summit in summits:
        scene.add(summit.begin, summit.name_end, "name", "Summit", summit=summit)
    taken |= _add_units(scene) | _add_halves(scene)
    _add_names(scene, taken)
    _add_bodies(scene, taken)
    _add_offices(scene, taken)
    _add_adjectives(scene, taken)
    unique = {(f.mention.span, f.mention.kind, f.mention.type): f for f in scene.found}
    return sorted(unique.values(), key=lambda f: (f.begin, -f.end, f.mention.kind, f.mention.type))


def _add_units(scene: Scene) -> set[int]:
    """Add the units of armed forces ("4. Infanteriedivision", "Panzerbrigade 12"); return their tokens."""
    taken: set[int] = set()
    for token in scene.doc:
        unit = find_unit(scene.doc, token.i) if token.i not in scene.noise else None
        if unit is not None:
            scene.add(*unit, "name", "Organization")
            taken.update(range(*unit))
    return taken


def _add_halves(scene: Scene) -> set[int]:
    """Add the states that points of the compass stand for ("der Norden"); return their tokens."""
    taken: set[int] = set()
    for token in scene.doc:
        state = half_of(scene.doc, token.i, scene.countries, scene.gazetteer) if token.i not in scene.noise else None
        if state is not None:
            candidate = Candidate(state, "Country", "country", weak=False)
            scene.add(token.i, token.i + 1, "metonym", "Country", candidates=(candidate,))
            taken.add(token.i)
    return taken


def _add_names(scene: Scene, taken: set[int]) -> None:
    covered = set(taken) | scene.noise
    hits = list(_gazetteer_hits(scene, covered))
    scene.people = {c.key for _, _, candidates in hits for c in candidates if c.kind == "person"}
    for begin, end, candidates in hits:
        if not any(i in covered for i in range(begin, end)) and _add_hit(scene, begin, end, candidates):
            covered.update(range(begin, end))
    in_summits = set[int]()
    for name in scene.recognised:
        begin, end = name.begin, name.end
        blocked = covered - in_summits if name.type == "Place" else covered  # "Lima" in "Apec-Treffen in Lima"
        if not blocked.isdisjoint(range(begin, end)) or name.type == "Country":
            continue
        if name.type == "Organization" and _is_body_phrase(scene, begin, end):
            continue
        covered.update(range(begin, end))
        if name.type == "Summit":
            in_summits.update(range(begin, end))
        candidates = scene.gazetteer.lookup(scene.doc[begin:end].text)
        scene.add(begin, end, "name", name.type, candidates=_of_type(candidates, name.type))
    scene.found.sort(key=lambda f: (f.begin, -f.end))


def _gazetteer_hits(scene: Scene, covered: set[int]) -> Iterator[tuple[int, int, tuple[Candidate, ...]]]:
    """Yield the longest known forms, left to right."""
    doc, gazetteer = scene.doc, scene.gazetteer
    text = doc.text
    ends = [token.idx + len(token) for token in doc]
    i = 0
    while i < len(doc):
        token = doc[i]
        begin, word = token.idx, token.text
        best = None
        if i not in covered and (word[0].isupper() or word[0].isdigit() or word in gazetteer.lower_openings):
            best = gazetteer.longest(text, begin, ends[i : i + _LONGEST_NAME])
        if best is None:
            i += 1
            continue
        end = i + 1
        while ends[end - 1] < best:
            end += 1
        yield i, end, gazetteer.lookup(text[begin:best])
        i = end


def _add_hit(scene: Scene, begin: int, end: int, candidates: tuple[Candidate, ...]) -> bool:
    """Add what a known form names here, if anything; tell whether its tokens are taken."""
    doc = scene.doc
    name = next((scene.name_at[i] for i in range(begin, end) if i in scene.name_at), None)
    if name is not None and _yields(scene, name, begin, end, candidates):
        return False
    label = name.type if name is not None else None
    chosen = _choose(scene, begin, end, candidates, label)
    if not chosen or (end - begin == 1 and _is_title(scene, begin, end)):
        return False
    best = next((c for c in chosen if c.type == label), chosen[0])
    if best.type == "Person" and names_ship(doc, begin):
        scene.add(begin, end, "name", "Organization")
        return True
    if best.type == "Country" and best.kind == "country":
        city = next((c for c in chosen if c.kind == "capital"), None)
        if (
            city is not None
            and begin
            and doc[begin - 1].lower_ in {"in", "nach"}
            and not _has_adjective(scene, best.key)
        ):
            scene.add(begin, end, "name", "Place", candidates=(city,))
            return True
    building = next((c for c in chosen if c.kind == "building"), None)
    if building is not None and len(chosen) > 1 and best.type in {"Organization", "Place"}:
        best = building if means_building(doc, begin) else next(c for c in chosen if c != building)
    if best.type == "Place" and best.kind in {"capital", "seat", "city"}:
        state = state_of(best.key, scene.article.published, scene.countries.__contains__, scene.gazetteer)
        if state is not None:
            _add_capital(scene, begin, end, best, state)
            return True
    scene.add(begin, end, "name", best.type, candidates=_of_type(chosen, best.type))
    return True


def _is_title(scene: Scene, begin: int, end: int) -> bool:
    """Tell whether a body's name is a person's office here: "Bundesrat Joseph Deiss"."""
    following = scene.name_at.get(end)
    return scene.doc[begin].text in scene.gazetteer.offices and following is not None and following.type == "Person"


def _choose(
    scene: Scene, begin: int, end: int, candidates: tuple[Candidate, ...], label: str | None
) -> tuple[Candidate, ...]:
    """Return the candidates that hold here; none where the form is rather something else."""
    doc, gazetteer = scene.doc, scene.gazetteer
    strong = tuple(c for c in candidates if not c.weak)
    if not strong:
        return _choose_weak(scene, begin, candidates, label)
    club = label == "Organization" and doc[begin].text.istitle()
    if (
        (doc[begin].text in gazetteer.bodies and owned_noun(doc, begin, gazetteer).owner)
        or (strong[0].kind == "medium" and _is_byline(scene, begin, end))
        or (club and all(c.type == "Place" and c.kind == "city" for c in strong))
    ):
        return ()
    return strong


def _choose_weak(
    scene: Scene, begin: int, candidates: tuple[Candidate, ...], label: str | None
) -> tuple[Candidate, ...]:
    """Return the candidates of a common word or surname that the recogniser or the words around support."""
    fitting = _of_type(candidates, label or "")
    if fitting or not all(c.kind == "surname" for c in candidates):
        return fitting
    named = tuple(c for c in candidates if c.key in scene.people)
    if named:
        return named
    likely = label is not None and any(_is_likely(scene, c) for c in candidates)
    return candidates if likely or _named_by_office(scene, begin) else ()


def _is_likely(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether the article names the country of a known person."""
    return scene.gazetteer.entity(candidate.key).country in scene.countries


def _is_byline(scene: Scene, begin: int, end: int) -> bool:
    """Tell whether an agency only signs: "(dpa)", "dpa/AFP", "/TASS/"."""
    doc = scene.doc
    before = doc[begin - 1] if begin else None
    after = doc[end] if end < len(doc) else None
    if before is None or before.is_space or before.text in _BYLINE:
        return before is None or before.text in _BYLINE or after is None or after.is_space or after.text in _BYLINE
    return after is not None and after.text in {"/", ")"}


def _has_adjective(scene: Scene, country: str) -> bool:
    """Tell whether the article names a country by its adjective too, and so means it: "luxemburgische Soldaten"."""
    stem = scene.gazetteer.stems.get(country, "")
    return bool(stem) and scene.has_small_word(stem)


def _yields(scene: Scene, name: Recognised, begin: int, end: int, candidates: tuple[Candidate, ...]) -> bool:
    """Tell whether a known form gives way to a longer recognised name: "Frankfurt" in "Eintracht Frankfurt"."""
    if name.type == "Person" and begin < name.begin < end < name.end:  # "Kronprinz Mohammed" in "… Mohammed bin Naif"
        return True
    if not (name.begin <= begin and end <= name.end and (name.begin < begin or end < name.end)):
        return False
    types = {c.type for c in candidates}
    if name.type == "Person":
        following = scene.doc[end].text if end < name.end else ""
        longer = following[:1].islower() or following.startswith("Al-") or following.endswith(".")
        return all(c.kind != "person" for c in candidates) or name.begin < begin or longer
    if "Mission" in types or (name.type == "Organization" and _is_body_phrase(scene, name.begin, name.end)):
        return False
    if "Country" in types:
        return (
            name.type in {"Organization", "Place"}
            and scene.doc[name.begin].lower_ not in _INSIDE
            and begin > name.begin
        )
    known = any(c.type == name.type == "Organization" and not c.weak for c in candidates)
    return name.end > end or not known


def _of_type(candidates: tuple[Candidate, ...], type_: str) -> tuple[Candidate, ...]:
    return tuple(c for c in candidates if c.type == type_)


def _named_by_office(scene: Scene, begin: int) -> bool:
    """Tell whether an office stands before: "Präsident Putin"."""
    return begin > 0 and scene.doc[begin - 1].text.rpartition("-")[2] in scene.gazetteer.offices


def _add_capital(scene: Scene, begin: int, end: int, candidate: Candidate, state: str) -> None:
    """Add a capital as the place, or as its government: "Moskau erklärte", "zwischen Moskau und Kiew"."""
    city = scene.gazetteer.entity(candidate.key)
    surface = scene.doc[begin:end].text
    genitive = not surface.isupper() and surface not in (city.label, *city.aliases)
    follows = scene.follows_place(begin)
    if _precedes_country(scene, end) or means_city(scene.doc, begin, end, follows_place=follows, genitive=genitive):
        scene.add(begin, end, "name", "Place", candidates=(candidate,))
    elif candidate.key == "place/bruessel":
        union = Candidate("organization/europaeische-union", "Organization", "alliance", weak=False)
        scene.add(begin, end, "metonym", "Organization", candidates=(union,))
    else:
        scene.add(begin, end, "metonym", "Country", candidates=(Candidate(state, "Country", "country", weak=False),))


def _precedes_country(scene: Scene, end: int) -> bool:
    """Tell whether a country follows after a comma: "MANILA, Philippinen"."""
    doc = scene.doc
    if end + 1 >= len(doc) or doc[end].text != ",":
        return False
    return any(c.type == "Country" for c in scene.gazetteer.lookup(doc[end + 1].text)) and doc[
        end + 2 : end + 3
    ].text in {"(", "–"}


def _is_body_phrase(scene: Scene, begin: int, end: int) -> bool:
    """Tell whether a recognised name is a body of a state: "Regierung in Kinshasa", "russische Luftwaffe"."""
    bodies = scene.gazetteer.bodies
    return any(scene.doc[i].text.rpartition("-")[2] in bodies for i in range(begin, min(end, begin + 3)))


def _add_bodies(scene: Scene, taken: set[int]) -> None:
    known = {i for f in scene.found if f.mention.type in {"Organization", "Person"} for i in range(f.begin, f.end)}
    for token in scene.doc:
        i = token.i
        if i in scene.noise or i in taken or i in known or not token.text[0].isupper():
            continue
        result = find_body(scene.doc, i, scene.gazetteer)
        if result is None:
            continue
        body, owned = result
        recognised = i in scene.name_at and scene.name_at[i].type == "Organization"
        if recognised or (body.bare if owned.owner is None else body.noun not in _SELDOM_NAMES):
            scene.add(owned.begin, owned.end, "name", "Organization", owned=owned, noun=body.noun)


def _add_offices(scene: Scene, taken: set[int]) -> None:
    for token in scene.doc:
        i = token.i
        if i in scene.noise or i in taken or not token.text[0].isupper():
            continue
        result = find_office(scene.doc, i, scene.gazetteer)
        if result is not None:
            office, owned = result
            scene.add(owned.begin, owned.end, "office", "Person", owned=owned, noun=office.title)


def _add_adjectives(scene: Scene, taken: set[int]) -> None:
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


def _is_adjective(scene: Scene, token: Token) -> bool:
    """Tell whether a capitalised form is more than a part of a name: not that of "Französische Revolution"."""
    if token.text[0].islower() or token.text in scene.gazetteer.inhabitants or token.text.endswith("er"):
        return True
    return token.is_sent_start is not False
