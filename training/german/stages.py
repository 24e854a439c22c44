"""The trained components: which network each has, and from what it learns."""

from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.tokens import Doc

import kg.german.tokenizer  # registers the tokeniser

WIDTH = 96
DEPTH = 4


def blank_pipeline() -> Language:
    """Make a pipeline with our tokeniser and no component."""
    return spacy.blank("de", config={"nlp": {"tokenizer": {"@tokenizers": "lagebild.GermanTokenizer.v1"}}})


def tok2vec(attrs: dict[str, int], width: int = WIDTH, depth: int = DEPTH) -> dict[str, Any]:
    """Describe a network: hash embeddings of the attributes (with their rows) and vectors, then convolutions."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            "attrs": list(attrs),
            "rows": list(attrs.values()),
            "include_static_vectors": True,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": width,
            "depth": depth,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


WORD_ATTRS = {"NORM": 4000, "PREFIX": 1000, "SUFFIX": 2000, "SHAPE": 1500}


def listener(width: int = WIDTH) -> dict[str, Any]:
    """Describe the layer by which a component shares the network of the component `tok2vec`."""
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": width, "upstream": "tok2vec"}


def add_syntax(nlp: Language, attrs: dict[str, int]) -> None:
    """Add the network shared by morphology and parser, and the two."""
    nlp.add_pipe("tok2vec", config={"model": tok2vec(attrs)})
    nlp.add_pipe("morphologizer", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener()}})
    nlp.add_pipe(
        "parser",
        config={
            "learn_tokens": False,
            "min_action_freq": 5,
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "parser",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": listener(),
            },
        },
    )


def add_names(nlp: Language, width: int = WIDTH, depth: int = DEPTH) -> None:
    """Add the name recogniser with a network of its own."""
    nlp.add_pipe(
        "ner",
        config={
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": tok2vec(WORD_ATTRS, width, depth),
            }
        },
    )


def to_examples(nlp: Language, references: list[Doc]) -> list[Example]:
    """Pair each annotated doc with a bare one of the same tokens."""
    return [
        Example(Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]), doc)
        for doc in references
    ]
