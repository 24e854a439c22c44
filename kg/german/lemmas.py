"""Dictionary forms: simplemma's, with the words that it gets wrong, and verbs put together with their particle."""

import re
from functools import lru_cache

from spacy.tokens import Token

from kg.german.dictionary import is_known, look_up
from kg.german.words import LEMMAS, PARTICLES

_BARE_VERBS = frozenset({"sein", "werden", "können", "müssen", "sollen", "wollen", "dürfen", "mögen"})
"""Verbs that a particle does not change: "war bereit", "will weg"."""
_INFINITIVES = ("en", "ern", "eln")
_SHORTEST_PART = 4
"""Letters that the last part of a compound has at least; shorter ones are found in it by chance."""
_LONGEST_PARTICLE = max(map(len, PARTICLES))
_REGULAR = re.compile(r"(?:ge)?(?P<stem>\w{3,}?)(?:e?t|e?te|e?ten|e?test|e?tet)")
_PARTICLE_DEPS = frozenset({"compound:prt", "svp"})
_CLAUSE_ENDS = frozenset(
    {",", ";", ":", ".", "!", "?", "…", "–", "-", "(", ")", "“", "”", "»", "«", '"', "und", "oder", "sowie"}
)


@lru_cache(maxsize=100_000)
def find_lemma(form: str, pos: str) -> str:
    """Return the dictionary form of a word: nouns with a capital, names as they are, verbs in the infinitive."""
    if pos in {"PROPN", "PUNCT", "NUM", "SPACE", "SYM", "X"}:
        return form
    lower = form.lower()
    if lower in LEMMAS.get(pos, {}):
        return LEMMAS[pos][lower]
    if pos == "NOUN":
        return _find_noun_lemma(form)
    if pos in {"VERB", "AUX"}:
        return _find_infinitive(lower)
    return _look_up(lower)


def _look_up(form: str) -> str:
    """Ask simplemma, with the spelling of Switzerland second: "begrüsst", "Aussenministers"."""
    lemma = look_up(form)
    if lemma == form and "ss" in form and is_known(form.replace("ss", "ß")):
        lemma = look_up(form.replace("ss", "ß"))
    return lemma


def _find_noun_lemma(form: str) -> str:
    """Look a noun up; of a compound that is not known its last part decides: "Patriot-Systemen", "Klimaschäden"."""
    head, hyphen, last = form.rpartition("-")
    last = last or form
    lemma = _look_up(last)
    if lemma == last and not is_known(last):
        for cut in range(3, len(last) - _SHORTEST_PART + 1):
            part = last[cut:].capitalize()
            if is_known(part):
                lemma = last[:cut] + _look_up(part).lower()
                break
    return head + hyphen + lemma[:1].upper() + lemma[1:]


def _find_infinitive(form: str) -> str:
    """Look a verb up, else take off its particle or regular ending: "zurückgebracht", "abgefeuert"."""
    lemma = LEMMAS["VERB"].get(form) or _look_up(form).lower()
    if form.endswith(_INFINITIVES) and not lemma.endswith("n"):
        return form  # an adjective or pronoun looks the same: "schicken", "meinen"
    if lemma != form or lemma.endswith(_INFINITIVES):
        return lemma
    for cut in range(min(len(form) - _SHORTEST_PART, _LONGEST_PARTICLE), 1, -1):
        if form[:cut] in PARTICLES:
            return form[:cut] + _find_infinitive(form[cut:])
    regular = _REGULAR.fullmatch(form)
    if regular is None:
        return form
    stem = regular["stem"]
    return stem + ("n" if stem.endswith(("er", "el")) and not stem.endswith("ier") else "en")


def full_lemma(token: Token) -> str:
    """Return a verb's lemma with its split-off particle: "schickt" of "schickt … ab" gives "abschicken".

    The particle is the one that the parser attached, else one that closes the clause. Other words give their lemma.
    """
    particle = find_particle(token)
    return particle.text.lower() + token.lemma_ if particle is not None else token.lemma_


def find_particle(verb: Token) -> Token | None:
    """Find the split-off particle of a verb: "Berlin schickt die Soldaten ab"."""
    if verb.pos_ not in {"VERB", "AUX"} or verb.lemma_ in _BARE_VERBS:
        return None
    for child in verb.children:
        if child.dep_ in _PARTICLE_DEPS and child.i > verb.i and child.text.lower() in PARTICLES:
            return child
    if "Fin" not in verb.morph.get("VerbForm", []) and "Imp" not in verb.morph.get("Mood", []):
        return None
    return _find_clause_final_particle(verb)


def _find_clause_final_particle(verb: Token) -> Token | None:
    """Take a particle right before the clause's end: "… kündigte der Minister am Freitag an, dass …"."""
    sentence_end = verb.sent.end
    for place in range(verb.i + 1, sentence_end):
        token = verb.doc[place]
        following = verb.doc[place + 1] if place + 1 < sentence_end else None
        if token.tag_.startswith("VVFIN") or token.text.lower() in _CLAUSE_ENDS:
            return None
        ends = following is None or following.is_space or following.text.lower() in _CLAUSE_ENDS
        if ends and token.text.lower() in PARTICLES:
            return token if token.pos_ in {"ADP", "ADV", "ADJ", "PART", "VERB"} else None
    return None
