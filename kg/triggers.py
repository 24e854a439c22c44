"""Which words tell of a happening, and of which type: a linear model over the word and what stands around it."""

from functools import lru_cache

from kg.lexicon import FIRM
from kg.reading import Reading

CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "AUX", "ADV", "X", ""})
"""Parts of speech that can carry a happening; "X" and "" where the tagger gave none."""

_WINDOW = 6
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
    doc, lower, lemma, pos = reading.doc, reading.lower, reading.lemma, reading.pos
    token = doc[i]
    begin, end = reading.sentences[reading.sentence_of[i]]
    own = [*word_features(lower[i], lemma[i]), f"p={pos[i]}"]
    own += [f"lex={frame}" for frame, _ in reading.lexicon.get(i, ())]
    own += [f"lex={frame}:{strength}:{pos[i]}" for frame, strength in reading.lexicon.get(i, ())]
    place = reading.place_at.get(i)
    if place is not None:
        own.append(f"in={place.mention.type}:{place.mention.kind}")
    for offset in (-3, -2, -1, 1, 2, 3):
        j = i + offset
        if begin <= j < end:
            other = reading.place_at.get(j)
            word = lemma[j] if other is None else f"<{other.mention.type}>"
            own.append(f"{offset:+d}={word}")
        else:
            own.append(f"{offset:+d}=|")
    own.append(f"-1p={pos[i - 1] if i > begin else '|'}+1p={pos[i + 1] if i + 1 < end else '|'}")
    for j in range(max(begin, i - _WINDOW), min(end, i + _WINDOW + 1)):
        if j != i and pos[j] not in {"PUNCT", "DET", "ADP"}:
            own.append(f"b={lemma[j]}" if j not in reading.place_at else f"b=<{reading.place_at[j].mention.type}>")
    for j in range(begin, end):
        if j != i:
            own += [f"o:lex={frame}" for frame, strength in reading.lexicon.get(j, ()) if strength == "strong"]
    own += _syntax(reading, i)
    own += [f"{name}={value}" for name in ("Mood", "VerbForm", "Tense") for value in token.morph.get(name, [])]
    if reading.first_of_lemma[lemma[i]] < begin:
        own.append("again")
    key = [f"l={lemma[i]}"] + [f"lex={frame}" for frame, _ in reading.lexicon.get(i, ())]
    own += [f"{k}&{s}" for k in key for s in shared if s.startswith(("s:type", "s:people", "s:states", "s:figure"))]
    return own


def _syntax(reading: Reading, i: int) -> list[str]:
    token = reading.doc[i]
    if not token.dep_:
        return []
    out = [f"d={token.dep_}", f"h={reading.lemma[token.head.i]}"]
    for child in token.children:
        place = reading.place_at.get(child.i)
        word = reading.lemma[child.i] if place is None else f"<{place.mention.type}>"
        out += [f"c:{child.dep_}", f"c:{child.dep_}={word}"]
    return out
