"""spaCy's own German models in the bundled one's terms: their trees are TIGER's."""

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Token

_DEPS = {
    "sb": "nsubj", "sp": "nsubj", "oa": "obj", "oa2": "obj", "da": "obl:arg", "og": "obl:arg", "op": "obl:arg",
    "sbp": "obl:agent", "mo": "advmod", "ng": "advmod", "ag": "nmod", "pg": "nmod", "mnr": "nmod", "app": "appos",
    "pnc": "flat", "ac": "case", "cj": "conj", "cd": "cc", "svp": "compound:prt", "pd": "xcomp", "rc": "acl",
    "re": "acl", "cp": "mark", "cm": "mark", "pm": "mark", "par": "parataxis", "ep": "expl", "ph": "expl",
}  # fmt: skip
_KERNELS = {"DET": "det", "PRON": "det", "ADJ": "amod", "NUM": "nummod", "PROPN": "appos", "NOUN": "appos"}


def is_official(nlp: Language) -> bool:
    """Tell whether a pipeline is one of spaCy's own, by its parser's labels."""
    return "parser" in nlp.pipe_names and "sb" in nlp.get_pipe("parser").labels  # type: ignore[attr-defined]  # spaCy types the base class


def translate(doc: Doc) -> Doc:
    """Turn relations and heads into the bundled model's, as far as the later stages read them."""
    heads = [token.head.i for token in doc]
    deps = [_translate_dep(token) for token in doc]
    for token in doc:
        if token.pos_ == "ADP":
            _turn_preposition(token, heads, deps)
        if token.dep_ == "cj" and token.head.dep_ == "cd":
            heads[token.i] = token.head.head.i
    for token in sorted(doc, key=lambda t: sum(1 for _ in t.ancestors)):  # "worden" after the "ist" that it hangs on
        if token.pos_ == "AUX":
            _lower_auxiliary(token, heads, deps)
    offsets = np.array([head - place for place, head in enumerate(heads)], dtype="int64").astype("uint64")
    labels = np.array([doc.vocab.strings.add(dep) for dep in deps], dtype="uint64")
    columns = np.column_stack([offsets, labels])
    doc.from_array(["HEAD", "DEP"], columns)  # type: ignore[arg-type]  # the stub asks for thinc's array type
    return doc


def _translate_dep(token: Token) -> str:
    if token.dep_ == "nk":
        return _KERNELS.get(token.pos_, "nmod")
    if token.dep_ == "oc":
        return "xcomp" if "Inf" in token.morph.get("VerbForm", []) else "ccomp"
    if token.dep_ == "mo" and token.pos_ in {"NOUN", "PROPN", "NUM"}:
        return "obl"
    if token.dep_ == "mo" and token.pos_ in {"VERB", "AUX"}:
        return "advcl"
    return _DEPS.get(token.dep_, token.dep_)


def _turn_preposition(token: Token, heads: list[int], deps: list[str]) -> None:
    """Make the noun the head of its preposition: "nach Kursk" hangs on the verb by Kursk."""
    noun = next((child for child in token.children if child.dep_ == "nk"), None)
    if noun is None:
        return
    outer = token.head
    dep = deps[token.i]
    if token.dep_ in {"mo", "nk"}:
        dep = "obl" if outer.pos_ in {"VERB", "AUX", "ADJ"} else "nmod"
    heads[noun.i], deps[noun.i] = (noun.i if outer == token else outer.i), dep
    heads[token.i], deps[token.i] = noun.i, "case"


def _lower_auxiliary(token: Token, heads: list[int], deps: list[str]) -> None:
    """Make the full verb the head of its auxiliary and of all that hung on it: "hat Soldaten geschickt"."""
    verb = next((child for child in token.children if child.dep_ == "oc"), None)
    if verb is None:
        return
    passive = token.lemma_ == "werden" and "Part" in verb.morph.get("VerbForm", [])
    for place, head in enumerate(heads):
        if head == token.i and place != verb.i:
            heads[place] = verb.i
            if passive and deps[place] == "nsubj":
                deps[place] = "nsubj:pass"
    was_root = heads[token.i] in {token.i, verb.i}
    heads[verb.i], deps[verb.i] = (verb.i if was_root else heads[token.i]), deps[token.i]
    heads[token.i], deps[token.i] = verb.i, "aux:pass" if passive else "aux"
