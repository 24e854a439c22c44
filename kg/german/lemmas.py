"""Dictionary forms: simplemma's, with the words that it gets wrong, and verbs put together with their particle."""

from functools import lru_cache

import simplemma
from spacy.tokens import Token

from kg.german.words import LEMMAS, PARTICLES

_BARE_VERBS = frozenset({"sein", "werden", "können", "müssen", "sollen", "wollen", "dürfen", "mögen"})
"""Verbs that a particle does not change: "war bereit", "will weg"."""
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
    lemma: str = simplemma.lemmatize(lower, lang="de")
    return lemma if pos not in {"VERB", "AUX"} else lemma.lower()


def _find_noun_lemma(form: str) -> str:
    """Look a noun up; of a hyphen compound ("Patriot-Systemen") its last part decides."""
    head, hyphen, last = form.rpartition("-")
    lemma: str = simplemma.lemmatize(last or form, lang="de")
    return head + hyphen + lemma[:1].upper() + lemma[1:]


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
        if child.dep_ in _PARTICLE_DEPS and child.text.lower() in PARTICLES:
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
