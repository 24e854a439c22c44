"""Figures: attachment on a treebank, and the speed of the whole pipeline."""

import time
from collections import Counter
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.german.sentences import extract_sentence, set_sentences, word_places
from training.german.examples import bare_copy


def score_syntax(nlp: Language, references: Sequence[Doc]) -> dict[str, float]:
    """Score one-sentence docs, without punctuation; `las_universal` ignores subtypes, in which treebanks differ."""
    hits: Counter[str] = Counter()
    words = cased = 0
    for doc, gold in zip(nlp.pipe(bare_copy(doc) for doc in references), references, strict=True):
        for found, token in zip(doc, gold, strict=True):
            if token.pos_ == "PUNCT":
                continue
            words += 1
            hits["pos"] += found.pos_ == token.pos_
            if token.morph.get("Case", []):
                cased += 1
                hits["case"] += found.morph.get("Case", []) == token.morph.get("Case", [])
            if found.head.i == token.head.i:
                hits["uas"] += 1
                hits["las"] += found.dep_ == token.dep_
                hits["las_universal"] += found.dep_.split(":")[0] == token.dep_.split(":")[0]
    scores = {name: hits[name] / words for name in ("uas", "las", "las_universal", "pos")}
    return scores | {"case": hits["case"] / max(1, cased)}


def measure_speed(nlp: Language, texts: Sequence[str]) -> float:
    """Return words (between blanks) a second of processor time, as one core does them."""
    begin = time.process_time()
    for text in texts:
        doc = nlp.make_doc(text)
        set_sentences(doc)
        for _ in nlp.pipe(extract_sentence(doc, places) for places in word_places(doc)):
            pass
    return sum(len(text.split()) for text in texts) / (time.process_time() - begin)
