"""The encoder: pieces of words, windows of articles, and what it says of words where they stand."""

from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import zstandard
from spacy.tokens import Span

from kg import german
from kg.claims import load_models
from kg.dates import find_times
from kg.encoder import ENCODER_FOLDER, MARKS, Context, load_encoder, mark_words, read_halfway
from kg.encoder.marks import spread
from kg.encoder.model import NETWORKS
from kg.encoder.pieces import UNKNOWN, Vocabulary
from kg.encoder.windows import LONGEST, find_windows, owners, sentence_starts
from kg.errors import DataError
from kg.linking import link_entities
from kg.model import Article
from kg.quantities import find_figures

TYPES, ROLES = load_models().triggers.labels, load_models().roles.labels
NAMES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁Truppen", "abzug", "▁Trup", "pen", "s", "."]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -6.0, -6.0, -7.0, -4.0, -2.0, -2.0]
VOCABULARY = Vocabulary(NAMES, SCORES)


def pieces_of(text: str) -> list[tuple[str, str]]:
    return [(NAMES[piece.number], text[piece.begin : piece.end]) for piece in VOCABULARY.split(text)]


def test_the_likeliest_cut_is_taken() -> None:
    assert pieces_of("Truppenabzug.") == [("▁Truppen", "Truppen"), ("abzug", "abzug"), (".", ".")]


def test_a_piece_covers_the_space_before_its_word() -> None:
    assert pieces_of("s Truppen") == [("▁", ""), ("s", "s"), ("▁Truppen", " Truppen")]


def test_unknown_characters_in_a_row_are_one_piece() -> None:
    assert pieces_of("Truppen軍隊s") == [("▁Truppen", "Truppen"), ("<unk>", "軍隊"), ("s", "s")]
    assert VOCABULARY.split("軍")[-1].number == UNKNOWN


def test_forms_that_look_alike_are_read_alike() -> None:
    assert [name for name, _ in pieces_of("Ｔruppen")] == ["▁Truppen"]


def test_pieces_belong_to_the_words_that_they_stand_in() -> None:
    text = "Truppenabzug.\ns"
    spans = [(0, 12), (12, 13), (13, 13), (14, 15)]
    assert owners(VOCABULARY.split(text), spans, len(text)) == [0, 0, 1, -1, 3]


@pytest.mark.parametrize("count", [0, 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_windows_are_fresh_once_everywhere(count: int) -> None:
    windows = find_windows(count, range(30, count, 30))
    fresh = [k for window in windows for k in range(window.fresh, window.end)]
    assert fresh == list(range(count))
    assert all(window.end - window.begin <= LONGEST and window.begin <= window.fresh for window in windows)


def test_windows_end_with_sentences() -> None:
    windows = find_windows(LONGEST + 100, [LONGEST - 7, LONGEST + 40])
    assert windows[0].end == LONGEST - 7
    assert windows[1].begin < windows[1].fresh == LONGEST - 7


def test_a_sentence_without_an_end_is_cut() -> None:
    assert [window.end for window in find_windows(LONGEST + 100, [])] == [LONGEST, LONGEST + 100]


def test_sentences_start_with_their_first_piece() -> None:
    assert sentence_starts(np.array([0, 0, 1, -1, 3, 3]), [0, 2]) == [4]


def context_of(text: str) -> tuple[Context, list[str]]:
    doc = german.parse(german.load(), Article("a", text, text.split("\n", maxsplit=1)[0], date(2024, 11, 1), "given"))
    halfway = read_halfway(load_encoder(), doc)
    return Context(load_encoder(), doc, halfway, np.zeros(len(doc), dtype=np.intp)), [token.text for token in doc]


def test_its_labels_are_those_of_the_linear_models() -> None:
    labels, models = load_encoder().labels, load_models()
    assert labels["events"] == models.triggers.labels
    assert labels["roles"] == models.roles.labels


def test_a_word_is_understood_where_it_stands() -> None:
    sent, words = context_of("Frankreich schickt 500 Soldaten nach Mali.")
    post, others = context_of("Die Großmutter schickt einen Brief an ihre Enkel.")
    column = TYPES.index("Deployment")
    deployed = sent.of_triggers([words.index("schickt")])[0, column]
    assert deployed > post.of_triggers([others.index("schickt")])[0, column] + 2


def test_who_sends_is_told_from_where_to() -> None:
    context, words = context_of("Frankreich schickt 500 Soldaten nach Mali.")
    spans = [(words.index(name), words.index(name) + 1) for name in ("Frankreich", "Mali")]
    mentions = context.read_mentions(spans, [0, 1], ["Country", "Country"])
    said = context.of_roles(words.index("schickt"), "Deployment", mentions)
    sender, destination = ROLES.index("sender"), ROLES.index("destination")
    assert said[0, sender] > said[1, sender]
    assert said[1, destination] > said[0, destination]


def test_the_same_text_gives_the_same_numbers() -> None:
    text = "Berlin fordert den Abzug der Truppen."
    (first, words), (second, _) = context_of(text), context_of(text)
    tokens = range(len(words))
    assert first.of_triggers(tokens).tobytes() == second.of_triggers(tokens).tobytes()


def test_what_is_next_to_the_same_means_next_to_the_same() -> None:
    encoder = load_encoder()
    nudged = copy(encoder)
    nudged._embeddings = replace(encoder._embeddings, scales=encoder._embeddings.scales * np.float32(1.0001))
    pieces = encoder.vocabulary.split("Frankreich schickt 500 Soldaten nach Mali. Berlin fordert ihren Abzug.")
    numbers = np.array([piece.number for piece in pieces])
    marks, known = np.zeros(len(numbers), dtype=np.intp), np.zeros((len(numbers), encoder.width), dtype=np.float32)
    meant, nearly = (one.finish(one.begin(numbers, known), marks) for one in (encoder, nudged))
    # rounding to eight bits is fine
    assert np.abs(nearly - meant).mean() < np.abs(meant).mean() / 8


def test_what_is_known_of_words_is_heard() -> None:
    encoder = load_encoder()
    numbers = np.array([piece.number for piece in encoder.vocabulary.split("Frankreich schickt Soldaten nach Mali.")])
    plain = encoder.begin(numbers, np.zeros((len(numbers), encoder.width), dtype=np.float32))
    assert plain.shape == (2 + len(numbers), encoder.width)
    told = encoder.begin(numbers, np.tile(encoder.heads["known.part"][1], (len(numbers), 1)))
    assert np.abs(told - plain).mean() > 0
    marks = np.zeros(len(numbers), dtype=np.intp)
    marked = marks.copy()
    marked[2] = MARKS.index("Country")
    changes = np.abs(encoder.finish(plain, marked) - encoder.finish(plain, marks)).mean(axis=1)
    assert changes.argmax() == 2


def test_words_are_marked_by_what_is_known_of_them() -> None:
    text = "Frankreich schickte gestern 500 Soldaten und eine Million Euro nach Mali."
    article = Article("a", text, text, date(2024, 11, 1), "given")
    doc = german.parse(german.load(), article)
    doc.ents = (Span(doc, 0, 1, label="Country"), Span(doc, 10, 11, label="Country"))
    entities, times = link_entities(doc, article), find_times(doc, article.published)
    found = mark_words(doc, article.published, entities, times, find_figures(doc))
    marked = {token.text: MARKS[number] for token, number in zip(doc, found, strict=True) if number}
    assert marked == {
        "Frankreich": "Country", "gestern": "past", "500": "people", "Soldaten": "people", "eine": "money",
        "Million": "money", "Euro": "money", "Mali": "Country",
    }  # fmt: skip


def test_no_words_have_no_marks() -> None:
    assert mark_words(german.load().make_doc(""), date(2024, 11, 1), (), (), ()).shape == (0,)
    assert spread(np.zeros(0, dtype=np.intp), np.array([-1])).tolist() == [0]


@pytest.mark.parametrize("text", ["\n", "軍隊", "Ab" * 3000, "Wort " * 2000])
def test_any_text_is_read(text: str) -> None:
    context, words = context_of(text)
    assert np.isfinite(context.of_triggers(range(len(words)))).all()


@pytest.mark.parametrize("name", [*NETWORKS, "weights.npz"])
def test_a_broken_encoder_is_told(tmp_path: Path, name: str) -> None:
    for file in (*NETWORKS, "weights.npz"):
        (tmp_path / file).write_bytes((ENCODER_FOLDER / file).read_bytes()[: 1000 if file == name else None])
    with pytest.raises(DataError, match=name):
        load_encoder(tmp_path)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_network_names_no_source_files(name: str) -> None:
    assert b".py" not in zstandard.decompress((ENCODER_FOLDER / name).read_bytes())
