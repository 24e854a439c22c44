"""The encoder while it learns, where PyTorch is installed (`pip install 'lagebild[train]'`)."""

from copy import copy
from dataclasses import replace
from typing import ClassVar

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="PyTorch (the extra `train`) is not installed")

from kg.encoder import MARKS, Halfway, load_encoder
from kg.encoder.windows import LONGEST, Layout
from kg.encoder.words import FEATURES, Words
from kg.recogniser import TAGS, _tag
from training.encoder.adapt import _choose
from training.encoder.batches import collate
from training.encoder.examples import Example, Pairs, Told
from training.encoder.export import _named as _named_weights
from training.encoder.learn import _asked, _divergence, _named, _summed, _unlikeness
from training.encoder.network import STEPS, Dense, Names, Transformer
from training.encoder.windows import UNASKED


class Chance:
    """Stands in for a pretrained encoder: small, of random numbers."""

    width, heads, inner = 32, 2, 64
    sizes: ClassVar = {"emb.pos": (LONGEST + 2) * width, "fi.w": inner * width, "fo.w": inner * width, "fi.b": inner}

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return numbers as many as are asked for, around one for the scale of a norm."""
        layer, _, kind = name.partition(".")
        square = {f"{part}.w": self.width**2 for part in ("q", "k", "v", "ao")}
        size = (self.sizes | square).get(name if layer == "emb" else kind, self.width)
        is_scale = name.endswith("ln.w")
        return np.random.default_rng(len(name)).normal(is_scale, 0.1, size).astype(np.float32)


NO_PAIRS = Pairs([], [], [], np.zeros(0, dtype=np.float32))
EXAMPLE = Example(
    numbers=np.array([0, 7, 8, 9, 2]),
    word_of=np.array([-1, 4, 4, 6, -1]),
    here=np.array([4, 6]),
    is_fresh=np.ones(2, dtype=np.bool_),
    parts_of_speech=np.array([1, 2]),
    features=np.zeros((2, FEATURES), dtype=np.float32),
    tags=np.array([TAGS.index("U-Place"), UNASKED]),
    marks=np.zeros(5, dtype=np.intp),
    words=[4, 6],
    tells=np.array([[0, 1], [0, 0]], dtype=np.float32),
    events=[Told(4, 1)],
    statuses=np.array([[1, 0, 0, 0, 0]], dtype=np.float32),
    mentions=[(6, 7), (4, 7)],
    owned=[1, 0],
    kinds=[2, 0],
    gaps=np.array([[8, 7]]),
    parts=np.zeros((1, 2, 3), dtype=np.float32),
    pairs={"time": Pairs([0], [(6, 7)], [8], np.ones(1, dtype=np.float32)), "figure": NO_PAIRS, "source": NO_PAIRS},
)


def test_examples_lie_behind_each_other_in_a_batch() -> None:
    short = {name: getattr(EXAMPLE, name)[:1] for name in ("here", "is_fresh", "parts_of_speech", "features", "tags")}
    short |= {"numbers": EXAMPLE.numbers[[0, 1, 4]], "word_of": np.array([-1, 4, -1]), "marks": EXAMPLE.marks[:3]}
    batch = collate([EXAMPLE, replace(EXAMPLE, words=[4], tells=EXAMPLE.tells[:1], **short)])
    assert batch.is_first.tolist() == [True, False, True]
    assert batch.is_last.tolist() == [False, True, True]
    assert batch.tags.tolist() == [TAGS.index("U-Place"), UNASKED, TAGS.index("U-Place")]
    assert batch.asked.tolist() == [0, 1, 2]
    assert batch.anchors.tolist() == [0, 2]
    assert batch.pairs.tolist() == [[0, 0, 1, 1], [0, 1, 2, 3], [8, 7, 8, 7], [9, 7, 9, 7], [1, 0, 3, 2]]
    assert batch.expressions["time"][1].tolist() == [[0, 1], [8, 8], [9, 9]]
    meanings = torch.arange(10.0).view(2, 5, 1)
    assert batch.words(meanings).flatten().tolist() == [1.5, 3, 6]
    assert batch.mentions.pooled(batch.words(meanings)).flatten().tolist() == [3, 2.25, 0, 6]


def test_mentions_of_one_entity_add_to_its_likelihood() -> None:
    odds = torch.tensor([[1.0], [2.0], [-3.0]])
    summed = _summed(odds, torch.tensor([0, 0, 1]), 2)
    assert summed.flatten().tolist() == pytest.approx([float(np.logaddexp(1, 2)), -3])


def test_nothing_is_lost_over_what_is_not_asked() -> None:
    assert float(_asked(torch.tensor([5.0, 5.0]), torch.tensor([-1.0, -1.0]))) == 0


def test_answers_differ_by_nothing_from_themselves_and_by_more_the_farther_apart() -> None:
    odds = torch.tensor([1.0, -2.0])
    assert float(_divergence(odds, odds)) == 0
    assert 0 < float(_divergence(odds, odds + 1)) < float(_divergence(odds, odds + 3))


def test_names_that_are_not_asked_cost_nothing() -> None:
    odds, tags = torch.randn(2, len(TAGS)), torch.tensor([1, UNASKED])
    assert float(_named(odds, tags)) == pytest.approx(float(_named(odds[:1], tags[:1])))
    assert float(_unlikeness(odds, odds[[0]].expand(2, -1), tags)) == pytest.approx(0, abs=1e-6)
    assert float(_unlikeness(odds, odds.flip(1), tags)) > 0


def test_no_word_sees_beyond_its_window() -> None:
    names = Names(4, 3).eval()
    words, ends = torch.randn(2, 4), torch.tensor([True, True])
    parts, features = torch.tensor([1, 2]), torch.zeros(2, FEATURES)
    together = names(words, parts, features, ends, ends)
    alone = names(words[:1], parts[:1], features[:1], ends[:1], ends[:1])
    assert torch.allclose(together[:1], alone, atol=1e-6)


def test_weights_are_rounded_to_steps_of_their_row() -> None:
    layer = Dense(8, 4)
    shown = layer(torch.eye(8)) - layer.bias
    steps = shown.detach().numpy().T / np.abs(layer.weight.detach().numpy()).max(axis=1, keepdims=True) * STEPS
    assert np.abs(steps - np.rint(steps)).max() < 1e-4


def test_whole_words_are_hidden_and_the_frame_is_not() -> None:
    begins = torch.tensor([[False, True, False, True, False, False]]).expand(500, 6)
    hidden = _choose(begins)
    assert not hidden[:, [0, -1]].any()
    assert (hidden[:, 1] == hidden[:, 2]).all()
    assert (hidden[:, 3] == hidden[:, 4]).all()
    assert 0.1 < float(hidden[:, 1].float().mean()) < 0.3


def test_the_program_finds_names_as_the_network_does_while_it_learns() -> None:
    encoder = load_encoder()
    torch.manual_seed(0)
    names = Names(encoder.width, 3).eval()
    heads = {f"name.{name}": value for name, value in _named_weights(names)}
    rows = np.random.default_rng(0).normal(size=(4, encoder.width)).astype(np.float32)
    words = Words(np.eye(4, FEATURES, dtype=np.float32), np.array([0, 1, 2, 1]))
    known, read_as = copy(encoder), Halfway(Layout(np.zeros(0, int), np.zeros(0, int), []), words, [])
    known.heads = heads
    found = _tag(known, rows, read_as, np.arange(4))
    ends = torch.tensor([True, False, False, False]), torch.tensor([False, False, False, True])
    said = names(torch.from_numpy(rows), torch.from_numpy(words.parts), torch.from_numpy(words.features), *ends)
    assert np.abs(found - said.log_softmax(1).detach().numpy()).max() < 1e-4


def test_both_halves_say_in_eight_bits_what_the_network_says() -> None:
    pytest.importorskip("onnx", reason="ONNX (the extra `train`) is not installed")
    from training.encoder.graph import to_onnx

    torch.manual_seed(0)
    transformer = Transformer(Chance()).eval()  # type: ignore[arg-type]  # all that it asks of a pretrained one
    torch.nn.init.normal_(transformer.marks.weight)
    vectors, marks = torch.randn(1, 9, Chance.width), torch.arange(9)[None] % len(MARKS)
    halfway = transformer.begin(vectors)
    said = transformer.finish(halfway, marks)[0, 1:-1]
    begin, finish = (ort.InferenceSession(half, providers=["CPUExecutionProvider"]) for half in to_onnx(transformer))
    placed = vectors + transformer.positions[:9]
    (read,) = begin.run(None, {"pieces": placed.detach().numpy()})
    order = [0, 8, *range(1, 8)]  # the frame comes first
    assert np.abs(read - halfway.detach().numpy()[:, order]).mean() < 0.05
    marked = halfway + transformer.marks(marks)
    (meant,) = finish.run(None, {"pieces": marked.detach().numpy()[:, order]})
    assert np.abs(meant[0] - said.detach().numpy()).mean() < 0.05 < np.abs(said.detach().numpy()).mean()
