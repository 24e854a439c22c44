"""Mentions: names, offices, adjectives, and capitals that stand for their government."""

import pytest

from kg.mentions import find_mentions
from kg.model import Mention
from tests.names import make


def seen(text: str, *names: tuple[str, str], published: str = "2024-11-18") -> list[tuple[str, str, str]]:
    doc, article = make(text, names, published)
    return [(m.span.of(text), m.kind, m.type) for m in find_mentions(doc, article)]


def test_the_gazetteer_finds_names_without_a_recogniser() -> None:
    found = seen("Die Nato und die Vereinten Nationen warnen Nordkoreas Führung vor Wladimir Putin.")
    assert ("Nato", "name", "Organization") in found
    assert ("Vereinten Nationen", "name", "Organization") in found
    assert ("Nordkoreas", "name", "Country") in found
    assert ("Wladimir Putin", "name", "Person") in found


def test_a_recognised_name_is_a_mention() -> None:
    assert seen("In Songea sprach Sieh Dolo.", ("Songea", "Place"), ("Sieh Dolo", "Person")) == [
        ("Songea", "name", "Place"),
        ("Sieh Dolo", "name", "Person"),
    ]


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("Der Norden schickte Truppen.", "Norden"),
        ("Es heißt, dass der Norden 15.000 Soldaten entsandt hat.", "Norden"),
        ("Gespräche mit dem Süden brach er ab.", "Süden"),
        ("Die Raketen des Nordens flogen weit.", "Nordens"),
        ("Truppen stehen im Norden des Landes.", None),
        ("Truppen zogen in den Süden.", None),
        ("Familien flohen aus dem Norden.", None),
        ("Der Norden Malis ist unruhig.", None),
        ("Der Norden des Landes ist unruhig.", None),
    ],
)
def test_a_point_of_the_compass_is_a_state_where_both_halves_are_named(text: str, half: str | None) -> None:
    halves = [word for word, kind, _ in seen(f"Nordkorea droht Südkorea. {text}") if kind == "metonym"]
    assert halves == ([half] if half else [])
    assert not any(kind == "metonym" for _, kind, _ in seen(f"Nordkorea droht Japan. {text}"))


@pytest.mark.parametrize(
    "text",
    [
        "Die Gespräche fanden in Moskau statt.",
        "MOSKAU. Der Präsident sprach.",
        "Moskau, 17. April – Der Präsident sprach.",
        "Südlich von Moskau brennt ein Lager.",
        "Er reiste nach Moskau.",
        "Er kehrte aus Moskau zurück.",
        "Die Hauptstadt Moskau war ruhig.",
    ],
)
def test_a_capital_is_the_city(text: str) -> None:
    assert [(kind, type_) for word, kind, type_ in seen(text) if word.startswith(("Moskau", "MOSKAU"))] == [
        ("name", "Place")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Moskau wies den Vorwurf zurück.",
        "Das war Moskaus Argument.",
        "Der Streit zwischen Moskau und Kiew dauert an.",
        "Der Druck auf Moskau wächst.",
        "Nach Angaben, die Moskau bestätigte, war es ruhig.",
        "Um Moskaus Angriffe zu stoppen, wird verhandelt.",
    ],
)
def test_a_capital_is_its_government(text: str) -> None:
    assert ("metonym", "Country") in [(kind, type_) for word, kind, type_ in seen(text) if word.startswith("Moskau")]


def test_a_second_city_follows_the_first() -> None:
    assert [m[2] for m in seen("Er sprach in Moskau und Kiew.")] == ["Place", "Place"]
    assert [m[2] for m in seen("Das vereinbarten Moskau und Kiew.")] == ["Country", "Country"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Brüssel verhängt Zölle.", "metonym"), ("Sie trafen sich in Brüssel.", "name")],
)
def test_brussels_is_the_union_or_the_city(text: str, kind: str) -> None:
    expected = ("Brüssel", kind, "Organization" if kind == "metonym" else "Place")
    assert seen(text) == [expected]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Das Weiße Haus bestritt das.", "Organization"),
        ("Er wurde im Weißen Haus empfangen.", "Place"),
        ("Der Kreml dementierte.", "Organization"),
    ],
)
def test_a_seat_of_power_speaks_or_is_a_building(text: str, type_: str) -> None:
    assert [m[2] for m in seen(text)] == [type_]


def test_adjectives_and_inhabitants_are_evidence_only() -> None:
    assert seen("Nordkoreanische Soldaten und die Franzosen helfen russischen Truppen.") == [
        ("Nordkoreanische", "adjective", "Country"),
        ("Franzosen", "adjective", "Country"),
        ("russischen", "adjective", "Country"),
    ]


def test_the_first_part_of_a_compound_is_evidence_only() -> None:
    assert seen("Die US-Truppen und Nato-Soldaten blieben.") == [
        ("US-Truppen", "adjective", "Country"),
        ("Nato-Soldaten", "adjective", "Organization"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Das russische Verteidigungsministerium schwieg.",
        "Moskaus Verteidigungsministerium schwieg.",
        "Das Verteidigungsministerium in Moskau schwieg.",
        "Das Verteidigungsministerium Russlands schwieg.",
        "Das Verteidigungsministerium von Russland schwieg.",
    ],
)
def test_a_body_has_its_state_in_the_phrase(text: str) -> None:
    organizations = [word for word, _, type_ in seen(text) if type_ == "Organization"]
    assert len(organizations) == 1
    assert "Verteidigungsministerium" in organizations[0]


@pytest.mark.parametrize(
    "text", ["Er gründet eine Armee.", "Ein Verteidigungsministerium gibt es nicht.", "Die Armee schoss."]
)
def test_a_body_without_state_is_none(text: str) -> None:
    assert seen(text) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Die 4. Infanteriedivision rückte ab.", "4. Infanteriedivision"),
        ("Die 15. motorisierte Schützenbrigade blieb.", "15. motorisierte Schützenbrigade"),
        ("Die Panzerbrigade 12 übte.", "Panzerbrigade 12"),
    ],
)
def test_numbered_units_are_organisations(text: str, unit: str) -> None:
    assert seen(text) == [(unit, "name", "Organization")]


@pytest.mark.parametrize("text", ["Die Brigade rückte ab.", "Am 4. November begann es.", "Die Division hat 12 Panzer."])
def test_unnumbered_units_are_none(text: str) -> None:
    assert seen(text) == []


@pytest.mark.parametrize("text", ["Der Angriff dauerte an. (dpa)", "dpa/AFP", "SEOUL, 21. Jan. /TASS/ Es blieb ruhig."])
def test_an_agency_that_signs_is_no_mention(text: str) -> None:
    assert [m for m in seen(text) if m[2] == "Organization"] == []


def test_an_agency_that_is_cited_is_one() -> None:
    assert ("Reuters", "name", "Organization") in seen("Das berichtete Reuters am Montag.")


def test_offices_carry_their_owner() -> None:
    found = seen("Der russische Präsident traf den US-Außenminister und die Bundeskanzlerin.")
    assert [word for word, kind, _ in found if kind == "office"] == [
        "russische Präsident",
        "US-Außenminister",
        "Bundeskanzlerin",
    ]


def test_ranks_are_no_offices() -> None:
    assert seen("Der General und der Oberst schwiegen.") == []


def test_noise_gives_nothing() -> None:
    text = "Russland droht.\n\nLESEN  China feiert Xi Jinping.\n\nDie Ukraine antwortet."
    doc, article = make(text, [("Xi Jinping", "Person")], noise=["LESEN  China feiert Xi Jinping."])
    assert [m.span.of(text) for m in find_mentions(doc, article)] == ["Russland", "Ukraine"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Dort fliegen Black-Hawks.", ("Black-Hawks", "Person"), []),
        ("Die Quarantäne gilt.", ("Quarantäne", "Person"), []),
        ("Der Flughafen Goma ist zu.", ("Flughafen Goma", "Organization"), [("Flughafen Goma", "name", "Place")]),
        (
            "Das Landgericht Kiel entschied.",
            ("Landgericht Kiel", "Person"),
            [("Landgericht Kiel", "name", "Organization")],
        ),
        ("So sagte es VOA.", ("VOA", "Person"), [("VOA", "name", "Organization")]),
        ("Die Allianz zwischen Xi und Modi hält.", ("Allianz zwischen Xi", "Organization"), []),
    ],
)
def test_recognised_names_are_checked(text: str, name: tuple[str, str], expected: list[tuple[str, str, str]]) -> None:
    assert seen(text, name) == expected


def test_a_surname_taken_for_a_place_is_the_person() -> None:
    found = seen("Moosa Zameer kam. Später ging Zameer.", ("Moosa Zameer", "Person"), ("Zameer", "Place"))
    assert [(word, type_) for word, _, type_ in found] == [("Moosa Zameer", "Person"), ("Zameer", "Person")]


def test_two_names_side_by_side_are_two() -> None:
    found = seen("Es hieß, dass Pjöngjang Moskau beliefert.", ("Pjöngjang Moskau", "Person"))
    assert [(word, kind) for word, kind, _ in found] == [("Pjöngjang", "metonym"), ("Moskau", "metonym")]


def test_the_former_state_has_the_capital_in_its_time() -> None:
    assert ("Moskau", "metonym", "Country") in seen("Moskau lehnte ab.", published="1968-08-21")
    assert seen("Bonn lehnte ab.", published="1985-01-01") == [("Bonn", "metonym", "Country")]
    assert seen("Bonn feiert.", published="2020-01-01") == [("Bonn", "name", "Place")]


def test_ships_are_no_people() -> None:
    assert ("Harry S. Truman", "name", "Organization") in seen("Der Flugzeugträger „Harry S. Truman“ lief aus.")


def test_mentions_are_in_text_order_and_unique() -> None:
    text = "Israels Armee und das russische Verteidigungsministerium sprachen mit Olaf Scholz."
    doc, article = make(text, [("Israels Armee", "Organization"), ("Olaf Scholz", "Person")])
    mentions = find_mentions(doc, article)
    assert mentions == sorted(set(mentions), key=lambda m: (m.span.begin, -m.span.end, m.kind, m.type))
    assert all(isinstance(m, Mention) and m.span.of(text).strip() for m in mentions)
