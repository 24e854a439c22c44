"""Which language model reads, told without loading it."""

import json
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.german import load
from kg.language_model import BUNDLED, name_version


def test_the_bundled_model_is_named_as_spacy_names_it() -> None:
    meta = load().meta
    assert name_version("") == f"{meta['lang']}_{meta['name']} {meta['version']}"
    assert name_version(str(BUNDLED)) == name_version("")


def test_a_package_goes_before_a_folder_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, version in (("packages", "2"), (".", "1")):
        model = tmp_path / folder / "de_test_model"
        model.mkdir(parents=True)
        (model / "__init__.py").touch()
        (model / "meta.json").write_text(json.dumps({"lang": "de", "name": "test", "version": version}))
    monkeypatch.chdir(tmp_path)
    assert name_version("./de_test_model") == "de_test 1"
    monkeypatch.syspath_prepend(tmp_path / "packages")
    assert name_version("de_test_model") == "de_test 2"


@pytest.mark.parametrize("meta", [None, "", "[]", "{}", '{"lang": "de"}', "\udcff"])
def test_what_is_no_model_names_the_remedy(tmp_path: Path, meta: str | None) -> None:
    if meta is not None:
        (tmp_path / "meta.json").write_text(meta, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DataError, match="LAGEBILD_LANGUAGE_MODEL"):
        name_version(str(tmp_path))


@pytest.mark.parametrize("name", ["no_such_model", "json", "no/such", ".", "..", "a.b"])
def test_a_name_that_is_no_model_s(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="LAGEBILD_LANGUAGE_MODEL"):
        name_version(name)
