"""An article becomes a spaCy `Doc`: the only package that names the language model.

What a `Doc` of `parse` carries, in the terms of Universal Dependencies:

- tokens whose offsets count in `article.text`; hyphen compounds and ordinals are one token each
- sentences by rule: a newline always ends one
- `pos_` (UPOS), `tag_` (STTS), `morph` (Case, Number, Person, Mood, Tense, VerbForm), `lemma_`
- `dep_` and `head`: nsubj, nsubj:pass, obj, obl, obl:arg (dative and prepositional objects), obl:agent, nmod, amod,
  appos, flat, conj, compound:prt, acl (relative clauses too), advcl, ccomp, xcomp …
- `spans["noise"]`: the article's noise

Names are found afterwards, by `kg.recogniser`.
"""

from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kg.errors import DataError
from kg.german import official
from kg.german.embeddings import remember_embeddings
from kg.german.lemmas import find_lemma, find_particle, full_lemma
from kg.german.sentences import copy_annotation, extract_sentence, set_sentences, word_places
from kg.german.tokenizer import GermanTokenizer
from kg.german.windows import quicken_windows
from kg.german.word_vectors import RememberedVectors
from kg.language_model import BUNDLED, cannot_load
from kg.model import Article

__all__ = ["NOISE", "GermanTokenizer", "find_particle", "full_lemma", "is_noise", "load", "parse"]

BATCH = 64
"""Sentences that the networks see at once."""
NOISE = "noise"
"""Name of the span group with the article's noise."""


@lru_cache(maxsize=2)
def load(model: str = "") -> Language:
    """Load the language model: "" is the bundled one, else the name or folder of an official German spaCy model.

    Raises:
        DataError: there is no such model, or it is not for German.
    """
    try:
        nlp = spacy.load(model or BUNDLED, exclude=["ner"])
    except OSError as error:
        raise cannot_load(model) from error
    if nlp.lang != "de":
        raise DataError(f"The language model {model!r} is for {nlp.lang!r}.", "Choose a German one.")
    if nlp.vocab.vectors.mode == "floret":
        nlp.vocab.vectors = RememberedVectors(nlp.vocab.vectors)
    remember_embeddings(nlp)
    quicken_windows(nlp)
    return nlp


def parse(nlp: Language, article: Article) -> Doc:
    """Analyse a whole article; see the package's docstring for what the `Doc` carries."""
    doc = nlp.tokenizer(article.text)
    set_sentences(doc)
    sentences = word_places(doc)
    parsed = nlp.pipe((extract_sentence(doc, places) for places in sentences), batch_size=BATCH)
    if official.is_official(nlp):
        parsed = map(official.translate, parsed)
    copy_annotation(doc, sentences, parsed)
    _mark_noise(doc, article)
    for token in doc:
        if token.is_punct:
            token.pos_ = "PUNCT"  # the treebank has few „German quotes“
        token.lemma_ = find_lemma(token.text, token.pos_)
    return doc


def is_noise(item: Token | Span) -> bool:
    """Tell whether a token, or any token of a span, lies in the page's noise."""
    begin, end = (item.i, item.i + 1) if isinstance(item, Token) else (item.start, item.end)
    return any(begin < noise.end and noise.start < end for noise in item.doc.spans.get(NOISE, ()))


def _mark_noise(doc: Doc, article: Article) -> None:
    spans = (doc.char_span(noise.begin, noise.end, label=NOISE, alignment_mode="expand") for noise in article.noise)
    doc.spans[NOISE] = [span for span in spans if span is not None]
