"""The frame files and their reader."""

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.frames import load_frames, read_frame, trigger_index

FRAMES = load_frames()
TYPES = (
    *("Agreement", "Aid", "Appeal", "ArmsTransfer", "Attack", "Deployment", "Meeting", "PhoneCall", "Sanction"),
    *("Statement", "Summit", "Withdrawal"),
)
DEPLOYMENT = (Path(__file__).parents[1] / "kg" / "data" / "frames" / "Deployment.toml").read_text(encoding="utf-8")


def strength(lemma: str, frame: str) -> str | None:
    return next((trigger.strength for found, trigger in trigger_index().get(lemma, ()) if found.name == frame), None)


def read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "Deployment.toml"
    file.write_text(text, encoding="utf-8")
    read_frame(file)


def test_load_frames_all_twelve_types() -> None:
    assert tuple(FRAMES) == TYPES


@pytest.mark.parametrize("name", TYPES)
def test_frame_is_wide_enough(name: str) -> None:
    frame = FRAMES[name]
    assert len(frame.triggers) >= 100
    assert sum(bool(example.claims) for example in frame.examples) >= 2
    assert any(not example.claims for example in frame.examples)
    assert all(role.realised for role in frame.roles.values())


@pytest.mark.parametrize("name", TYPES)
def test_examples_name_known_fillers(name: str) -> None:
    for example in FRAMES[name].examples:
        for claim in example.claims:
            for role, keys in claim.roles.items():
                allowed = {filler.lower() for filler in FRAMES[name].roles[role].fillers}
                assert {key.split("/")[0] for key in keys} <= allowed


@pytest.mark.parametrize(
    ("lemma", "frame", "expected"),
    [
        ("entsenden", "Deployment", "strong"),
        ("schicken", "Deployment", "weak"),
        ("abziehen", "Withdrawal", "strong"),
        ("in Marsch setzen", "Deployment", "strong"),
        ("zum Hörer greifen", "PhoneCall", "strong"),
        ("an die Strippe bekommen", "PhoneCall", "strong"),
        ("entsendung", "Deployment", "strong"),
        ("sagen", "Statement", "strong"),
        ("telefonieren", "Meeting", None),
    ],
)
def test_trigger_index_strength(lemma: str, frame: str, expected: str | None) -> None:
    assert strength(lemma, frame) == expected


def test_separable_verb_keeps_its_particle() -> None:
    found = next(trigger for frame, trigger in trigger_index()["abziehen"] if frame.name == "Withdrawal")
    assert found.particle == "ab"


def test_word_of_sport_excludes_trigger() -> None:
    found = next(trigger for frame, trigger in trigger_index()["Angriff"] if frame.name == "Attack")
    assert {"Stürmer", "Mannschaft"} <= set(found.not_with)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("days = 20", "days = -1", "Deployment.toml: same.days"),
        ('figures = ["personnel"]', 'figures = ["soldiers"]', "Deployment.toml: figures"),
        ("[roles.mission]", "[roles.misson]", "Deployment.toml: same.roles: 'mission'"),
        ('fillers = ["Mission"]', 'fillers = ["Missions"]', "Deployment.toml: roles.mission.fillers"),
        ('"verb:neben+dat"', '"beside"', "Deployment.toml: roles.beneficiary.realised: 'beside'"),
        ('status = "planned"', 'status = "decided"', r"Deployment.toml: examples\[1\].claims.status"),
        ("published = 2025-02-11", 'published = "2025-02-11"', r"Deployment.toml: examples\[1\]"),
        ("[definition]", "[defintion]", "Deployment.toml: defintion: unknown key"),
        ("[same]", "[same", "Deployment.toml: no valid TOML"),
        ("[triggers.not_with]", '[triggers.not_with]\n"gehn" = ["Uhr"]', "Deployment.toml: triggers.not_with.gehn"),
    ],
)
def test_read_frame_names_file_and_key(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in DEPLOYMENT
    with pytest.raises(DataError, match=problem):
        read(tmp_path, DEPLOYMENT.replace(old, new, 1))


def test_read_frame_trigger_both_strong_and_weak(tmp_path: Path) -> None:
    start = DEPLOYMENT.index("weak = [")
    with pytest.raises(DataError, match="'entsenden' is there with two strengths"):
        read(tmp_path, DEPLOYMENT[:start] + 'weak = ["entsenden", ' + DEPLOYMENT[start + len("weak = [") :])
