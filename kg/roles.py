"""Who plays which part in a happening: a linear model over (trigger, entity) pairs."""

from bisect import bisect_left, bisect_right
from functools import lru_cache

from kg.clauses import clause_of, function_of, head_of, members_of, parent_clause
from kg.model import EntityInArticle
from kg.pairs import PairFeatures
from kg.reading import Place, Reading
from kg.realisations import PASSIVE, Happening, fitting_roles, left_edge
from kg.wordlists import words_of

_CLAUSE_BREAKS = words_of("clause_breaks")
_CUES = words_of("source_cues")
_EARSHOT = 4
"""Words between a speaker and what shows that it speaks."""
_PRONOUNS = words_of("pronouns")
_SAME_COUNTRY = words_of("states")
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_OBJECTS = frozenset({"obj", "iobj"})
_FOR_OTHERS = ("subject=", "object=")
"""What the clause has itself says something of those who are named elsewhere."""
_FOR_RECENT = ("pron=", "noun=", "n", *_FOR_OTHERS)
_OF_FORM = ("tp", "tv", "passive")
_OF_WORD = frozenset({"e", "prep", "path", "dep", "side", "gf"})
"""Names of features that count beside the trigger's lemma too."""


def choose_mention(reading: Reading, happening: Happening, entity: int) -> Place | None:
    """Return the mention of `entity` nearest to the trigger: of its sentence, else before it, else after it."""
    places = reading.places_of[entity]
    begin, end = reading.sentences[reading.sentence_of[happening.token]]
    low, high = (bisect_left(places, bound, key=_begin) for bound in (begin, end))
    if low < high:
        return min(places[low:high], key=lambda place: abs(place.begin - happening.token))
    if low:
        return places[bisect_left(places, places[low - 1].begin, key=_begin)]
    return places[0] if places else None


def _begin(place: Place) -> int:
    return place.begin


def shared_features(reading: Reading, happening: Happening) -> tuple[str, ...]:
    """Return what the trigger and its sentence say, the same for all candidates."""
    i = happening.token
    begin, end = reading.sentences[reading.sentence_of[i]]
    out = [f"tp={reading.pos[i]}"]
    out += [f"tv={value}" for value in reading.morphs[i].get("VerbForm", ())]
    window = reading.lower[max(begin, i - 5) : min(end, i + 6)]
    if any(word in PASSIVE for word in window):
        out.append("passive")
    out += [f"pron={word}" for word in sorted(set(reading.lower[begin:end]) & _PRONOUNS)]
    out += [f"noun={word}" for word in sorted(set(reading.lower[begin:end]) & _SAME_COUNTRY)]
    clause = clause_of(reading, i)
    for name, relations in (("subject", _SUBJECTS), ("object", _OBJECTS)):
        found = members_of(reading, clause, relations)
        out += [f"{name}={_shape(reading, k)}" for k in found[:1]] or [f"{name}=-"]
    kinds = reading.named_in[reading.sentence_of[i]]
    out += [f"n{kind}={min(len(kinds.get(kind, ())), 3)}" for kind in ("Person", "Country", "Place", "Organization")]
    return tuple(out)


@lru_cache(maxsize=256)
def _by_use(shared: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return which of the shared features count with who was named just before, with types, and with the place."""
    return (
        tuple(feature for feature in shared if feature.startswith(_FOR_RECENT)),
        tuple(feature for feature in shared if not feature.startswith(_FOR_OTHERS)),
        tuple(feature for feature in shared if feature.startswith(_OF_FORM)),
    )


def _shape(reading: Reading, token: int) -> str:
    """Return the type of the entity that a word names, else the word: "die Regierung" -> regierung."""
    place = reading.place_at.get(token)
    return place.mention.type if place is not None else reading.lemma[token].lower()


def features(reading: Reading, happening: Happening, entity: int, shared: tuple[str, ...]) -> PairFeatures:
    """Return the features of the pair (happening, entity with number `entity` of the reading)."""
    what = reading.entities[entity]
    place = choose_mention(reading, happening, entity)
    kind = what.entity.type
    base = [f"e={kind}"]
    if what.entity.medium:
        base.append("medium")
    base += _standing_in_article(reading, entity)
    if place is None:
        base.append("nowhere")
    elif reading.sentence_of[place.begin] == reading.sentence_of[happening.token]:
        base += _inside(reading, happening, place)
        base += _in_clause(reading, happening, place)
    else:
        base += _outside(reading, happening, place, kind)
    base += _by_country(reading, happening, what)
    base += _voice(reading, happening, entity)
    for_recent, with_types, of_form = _by_use(shared)
    recent = next((f for f in base if f.startswith("recent=")), None)
    if recent is not None:
        base += [f"{recent}|{kind}|{f}" for f in for_recent]
    base += fitting_roles(reading, happening, place)
    lemma = reading.lemma[happening.token]
    named = [(feature.partition("=")[0], feature) for feature in base]
    of_word = [f"{lemma}|{feature}" for name, feature in named if name in _OF_WORD]
    side = next((feature for name, feature in named if name == "side"), "side=?")
    prep = next((feature for name, feature in named if name == "prep"), "prep=?")
    stands = f"{happening.type}|{kind}|{side}|{prep}"
    with_form = [f"{stands}|{feature}" for feature in of_form]
    return PairFeatures(happening.type, kind, tuple(base), with_types, (*of_word, stands, *with_form))


def _standing_in_article(reading: Reading, entity: int) -> list[str]:
    places = reading.places_of[entity]
    out = [f"freq={min(len(places), 5)}"]
    if reading.in_title[entity]:
        out.append("intitle")
    out.append(f"rank={min(reading.rank_in_type[entity], 4)}")
    return out


def _inside(reading: Reading, happening: Happening, place: Place) -> list[str]:
    i, lower = happening.token, reading.lower
    begin, _ = reading.sentences[reading.sentence_of[i]]
    out = ["inside", f"kind={place.mention.kind}"]
    if place.begin <= i < place.end:
        out.append("side=on")
        low, high = i, i
    elif place.begin > i:
        out.append("side=after")
        low, high = i + 1, place.begin
    else:
        out.append("side=before")
        low, high = place.end, i
    gap = high - low
    out.append(f"gap={min(gap, 3) if gap < 4 else 4 + min(gap // 4, 4)}")
    between = [p for p in reading.places_in[reading.sentence_of[i]] if low <= p.begin < high]
    out.append(f"between={min(len({p.entity for p in between}), 3)}")
    same = {p.entity for p in between if p.mention.type == place.mention.type}
    out.append(f"rivals={min(len(same), 2)}")
    breaks = sum(word in _CLAUSE_BREAKS for word in lower[low:high])
    out.append(f"breaks={min(breaks, 3)}")
    out += [f"brk={word}" for word in sorted(set(lower[low:high]) & _CLAUSE_BREAKS)]
    out.append("first" if place.begin <= begin + 2 else "later")
    out += left_edge(reading, place, begin)
    out += _path(reading, i, place)
    following = place.end
    if following < len(lower):
        out.append(f"next={reading.lemma[following]}")
    return out


def _path(reading: Reading, i: int, place: Place) -> list[str]:
    """Dependency path from the trigger to the mention, up to four steps."""
    heads, deps = reading.heads, reading.deps
    head = head_of(reading, place)
    if not deps[head]:
        return []
    out = [f"dep={deps[head]}", f"dh={reading.lemma[heads[head]]}"]
    out += [f"case={case}" for case in reading.morphs[head].get("Case", ())]
    up = [head]
    while heads[up[-1]] != up[-1] and len(up) < 5 and up[-1] != i:
        up.append(heads[up[-1]])
    trigger_up = [i]
    while heads[trigger_up[-1]] != trigger_up[-1] and len(trigger_up) < 4:
        trigger_up.append(heads[trigger_up[-1]])
    for k, step in enumerate(up):
        if step in trigger_up:
            down = "/".join([deps[t] for t in up[:k]])
            rise = "/".join([deps[t] for t in trigger_up[: trigger_up.index(step)]])
            out.append(f"path={down}^{rise}")
            break
    else:
        out.append("path=?")
    return out


def _in_clause(reading: Reading, happening: Happening, place: Place) -> list[str]:
    """What the mention is in its clause, and how that clause stands to the one of the trigger."""
    i = happening.token
    own = function_of(reading, head_of(reading, place))
    function = f"{own.name}:{own.preposition}:{min(own.depth, 2)}"
    mine, its = clause_of(reading, own.governor), clause_of(reading, i)
    if mine == its:
        where = "same"
    elif mine == parent_clause(reading, its):
        where = "around"
    elif its == parent_clause(reading, mine):
        where = "within"
    elif parent_clause(reading, mine) == parent_clause(reading, its):
        where = "beside"
    else:
        where = "apart"
    return [f"gf={function}", f"clause={where}", f"clause={where}:{function}"]


def _outside(reading: Reading, happening: Happening, place: Place, kind: str) -> list[str]:
    here, there = reading.sentence_of[happening.token], reading.sentence_of[place.begin]
    direction = "back" if there < here else "ahead"
    out = ["outside", f"{direction}={min(abs(here - there), 4)}"]
    out.append(f"rivals_here={min(len(reading.named_in[here].get(kind, ())), 2)}")
    out.append(f"rivals_between={_count_between(reading, min(here, there) + 1, max(here, there), kind)}")
    begin, _ = reading.sentences[there]
    out.append("ofirst" if place.begin <= begin + 2 else "olater")
    out += [f"o{feature}" for feature in left_edge(reading, place, begin) if feature.startswith("prep")]
    out.append(f"recent={_recency(reading, happening, place, kind)}")
    opening = reading.lower[reading.sentences[here][0]]
    out.append(f"opening={opening}")
    return out


def _count_between(reading: Reading, first: int, last: int, kind: str) -> int:
    """How many entities of the kind the sentences `first` to `last` (exclusive) name, up to two."""
    found: set[int] = set()
    for number in range(first, last):
        found.update(reading.named_in[number].get(kind, ()))
        if len(found) >= 2:
            return 2
    return len(found)


def _recency(reading: Reading, happening: Happening, place: Place, kind: str) -> int:
    """How many entities of the kind were named later than this one before the trigger, up to three."""
    seen: set[int] = set()
    named = reading.places_of_type.get(kind, [])
    for k in reversed(range(bisect_right(named, happening.token, key=_begin))):
        if named[k].entity == place.entity:
            return len(seen)
        seen.add(named[k].entity)
        if len(seen) == 3:
            return 3 if reading.first_named[kind].get(place.entity, len(reading.doc)) <= happening.token else 4
    return 4


def _by_country(reading: Reading, happening: Happening, what: EntityInArticle) -> list[str]:
    """A state is there through its people and bodies: "Präsident Biden schickt" -> USA."""
    out = []
    number = reading.sentence_of[happening.token]
    if what.entity.type == "Country":
        for place in reading.places_in[number]:
            other = reading.entities[place.entity]
            if reading.country_of[place.entity] == what.entity.key and other is not what:
                side = "before" if place.begin < happening.token else "after"
                out.append(f"through={other.entity.type}:{side}")
    elif reading.country_of[reading.index_of[what.entity.key]] is not None:
        out.append("has_country")
    return out


def _voice(reading: Reading, happening: Happening, entity: int) -> list[str]:
    """Does the entity speak, here or in the sentence before: "laut X", "sagte X", "nach Angaben von X"?"""
    here = reading.sentence_of[happening.token]
    out = []
    places = reading.places_of[entity]
    for place in places[bisect_left(places, reading.sentences[max(here - 1, 0)][0], key=_begin) :]:
        number = reading.sentence_of[place.begin]
        if number > here:
            break
        where = "here" if number == here else "before"
        begin, end = reading.sentences[number]
        near = range(max(begin, place.begin - _EARSHOT), min(end, place.end + _EARSHOT))
        out += [f"says={where}:{'own' if i == happening.token else 'other'}" for i in near if i in reading.speaking]
        out += [f"cue={where}:{reading.lower[i]}" for i in near if reading.lower[i] in _CUES]
    return [*dict.fromkeys(out), *(["indirect"] if reading.indirect[here] else [])]
