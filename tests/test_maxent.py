"""Linear models: sums, probabilities, the features that decided, and their files."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DataError
from kg.maxent import LinearModel
from tests.readings import linear

WEATHER = linear(
    {
        "cloud": {"rain": 2.0, "sun": -1.0},
        "wind": {"rain": 0.5},
        "warm": {"sun": 3.0},
        "breeze": {"rain": 0.5},
        "dust": {"rain": 0.0001},
    },
    ("rain", "sun"),
    bias=-1,
)


def test_logits_add_the_weights_of_known_features_to_the_bias() -> None:
    assert WEATHER.logits(["cloud", "wind", "comet"]).tolist() == [1.5, -2.0]
    assert WEATHER.logits([]).tolist() == [-1.0, -1.0]


def test_labels_are_independent_probabilities() -> None:
    rain, sun = WEATHER.probabilities(["cloud", "warm"])
    assert rain == pytest.approx(1 / (1 + np.exp(-1)))
    assert sun == pytest.approx(rain)
    assert rain + sun > 1


def test_probabilities_of_the_nearly_impossible_are_zero_without_a_warning() -> None:
    with np.errstate(all="raise"):
        assert linear({}, ["rain"], bias=-60).probabilities([])[0] == pytest.approx(0, abs=1e-20)


def test_many_at_once_are_as_one_by_one() -> None:
    batch = [["cloud", "wind"], [], ["comet"], ["warm"], ["wind", "breeze", "cloud", "dust"], []]
    expected = np.array([WEATHER.probabilities(features) for features in batch])
    assert WEATHER.probabilities_of(batch) == pytest.approx(expected)
    assert WEATHER.probabilities_of([]).shape == (0, 2)


def test_evidence_is_what_speaks_for_the_label_strongest_first() -> None:
    assert WEATHER.evidence(["wind", "warm", "cloud", "breeze"], "rain") == [
        ("cloud", 2.0),
        ("breeze", 0.5),
        ("wind", 0.5),
    ]
    assert WEATHER.evidence(["cloud", "warm"], "sun") == [("warm", 3.0)]
    assert WEATHER.evidence(["cloud", "wind"], "rain", 1) == [("cloud", 2.0)]


def test_saving_twice_gives_the_same_bytes_in_whatever_order_the_rows_are(tmp_path: Path) -> None:
    WEATHER.save(tmp_path / "one.npz")
    order = sorted(WEATHER.rows, reverse=True)
    shuffled = LinearModel(
        WEATHER.labels,
        {feature: row for row, feature in enumerate(order)},
        WEATHER.weights[[WEATHER.rows[feature] for feature in order]],
        WEATHER.bias,
    )
    shuffled.save(tmp_path / "new folder" / "two.npz")
    written = (tmp_path / "one.npz").read_bytes()
    assert (tmp_path / "new folder" / "two.npz").read_bytes() == written
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "the time of writing"


def test_a_saved_model_gives_the_same_probabilities(tmp_path: Path) -> None:
    WEATHER.save(tmp_path / "m.npz")
    loaded = LinearModel.load(tmp_path / "m.npz")
    assert loaded.labels == ("rain", "sun")
    assert set(loaded.rows) == set(WEATHER.rows) - {"dust"}
    for features in (["cloud"], ["wind", "warm"], ["dust"], []):
        assert loaded.probabilities(features) == pytest.approx(WEATHER.probabilities(features), abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.text(st.sampled_from("aß=|:„ \n\t\u2028\u00a0"), min_size=1), min_size=1, max_size=8))
def test_features_of_any_white_space_come_back(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    path = tmp_path_factory.mktemp("model") / "m.npz"
    model = linear({name: {"a": n + 1.0, "b": -n - 1.0} for n, name in enumerate(sorted(names))}, ("a", "b"))
    model.save(path)
    loaded = LinearModel.load(path)
    assert {f: loaded.logits([f]).tolist() for f in loaded.rows} == {f: model.logits([f]).tolist() for f in names}


def test_weights_beyond_the_file_s_range_come_back_as_strong_as_it_can_hold(tmp_path: Path) -> None:
    linear({"sure": {"rain": 1e6, "sun": -1e6}}, ("rain", "sun"), bias=0).save(tmp_path / "m.npz")
    assert LinearModel.load(tmp_path / "m.npz").logits(["sure"]).tolist() == pytest.approx([163.835, -163.835])


def _pack(**arrays: object) -> bytes:
    packed = io.BytesIO()
    content: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    np.savez_compressed(packed, **content)
    return packed.getvalue()


_LABELS = np.frombuffer(b"rain\0sun", dtype=np.uint8)
_CLOUD = {"features": np.frombuffer(b"cloud", dtype=np.uint8), "counts": [1], "columns": [0], "weights": [2000]}


_WHOLE = _pack(labels=_LABELS, bias=[0, 0], **_CLOUD)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"rain\tsun\n-1\t-1", id="no-archive"),
        pytest.param(_pack(labels=_LABELS, **_CLOUD), id="no-bias"),
        pytest.param(_pack(labels=_LABELS, bias=[0, 0], **{**_CLOUD, "columns": [7]}), id="no-such-label"),
        pytest.param(_pack(labels=_LABELS, bias=["cold", "0"], **_CLOUD), id="no-number"),
        pytest.param(_pack(labels=_LABELS, bias=np.array([0, None]), **_CLOUD), id="objects"),
        pytest.param(_pack(labels=_LABELS, bias=[0, 0], **{**_CLOUD, "counts": [2, 1]}), id="miscounted"),
        pytest.param(_WHOLE[:-12], id="cut-off"),
        pytest.param(_WHOLE[:60] + bytes(20) + _WHOLE[80:], id="damaged"),
    ],
)
def test_load_names_the_broken_file(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "roles.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"roles\.npz: not a linear model .*Install Lagebild again"):
        LinearModel.load(path)
