"""Figures: attachment on a treebank, names on articles that the model did not see, speed of the whole pipeline."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from kg.german.sentences import copy_annotation, extract_sentence, set_sentences, word_places
from training.german.corpora import GoldArticle
from training.german.examples import bare_copy
from training.german.names import Name, find_names, to_entity_tags


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


@dataclass(slots=True)
class NameScore:
    """Counts of names by class: in the annotation, predicted, both with the same bounds and class."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, gold: set[Name], found: set[Name]) -> None:
        """Count the names of one article."""
        self.gold.update(name.type for name in gold)
        self.found.update(name.type for name in found)
        self.right.update(name.type for name in gold & found)

    def f1(self, kind: str | None = None) -> float:
        """Return F1 of one class, or of all."""
        kinds = [kind] if kind else list(self.gold | self.found)
        right, both = sum(self.right[k] for k in kinds), sum(self.gold[k] + self.found[k] for k in kinds)
        return 2 * right / both if both else 0.0


def predict_names(nlp: Language, text: str) -> tuple[Doc, list[Name]]:
    """Read the names of a text as `kg.german.parse` does, noise included."""
    doc = nlp.make_doc(text)
    set_sentences(doc)
    sentences = word_places(doc)
    copy_annotation(doc, sentences, nlp.pipe(extract_sentence(doc, places) for places in sentences))
    return doc, [Name(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


def score_names(nlp: Language, articles: Iterable[GoldArticle], offices: frozenset[str], score: NameScore) -> None:
    """Add the articles' names to `score`; names in lines that look like noise do not count."""
    for article in articles:
        doc, found = predict_names(nlp, article.text)
        names = find_names(article, offices)
        tags = to_entity_tags(doc, names)
        unknown = {token.idx for token in doc if tags[token.i] == "-"}
        score.add(
            {name for name in names if doc.char_span(name.begin, name.end) is not None},
            {name for name in found if unknown.isdisjoint(range(name.begin, name.end))},
        )


def measure_speed(nlp: Language, texts: Sequence[str]) -> float:
    """Return words (between blanks) a second of processor time, as one core does them."""
    begin = time.process_time()
    for text in texts:
        predict_names(nlp, text)
    return sum(len(text.split()) for text in texts) / (time.process_time() - begin)
