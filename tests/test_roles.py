"""Who plays which part: the features of a pair, and the second look over the whole article."""

import pytest

from kg import roles
from kg.casting import SOURCE_ROLE, candidates, cast, drop_kin, is_allowed, judge, pair_features
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import column_names
from tests.readings import at, entity, happening, linear, number_of, read, stumps

SENT = read(
    "Nordkorea schickt nach Angaben aus Seoul Soldaten nach Russland.",
    {"Nordkorea": "country/KP", "Seoul": entity("place/seoul", country="country/KR"), "Russland": "country/RU"},
    pos="PROPN VERB ADP NOUN ADP PROPN NOUN ADP PROPN PUNCT",
    deps="nsubj>2 ROOT case>4 obl>2 case>6 nmod>4 obj>2 case>9 obl>2 punct>2",
)


def pair(reading: Reading, found: Happening, key: str) -> set[str]:
    shared = roles.shared_features(reading, found)
    return set(roles.features(reading, found, number_of(reading, key), shared))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xi kam. Xi traf Putin, sagte Xi.", 3),
        ("Xi kam. Xi ging. Putin traf Kim.", 3),
        ("Putin traf Kim. Xi kam. Xi ging.", 4),
        ("Xi kam. Putin traf Kim. Xi ging.", 0),
    ],
    ids=["the nearest of the sentence", "the last before it", "the first after it", "before it rather than after it"],
)
def test_the_mention_that_counts(text: str, expected: int) -> None:
    reading = read(text, {"Xi": "person/xi"})
    place = roles.choose_mention(reading, happening(reading, "Meeting", "traf"), 0)
    assert place is not None
    assert place.begin == expected


def test_a_pair_shows_side_preposition_dependency_and_what_the_frame_is_made_for() -> None:
    found = happening(SENT, "Deployment", "schickt")
    sender = pair(SENT, found, "country/KP")
    assert {"side=before", "prep=-", "dep=nsubj", "path=nsubj^", "first", "fits=sender", "inside"} <= sender
    destination = pair(SENT, found, "country/RU")
    assert {"side=after", "prep=nach", "dep=obl", "fits=destination", "Deployment|Country|prep=nach"} <= destination
    source = pair(SENT, found, "place/seoul")
    assert {"prep=aus", "path=nmod/obl^", "has_country", "between=0"} <= source
    assert "between=1" in destination
    assert "rivals=0" in destination


def test_clause_breaks_between_trigger_and_name_count() -> None:
    reading = read(
        "Kenia, das zögerte, schickt Polizisten, doch Haiti wartet.", {"Kenia": "country/KE", "Haiti": "country/HT"}
    )
    found = happening(reading, "Deployment", "schickt")
    assert {"breaks=2", "brk=,"} <= pair(reading, found, "country/KE")
    assert {"breaks=2", "brk=,", "brk=doch"} <= pair(reading, found, "country/HT")


def test_a_state_is_there_through_its_president() -> None:
    reading = read(
        "Ruto schickt Polizisten. Kenia wartet.",
        {"Ruto": entity("person/ruto", country="country/KE"), "Kenia": "country/KE"},
    )
    found = pair(reading, happening(reading, "Deployment", "schickt"), "country/KE")
    assert {"outside", "ahead=1", "through=Person:before"} <= found


def test_a_name_of_another_sentence_shows_distance_and_what_was_named_since() -> None:
    names = {"Kenia": "country/KE", "Haiti": "country/HT"}
    reading = read("Kenia zögerte. Haiti wartete. Nun schickt es Polizisten.", names)
    trigger = happening(reading, "Deployment", "schickt")
    assert {"back=2", "recent=1", "rivals_between=1", "opening=nun"} <= pair(reading, trigger, "country/KE")
    assert {"back=1", "recent=0", "rivals_between=0"} <= pair(reading, trigger, "country/HT")
    assert "recent=0|Country|pron=es" not in pair(reading, trigger, "country/HT")


def test_pronouns_and_the_land_point_back() -> None:
    reading = read("Kenia zögerte. Nun schickt das Land seine Polizisten.", {"Kenia": "country/KE"})
    found = pair(reading, happening(reading, "Deployment", "schickt"), "country/KE")
    assert {"recent=0|Country|pron=seine", "recent=0|Country|noun=land"} <= found


def test_passive_and_participle_show_in_the_shared_features() -> None:
    reading = read("Soldaten wurden geschickt.", pos="NOUN AUX VERB PUNCT", morph={"geschickt": "VerbForm=Part"})
    assert {"passive", "tv=Part", "tp=VERB"} <= set(
        roles.shared_features(reading, happening(reading, "Deployment", "geschickt"))
    )


def test_media_are_marked() -> None:
    reading = read("Die NZZ berichtet.", {"NZZ": entity("organization/nzz", medium=True)})
    assert "medium" in pair(reading, happening(reading, "Statement", "berichtet"), "organization/nzz")


def test_a_frame_allows_its_roles_for_the_types_of_its_fillers() -> None:
    assert is_allowed("Deployment", "sender", "Country")
    assert not is_allowed("Deployment", "mission", "Country")
    assert is_allowed("Deployment", "mission", "Mission")
    assert not is_allowed("Meeting", "sender", "Country")
    assert all(is_allowed("Meeting", SOURCE_ROLE, kind) for kind in ("Country", "Person", "Place"))


def test_candidates_are_near_the_trigger_or_stand_out() -> None:
    ruto = entity("person/ruto", country="country/TD")
    states = {"Kenia": "country/KE", "Mali": "country/ML", "Tschad": "country/TD"}
    filling = "Man redet. " * 12
    text = f"Kenia tagt. Man tagt. Mali und Tschad schweigen. {filling}Ruto schickt Helfer. Man wartet. Kim kam."
    reading = read(text, {**states, "Kim": "person/kim", "Ruto": ruto})
    found = candidates(reading, happening(reading, "Deployment", "schickt"))
    assert {reading.entities[number].entity.key for number in found} == {"country/KE", "country/TD", "person/ruto"}


def test_what_the_frame_does_not_allow_has_no_chance() -> None:
    model = linear({"e=Country": {"sender": 9, "mission": 9, "speaker": 9}}, ("mission", "sender", "speaker"))
    found = happening(SENT, "Deployment", "schickt")
    chances = judge(pair_features(SENT, found), SENT, found, model)
    assert chances.shape == (3, 3)
    country = chances[number_of(SENT, "country/KP")]
    assert country[1] == pytest.approx(0.982, abs=1e-3)
    assert country[0] == country[2] == 0
    assert chances[number_of(SENT, "place/seoul"), 1] < 0.01


MEETINGS = read(
    "Xi traf Putin. Sie trafen auch Modi.", {"Xi": "person/xi", "Putin": "person/putin", "Modi": "person/modi"}
)
PAIR = [happening(MEETINGS, "Meeting", "traf"), happening(MEETINGS, "Meeting", "trafen")]


def test_casting_takes_the_word_of_the_second_look() -> None:
    first = linear({"inside": {"participant": 8}}, ("participant",), bias=-3)
    columns = column_names(("participant",))
    second = stumps(columns, {"chance": (0.5, 8.0), "alike before": (0.5, 8.0)}, bias=-4)
    (_, alone), (_, together) = cast(MEETINGS, PAIR, first, second)
    keys = [item.entity.key for item in MEETINGS.entities]
    assert [key for key, chance in zip(keys, alone[:, 0], strict=True) if chance > 0.5] == ["person/putin", "person/xi"]
    assert [key for key, chance in zip(keys, together[:, 0], strict=True) if chance > 0.5] == keys


def test_casting_without_names_or_happenings() -> None:
    first, second = linear({}, ("participant",)), stumps(column_names(("participant",)), {})
    assert cast(MEETINGS, [], first, second) == []
    nobody = read("Man traf sich.")
    ((features, chances),) = cast(nobody, [Happening("Meeting", at(nobody, "traf"))], first, second)
    assert features == {}
    assert chances.shape == (0, 1)


def test_a_state_and_its_army_are_one() -> None:
    reading = read(
        "Polen und Litauen schicken Soldaten, die Armee Litauens folgt.",
        {
            "Polen": "country/PL",
            "Litauen": "country/LT",
            "Armee Litauens": entity("organization/army", country="country/LT"),
        },
    )
    poland, lithuania, army = (number_of(reading, key) for key in ("country/PL", "country/LT", "organization/army"))
    assert drop_kin(reading, [army, poland, lithuania]) == [army, poland]
    assert drop_kin(reading, [lithuania, army]) == [lithuania]
    assert drop_kin(reading, []) == []


def test_the_clause_of_a_name() -> None:
    found = happening(SENT, "Deployment", "schickt")
    assert {"gf=nsubj:-:0", "clause=same", "clause=same:nsubj:-:0"} <= pair(SENT, found, "country/KP")
    assert "gf=obl:nach:0" in pair(SENT, found, "country/RU")
    assert "gf=obl:nach:1" in pair(SENT, found, "place/seoul")


def test_who_is_named_elsewhere_sees_the_subject_beside_the_trigger() -> None:
    reading = read(
        "Xi kam. Putin sprach.",
        {"Xi": "person/xi", "Putin": "person/putin"},
        pos="PROPN VERB PUNCT PROPN VERB PUNCT",
        deps="nsubj>2 ROOT punct>2 nsubj>5 ROOT punct>5",
    )
    found = pair(reading, happening(reading, "Statement", "sprach"), "person/xi")
    assert {"recent=1|Person|subject=Person", "recent=1|Person|object=-"} <= found
