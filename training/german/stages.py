"""The trained components: which network each has, and from what it learns."""

from typing import Any

import spacy
from spacy.language import Language

import kg.german.tokenizer  # noqa: F401  # registers the tokeniser

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
TAGGED_ATTRS = WORD_ATTRS | {"TAG": 100}


def listener() -> dict[str, Any]:
    """Describe the layer by which a component shares the network of the component `tok2vec`."""
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "tok2vec"}


def add_tagger(nlp: Language) -> None:
    """Add the tagger, small and fast: the others read its tags."""
    network = tok2vec({"NORM": 3000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 1000}, width=64, depth=2)
    nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": network}})


def add_syntax(nlp: Language) -> None:
    """Add the network shared by morphology and parser, and the two."""
    nlp.add_pipe("tok2vec", config={"model": tok2vec(TAGGED_ATTRS)})
    nlp.add_pipe("morphologizer", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener()}})
    nlp.add_pipe("parser", config={"min_action_freq": 5, "model": _transitions()})


def _transitions() -> dict[str, Any]:
    """Describe the parser's transition system over the shared network."""
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "parser",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": listener(),
    }
