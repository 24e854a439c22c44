"""The language model's networks as they are run: what is remembered or laid out anew says what spaCy's own would."""

from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.german import embeddings
from kg.german.embeddings import remember_embeddings
from kg.german.remembered import Floats
from kg.german.windows import quicken_windows
from kg.german.word_vectors import RememberedVectors
from kg.language_model import BUNDLED

SENTENCES = (
    ("Polen", "schickt", "Soldaten", "nach", "Litauen", "."),
    ("Ja", "."),
    ("Das", "teilte", "das", "Ministerium", "in", "Warschau", "mit", "."),
    ("Soldaten", "schickt", "Litauen", "nicht", "."),
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return _load()


@pytest.fixture
def nlp() -> Language:
    return _load()


def _load() -> Language:
    nlp = spacy.load(BUNDLED)
    nlp.vocab.vectors = RememberedVectors(nlp.vocab.vectors)  # spaCy cannot sum up vectors in half the space
    return nlp


def _part(nlp: Language, name: str) -> Any:
    return nlp.get_pipe(name)


def _sentences(nlp: Language) -> list[Doc]:
    return [Doc(nlp.vocab, words=list(words)) for words in SENTENCES]


def _vectors(nlp: Language, name: str) -> list[Floats]:
    """Return the vectors of the sentences' words, with the tags that they need."""
    docs = list(_part(nlp, "tagger").pipe(iter(_sentences(nlp))))
    network = _part(nlp, name).model
    vectors: list[Floats] | Floats = (network if name == "tok2vec" else network.get_ref("tok2vec")).predict(docs)
    return list(vectors)


@pytest.mark.parametrize("name", ["tagger", "tok2vec"])
def test_what_is_remembered_is_what_would_be_made_anew(plain: Language, nlp: Language, name: str) -> None:
    remember_embeddings(nlp)
    _vectors(nlp, name)
    expected = _vectors(plain, name)
    assert all(np.array_equal(a, b) for a, b in zip(_vectors(nlp, name), expected, strict=True))


def test_a_word_with_another_tag_is_another(nlp: Language) -> None:
    remember_embeddings(nlp)
    embed = _part(nlp, "tok2vec").model.layers[0]
    while embed.name != "remembered":
        embed = embed.layers[0]
    noun, verb, again = (Doc(nlp.vocab, words=["Reisen"], tags=[tag]) for tag in ("NN", "VVINF", "NN"))
    ((first,), (second,), (third,)) = embed.predict([noun, verb, again])
    assert not np.array_equal(first, second)
    assert np.array_equal(first, third)


def test_more_words_than_are_remembered_start_afresh(
    plain: Language, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "_MOST", 7)
    remember_embeddings(nlp)
    for _ in range(2):
        found = [_part(nlp, "tagger").model.predict([doc])[0] for doc in _sentences(nlp)]
    expected = [_part(plain, "tagger").model.predict([doc])[0] for doc in _sentences(plain)]
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", ["tagger", "tok2vec"])
def test_windows_come_out_as_by_thinc(plain: Language, nlp: Language, name: str) -> None:
    quicken_windows(nlp)
    assert any(node.name == "windows" for node in _part(nlp, name).model.walk())
    for found, expected in zip(_vectors(nlp, name), _vectors(plain, name), strict=True):
        assert found.shape == expected.shape
        assert np.allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_a_sentence_means_the_same_whatever_stands_beside_it(nlp: Language) -> None:
    quicken_windows(nlp)
    together = _vectors(nlp, "tok2vec")
    alone = [_part(nlp, "tok2vec").model.predict([doc])[0] for doc in _part(nlp, "tagger").pipe(_sentences(nlp))]
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(together, alone, strict=True))


def test_pipelines_with_components_of_other_kinds_answer_as_before() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("attribute_ruler")  # has no network
    tagger: Any = nlp.add_pipe("tagger")
    tagger.add_label("NN")
    tagger.add_label("VVFIN")
    nlp.initialize()
    expected = tagger.model.predict(_sentences(nlp))
    remember_embeddings(nlp)
    quicken_windows(nlp)
    found = tagger.model.predict(_sentences(nlp))
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(found, expected, strict=True))
