"""Which words tell of a happening, and of which type: a linear model over the word and what stands around it."""

from functools import lru_cache

from kg.lexicon import FIRM
from kg.reading import Reading

CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "AUX", "ADV", "X", ""})
"""Parts of speech that can carry a happening; "X" and "" where the tagger gave none."""

_WINDOW = 6
_OFFSETS = tuple((offset, f"{offset:+d}") for offset in (-3, -2, -1, 1, 2, 3))
_SMALL = frozenset({"PUNCT", "DET", "ADP"})
_TOLD = ("s:type", "s:people", "s:states", "s:figure")
"""Features of the sentence that count beside the word too."""
_NEGATIONS = frozenset({"nicht", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "weder", "ohne"})


def candidates(reading: Reading) -> list[int]:
    """Return the indices of the tokens that can be a trigger, in text order."""
    noisy = reading.noisy
    return [
        token.i
        for token in reading.doc
        if token.is_alpha | ("-" in token.text)
        and len(token.text) > 1
        and not noisy[token.i]
        and (reading.pos[token.i] in CONTENT or token.i in reading.lexicon)
    ]


@lru_cache(maxsize=100_000)
def word_features(lower: str, lemma: str) -> tuple[str, ...]:
    """Return what the word alone says: form, lemma, beginnings and endings (German builds compounds)."""
    features = [f"w={lower}", f"l={lemma}"]
    features += [f"suf{n}={lower[-n:]}" for n in (3, 4, 6, 8) if len(lower) > n]
    features += [f"pre{n}={lower[:n]}" for n in (3, 4, 6, 8) if len(lower) > n]
    if "-" in lower:
        features += [f"head={lower.rsplit('-', 1)[1]}"]
    return tuple(features)


@lru_cache(maxsize=50_000)
def _named(name: str, value: str) -> str:
    """Return a feature as one and the same string, whose hash is known when the model looks for it once more."""
    return f"{name}={value}"


def sentence_features(reading: Reading, number: int) -> list[str]:
    """Return what the sentence as a whole says, the same for all its words."""
    begin, end = reading.sentences[number]
    features = {f"s:type={reading.entities[p.entity].entity.type}" for p in reading.places_in[number]}
    features |= {
        f"s:lex={frame}"
        for i in range(begin, end)
        for frame, strength in reading.lexicon.get(i, ())
        if strength in FIRM
    }
    people = {p.entity for p in reading.places_in[number] if reading.entities[p.entity].entity.type == "Person"}
    features.add(f"s:people={min(len(people), 3)}")
    states = {p.entity for p in reading.places_in[number] if reading.entities[p.entity].entity.type == "Country"}
    features.add(f"s:states={min(len(states), 3)}")
    for _, _, figure in reading.figures_in[number]:
        features.add(f"s:figure={figure.noun or ''}")
        features.add("s:figure")
    if reading.times_in[number]:
        features.add("s:time")
    lowers = reading.lower[begin:end]
    if any(word in _NEGATIONS for word in lowers):
        features.add("s:neg")
    if reading.is_title(number):
        features.add("s:title")
    if any(word in {"„", "“", '"', "«", "»"} for word in lowers):
        features.add("s:quote")
    features.add(f"s:length={min((end - begin) // 6, 5)}")
    return sorted(features)


def features(reading: Reading, i: int, shared: list[str]) -> list[str]:
    """Return the features of token `i` itself and together with `shared`, those of its sentence."""
    lower, lemma, pos, shown = reading.lower, reading.lemma, reading.pos, reading.shown
    begin, end = reading.sentences[reading.sentence_of[i]]
    own = [*word_features(lower[i], lemma[i]), f"p={pos[i]}"]
    hits = reading.lexicon.get(i, ())
    own += [f"lex={frame}" for frame, _ in hits]
    own += [f"lex={frame}:{strength}:{pos[i]}" for frame, strength in hits]
    place = reading.place_at.get(i)
    if place is not None:
        own.append(f"in={place.mention.type}:{place.mention.kind}")
    for offset, name in _OFFSETS:
        j = i + offset
        own.append(f"{name}={shown[j]}" if begin <= j < end else f"{name}=|")
    own.append(f"-1p={pos[i - 1] if i > begin else '|'}+1p={pos[i + 1] if i + 1 < end else '|'}")
    near = range(max(begin, i - _WINDOW), min(end, i + _WINDOW + 1))
    own += [_named("b", shown[j]) for j in near if j != i and pos[j] not in _SMALL]
    own += [_named("o:lex", frame) for j, frame in reading.strong_in[reading.sentence_of[i]] if j != i]
    own += _syntax(reading, i)
    morph = reading.morphs[i]
    own += [f"{name}={value}" for name in ("Mood", "VerbForm", "Tense") for value in morph.get(name, ())]
    if reading.first_of_lemma[lemma[i]] < begin:
        own.append("again")
    key = [f"l={lemma[i]}", *(f"lex={frame}" for frame, _ in hits)]
    told = [s for s in shared if s.startswith(_TOLD)]
    own += [f"{k}&{s}" for k in key for s in told]
    return own


def _syntax(reading: Reading, i: int) -> list[str]:
    deps = reading.deps
    if not deps[i]:
        return []
    out = [f"d={deps[i]}", f"h={reading.lemma[reading.heads[i]]}"]
    for child in reading.children[i]:
        out += [f"c:{deps[child]}", f"c:{deps[child]}={reading.shown[child]}"]
    return out
