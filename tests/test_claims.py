"""What an article claims: its parts put together by hand-set models."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kg import selection
from kg.attribution import Sources
from kg.casting import settle_kin
from kg.claims import ClaimModels, build_claim, choose_fillers, drop_doubles, find_claims, load_models
from kg.details import DATE_COLUMNS
from kg.errors import DataError
from kg.model import STATUSES, Claim, Entity, Reason, Status
from kg.realisations import Happening
from kg.second_look import column_names
from kg.source_cases import COLUMNS
from kg.trees import Trees
from tests.readings import entity, happening, linear, number_of, read, stumps

LABELS = (
    *("addressee", "against", "attributedTo", "beneficiary", "destination", "participant"),
    *("sender", "speaker", "summit"),
)
THRESHOLDS = {
    **dict.fromkeys(("trigger", "figure", "time", "source", "selection"), 0.5),
    **{f"role:{name}": 0.5 for name in LABELS},
}


def hand_set(selected: Trees | None = None) -> ClaimModels:
    """Return models with a few plain rules, whose second looks agree with the first."""
    parts = {
        "prep=nach": {"destination": 9.0},
        "Deployment|prep=-": {"sender": 9.0},
        "Statement|prep=-": {"speaker": 9.0},
    }
    triggers = {"l=schicken": {"Deployment": 9.0}, "l=betonen": {"Statement": 9.0}}
    agreeing = {"chance": (0.5, 9.0)}
    return ClaimModels(
        triggers=linear(triggers, ("Deployment", "Statement")),
        roles=linear(parts, LABELS),
        status=linear({"clause:könnte": {"possible": 9.0}, "clause:keine": {"denied": 9.0}}, STATUSES),
        figures=linear({"people=True": {"figure": 9.0}}, ("figure",)),
        times=linear({"back=0": {"time": 9.0}}, ("time",)),
        voices=linear({"w=laut": {"source": 9.0}}, ("source",)),
        casting=stumps(column_names(LABELS), agreeing, bias=-4),
        dating=stumps(DATE_COLUMNS, agreeing, bias=-4),
        sources=stumps(COLUMNS, {"words": (0.5, 9.0)}, bias=-4),
        selection=selected or Trees.of(selection.COLUMNS, 3.0, []),
        thresholds=THRESHOLDS,
    )


NAMES: dict[str, str | Entity] = {
    "Kenia": "country/KE",
    "Haiti": "country/HT",
    "Ruto": entity("person/ruto", country="country/KE"),
}


def claims(text: str, models: ClaimModels | None = None) -> tuple[Claim, ...]:
    names = {surface: what for surface, what in NAMES.items() if surface in text}
    if "NZZ" in text:
        names["NZZ"] = entity("organization/nzz", medium=True)
    return find_claims(read(text, names), models or hand_set())


def test_a_claim_with_all_its_parts() -> None:
    text = "Kenia schickt am 3. Mai 2025 laut Ruto rund 400 Polizisten nach Haiti."
    (claim,) = claims(text)
    assert (claim.type, claim.status) == ("Deployment", "occurred")
    assert claim.roles == {"destination": ("country/HT",), "sender": ("country/KE",)}
    assert claim.personnel is not None
    assert (claim.personnel.min, claim.personnel.max, claim.personnel.span.of(text)) == (
        400,
        400,
        "rund 400 Polizisten",
    )
    assert claim.time is not None
    assert claim.time.begin == date(2025, 5, 3)
    assert claim.attributed_to == ("person/ruto",)
    assert claim.attribution_text is None
    assert claim.trigger.of(text) == "schickt"
    assert claim.evidence.of(text) == text
    assert claim.confidence == pytest.approx(0.95)


def test_each_part_has_its_reason() -> None:
    (claim,) = claims("Kenia könnte Polizisten nach Haiti schickt.")
    reasons = {reason.part: (reason.words, reason.why) for reason in claim.reasons}
    assert set(reasons) == {"trigger", "status", "sender", "destination"}
    assert reasons["status"] == ("könnte", "speaks for possible")
    assert reasons["destination"] == ("Haiti", "chosen for the preposition “nach”")
    assert reasons["trigger"][0] == "schickt"


def test_evidence_is_the_sentence_without_white_space_around_it() -> None:
    text = "Kenia zögert.\n\nKenia schickt Hilfe nach Haiti.\n\nMan wartet."
    (claim,) = claims(text)
    assert claim.evidence.of(text) == "Kenia schickt Hilfe nach Haiti."


def test_without_anybody_and_without_a_figure_there_is_no_claim() -> None:
    assert claims("Man schickt jemanden fort.") == ()
    assert [claim.roles for claim in claims("Man schickt 400 Polizisten fort.")] == [{}]


def test_a_statement_needs_a_speaker() -> None:
    assert [claim.roles for claim in claims("Ruto betonte das.")] == [{"speaker": ("person/ruto",)}]
    assert claims("Man betonte das nach Haiti.") == ()


def test_only_types_with_figures_carry_one() -> None:
    (claim,) = claims("Ruto betonte es vor 400 Polizisten.")
    assert claim.personnel is None
    assert claim.quantity is None


def test_media_relay_what_is_said() -> None:
    (claim,) = claims("Kenia schickt laut NZZ Polizisten nach Haiti.")
    assert (claim.attributed_to, claim.relayed_by) == (("organization/nzz",), ()), "the paper itself says so"
    (claim,) = claims("Kenia schickt laut NZZ laut Ruto Polizisten nach Haiti.")
    assert claim.attributed_to == ("organization/nzz", "person/ruto")
    assert claim.relayed_by == ("organization/nzz",)
    (claim,) = claims("Kenia schickt laut Ruto Polizisten nach Haiti.")
    assert claim.relayed_by == ()


def test_a_source_without_a_name_is_quoted() -> None:
    text, pos = "Laut Diplomaten schickt Kenia Polizisten nach Haiti.", "ADP NOUN VERB PROPN NOUN ADP PROPN PUNCT"
    (claim,) = find_claims(read(text, {"Kenia": "country/KE", "Haiti": "country/HT"}, pos=pos), hand_set())
    assert claim.attribution_text == "Diplomaten"
    assert claim.attributed_to == ()


def test_a_statement_has_its_speaker_and_no_source_in_quotes() -> None:
    (claim,) = claims("Laut Diplomaten betonte Ruto das.")
    assert (claim.type, claim.attribution_text) == ("Statement", None)


def test_what_is_not_selected_is_no_claim() -> None:
    denied = STATUSES.index("denied")
    models = hand_set(stumps(selection.COLUMNS, {"status": (denied - 0.5, -9.0)}, bias=3))
    assert claims("Kenia schickt keine Polizisten nach Haiti.", models) == ()
    assert len(claims("Kenia schickt Polizisten nach Haiti.", models)) == 1


def test_told_twice_is_claimed_once_and_the_fuller_telling_stands() -> None:
    text = "Kenia schickt Polizisten nach Haiti. Kenia schickt 400 Polizisten."
    (claim,) = claims(text)
    assert claim.evidence.of(text) == "Kenia schickt 400 Polizisten."
    assert claim.roles == {"destination": ("country/HT",), "sender": ("country/KE",)}
    assert len(claims(text.replace("Polizisten nach", "keine Polizisten nach"))) == 2


def test_claims_stand_in_text_order_even_where_an_earlier_telling_was_merged_away() -> None:
    text = "Kenia schickt Polizisten nach Haiti. Ruto betonte das. Kenia schickt 400 Polizisten."
    assert [claim.type for claim in claims(text)] == ["Statement", "Deployment"]


def test_who_is_fought_is_found_by_rule_and_is_never_the_sender() -> None:
    (claim,) = claims("Kenia schickt Polizisten gegen Haiti.")
    assert claim.roles["against"] == ("country/HT",)
    (claim,) = claims("Kenia schickt Polizisten gegen Kenia.")
    assert "against" not in claim.roles


MEETING = read(
    "Xi traf Putin, Modi und Kim.",
    {"Xi": "person/xi", "Putin": "person/putin", "Modi": "person/modi", "Kim": "person/kim"},
)


def fillers(type_: str, label: str, **chances: float) -> tuple[str, ...]:
    """Choose among the persons of the meeting, given how likely each is; the limit is one in five."""
    matrix = np.zeros((4, len(LABELS)), dtype=np.float32)
    for name, chance in chances.items():
        matrix[number_of(MEETING, f"person/{name}"), LABELS.index(label)] = chance
    models = replace(hand_set(), thresholds={**THRESHOLDS, f"role:{label}": 0.2})
    return choose_fillers(MEETING, happening(MEETING, type_, "traf"), matrix, models).get(label, ())


def test_fillers_are_likely_enough_and_not_much_less_likely_than_the_best() -> None:
    assert fillers("Meeting", "participant", xi=0.9, putin=0.5, modi=0.4, kim=0.1) == ("person/putin", "person/xi")
    assert fillers("Meeting", "participant", xi=0.3, putin=0.21, modi=0.19) == ("person/putin", "person/xi")
    assert fillers("Meeting", "participant", xi=0.19) == ()


def test_a_role_for_one_takes_the_likeliest() -> None:
    assert fillers("Summit", "summit", xi=0.8, putin=0.9) == ("person/putin",)


def test_a_medium_is_no_speaker() -> None:
    reading = read("Reuters betonte das.", {"Reuters": entity("organization/reuters", medium=True)})
    chances = np.full((1, len(LABELS)), 0.9, dtype=np.float32)
    said = choose_fillers(reading, happening(reading, "Statement", "betonte"), chances, hand_set())
    assert "speaker" not in said
    assert "addressee" not in said


def test_a_state_and_its_government_do_not_ask_each_other() -> None:
    kremlin = entity("organization/kreml", country="country/RU")
    reading = read(
        "Der Kreml drohte Russland und Kiew.", {"Kreml": kremlin, "Russland": "country/RU", "Kiew": "country/UA"}
    )
    chances = np.zeros((len(reading.entities), len(LABELS)), dtype=np.float32)
    speaker, addressee = LABELS.index("speaker"), LABELS.index("addressee")
    numbers = [number_of(reading, key) for key in ("organization/kreml", "country/RU", "country/UA")]
    chances[numbers, speaker] = (0.9, 0.4, 0)
    chances[numbers, addressee] = (0.3, 0.8, 0.7)
    settled = settle_kin(reading, chances, LABELS)
    assert settled[numbers, speaker].tolist() == pytest.approx([0.9, 0.4, 0])
    assert settled[numbers, addressee].tolist() == pytest.approx([0, 0, 0.7])


def test_of_two_parts_of_one_entity_the_plainer_stays() -> None:
    mali, tchad = "country/ML", "country/TD"
    both = {"beneficiary": (mali, tchad), "destination": (mali,), "sender": ("country/FR",)}
    assert drop_doubles(both) == {**both, "beneficiary": (tchad,)}
    assert drop_doubles({"target": (mali,), "place": (mali,)}) == {"place": (mali,)}
    assert drop_doubles({"beneficiary": (mali,), "against": (mali,)}) == {"against": (mali,)}


def test_build_claim_without_fillers_is_none() -> None:
    nobody = happening(MEETING, "Meeting", "traf")
    appeal = Happening("Appeal", nobody.token)

    def built(what: Happening, fillers: dict[str, tuple[str, ...]]) -> Claim | None:
        why, sources = Reason("status", "", ""), Sources(("person/xi",))
        verdict: tuple[Status, Reason] = ("occurred", why)
        return build_claim(MEETING, what, fillers=fillers, figure=None, verdict=verdict, time=None, sources=sources)

    assert built(nobody, {}) is None, "a source alone tells of nothing"
    assert built(appeal, {"addressee": ("person/xi",)}) is None


def test_load_models_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"thresholds\.json.*Install Lagebild again"):
        load_models(tmp_path)
    (tmp_path / "thresholds.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"\.npz"):
        load_models(tmp_path)
