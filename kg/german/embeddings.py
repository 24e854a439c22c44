"""What a network starts from for each word, put together once: a word's parts and vector do not depend on the sentence.

Half of the time that such a network takes goes into looking up hashed parts of words and mixing them. Whatever comes of
it follows from the word and, for some networks, from its tag; most words of an article have been met before.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Model

from kg.german.remembered import Floats, Remembered

_MOST = 30_000
"""Words, or pairs of a word and a tag, that are remembered for each network; with 96 numbers each, 12 MB."""
_OF_WORD = frozenset({"NORM", "PREFIX", "SUFFIX", "SHAPE"})
"""Attributes that follow from a word's letters."""


def remember_embeddings(nlp: Language) -> None:
    """Let the networks of a pipeline remember what they start from, where that follows from words and tags."""
    for network in list_networks(nlp):
        if network.has_ref("embed") and network.layers[0] is network.get_ref("embed"):
            embed = network.layers[0]
            if _asked_of_context(embed) <= {"TAG"}:
                network.layers[0] = _remembering(embed, nlp)


def list_networks(nlp: Language) -> list[Model[Any, Any]]:
    """Return the networks of a pipeline's components, and those that they are made of; some components have none."""
    models = [getattr(component, "model", None) for _, component in nlp.pipeline]
    return [network for model in models if isinstance(model, Model) for network in model.walk()]


def _asked_of_context(embed: Model[list[Doc], list[Floats]]) -> set[str]:
    """Return the attributes that a network asks for and that words do not have by themselves."""
    asked = (column for layer in embed.walk() for column in layer.attrs.get("columns", ()))
    return {str(column) for column in asked if column not in _OF_WORD}


def _remembering(embed: Model[list[Doc], list[Floats]], nlp: Language) -> Model[list[Doc], list[Floats]]:
    memory = _Memory(embed, nlp, tagged=bool(_asked_of_context(embed)))

    def forward(
        model: Model[list[Doc], list[Floats]], docs: list[Doc], is_train: bool
    ) -> tuple[list[Floats], Callable[[list[Floats]], list[Doc]]]:
        if is_train:
            return model.layers[0](docs, is_train)
        return memory.of(docs), lambda _: docs

    return Model("remembered", forward, layers=[embed], dims={"nO": embed.get_dim("nO")})


class _Memory:
    """The vectors of words that were met before, by the word and, where the network asks for it, the tag."""

    def __init__(self, embed: Model[list[Doc], list[Floats]], nlp: Language, *, tagged: bool) -> None:
        self._embed = embed
        self._vocab = nlp.vocab
        self._tagged = tagged
        self._known: Remembered[tuple[int, int]] = Remembered(embed.get_dim("nO"), _MOST)

    def of(self, docs: Sequence[Doc]) -> list[Floats]:
        """Return the vectors of each sentence's words."""
        vectors = self._known.of([key for doc in docs for key in self._keys(doc)], self._make)
        return np.split(vectors, np.cumsum([len(doc) for doc in docs])[:-1])

    def _keys(self, doc: Doc) -> Iterator[tuple[int, int]]:
        words = doc.to_array("ORTH").tolist()
        return zip(words, doc.to_array("TAG").tolist() if self._tagged else repeat(0), strict=False)

    def _make(self, keys: Sequence[tuple[int, int]]) -> Floats:
        """Ask the network itself; its answer for one word does not depend on the others."""
        words, tags = ([self._vocab.strings[number] for number in column] for column in zip(*keys, strict=True))
        (vectors,) = self._embed.predict([Doc(self._vocab, words=words, tags=tags)])
        return vectors
