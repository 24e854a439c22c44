"""Figures with their bounds and the noun that is counted, each rule by the phrase that it is for."""

import json
import os
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.dates.numerals import parse_number
from kg.model import Figure
from kg.quantities import counts_money, counts_people, find_figures

NLP = spacy.blank("de")


def figures(text: str) -> list[Figure]:
    return find_figures(NLP.make_doc(text))


def one(text: str) -> Figure:
    found = figures(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("phrase", "low", "high", "qualifier"),
    [
        ("700 Soldaten", 700, 700, "exactly"),
        ("mehr als 10.000 Soldaten", 10_000, None, "moreThan"),
        ("über 500 Soldaten", 500, None, "moreThan"),
        ("mindestens 1000 Söldner", 1000, None, "atLeast"),
        ("nicht weniger als 300 Mann", 300, None, "atLeast"),
        ("bis zu 100.000 Soldaten", None, 100_000, "upTo"),
        ("höchstens 50 Mann", None, 50, "upTo"),
        ("maximal 300 Kräfte", None, 300, "upTo"),
        ("nicht mehr als 40 Mann", None, 40, "upTo"),
        ("bis zu rund 400 Mann", None, 400, "upTo"),
        ("weniger als zehn Offiziere", None, 10, "fewerThan"),
        ("rund 4800 Soldaten", 4800, 4800, "about_"),
        ("knapp 800 Soldaten", 800, 800, "about_"),
        ("gut 400 Kräfte", 400, 400, "about_"),
        ("an die 90 Mann", 90, 90, "about_"),
        ("3000 bis 4000 Mann", 3000, 4000, "range"),
        ("zwischen 3000 und 4000 Mann", 3000, 4000, "range"),
        ("1500–2000 Mann", 1500, 2000, "range"),
        ("drei- bis viertausend Mann", 3000, 4000, "range"),
        ("1,5 bis 2 Millionen Menschen", 1_500_000, 2_000_000, "range"),
    ],
)
def test_bounds(phrase: str, low: int | None, high: int | None, qualifier: str) -> None:
    text = f"Das Land könnte {phrase} entsenden."
    figure = one(text)
    assert (figure.min, figure.max, figure.qualifier) == (low, high, qualifier)
    assert figure.span.of(text) == phrase


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("10.000", 10_000),
        ("10 000", 10_000),
        ("10\u202f000", 10_000),
        ("10\u00a0000", 10_000),
        ("80'000", 80_000),
        ("80’000", 80_000),
        ("80‘000", 80_000),
        ("zwölftausend", 12_000),
        ("dreihundert", 300),
        ("Zweitausendfünfhundert", 2500),
        ("einundzwanzig", 21),
        ("zwei Dutzend", 24),
        ("ein Dutzend", 12),
        ("ein halbes Dutzend", 6),
        ("eine halbe Million", 500_000),
        ("1,5 Millionen", 1_500_000),
        ("2,3 Mio.", 2_300_000),
        ("anderthalb Millionen", 1_500_000),
        ("tausend", 1000),
    ],
)
def test_numerals(numeral: str, value: int) -> None:
    figure = one(f"Es waren {numeral} Soldaten.")
    assert (figure.min, figure.max, figure.noun) == (value, value, "Soldat")


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("700 chinesische Soldaten", "Soldat"),
        ("mit 700 Mitgliedern", "Mitglied"),
        ("aus 13 weiblichen Soldaten", "Soldat"),
        ("rund 170 Schweizer Infanteristen", "Infanterist"),
        ("die rund 1000 im Land stationierten französischen Soldaten", "Soldat"),
        ("etwa 200 ihrer Fallschirmjäger", "Fallschirmjäger"),
        ("6000 US-Soldaten", "Soldat"),
        ("1960 Friedenssoldaten", "Friedenssoldat"),
        ("Polen schickt 2000 zusätzliche Soldaten", "Soldat"),
        ("Er entsandte 2019 weitere Kämpfer", "Kämpfer"),
        ("Zwischen 1500 und 2000 Soldaten", "Soldat"),
        ("zwischen 1500 und 2000 russische Söldner", "Söldner"),
        ("Neben 2000 amerikanischen Soldaten", "Soldat"),
        ("von 2030 zusätzlichen Polizisten", "Polizist"),
        ("1950 belgische Fallschirmjäger landeten.", "Fallschirmjäger"),
        ("ein 20-köpfiges Vorausteam", "Kopf"),
        ("36 Caesar-Haubitzen", "Haubitze"),
        ("1.000 Polizei- und Justizbeamte", "Justizbeamter"),
        ("12'400 Patronen", "Patrone"),
        ("50 Millionen Dollar", "Dollar"),
    ],
)
def test_the_counted_noun(text: str, noun: str) -> None:
    assert one(text).noun == noun


def test_a_number_without_a_noun_takes_its_neighbours() -> None:
    assert [figure.noun for figure in figures("Niger sagte 500 Soldaten zu, Benin 300.")] == ["Soldat", "Soldat"]
    assert [figure.noun for figure in figures("Er verstärkt den Posten von 70 auf 130 Soldaten.")] == ["Soldat"] * 2
    assert figures("Er kam um 9. Zwölf verließen die Stadt.")[-1].noun is None


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2014 und 1991 begann es, Ende 2027 ist Schluss.",
        "Als 2014 russische Truppen kamen, seit 2014 weitere Soldaten, 2014 besetzten Soldaten die Stadt.",
        "Am 9. Dezember, am 3.4. und zwischen 1991 und 1994.",
        "Um 20.15 Uhr, um 6 Uhr und gegen 14:30 Uhr.",
        "Die 3. Division und der zweite Versuch.",
        "Die G20, die F-16, der A400M und der Leopard 2.",
        "Die Resolution 1701, Artikel 5 und die Panzerhaubitze 2000.",
        "Rund 25 Prozent und 30 % stimmten zu.",
        "Friedrich Merz (69) und Olaf Scholz, 66, sprachen.",
        "Die 60-Jährige ist 16 Jahre alt.",
        "Nach 20 Kilometern und 72 Stunden kamen sie an.",
        "Mehrere hundert Soldaten, Hunderte, Tausende und einige Dutzend Panzer.",
        "Ein Soldat und eine Frau.",
        "Die Truppen ziehen ab.",
    ],
)
def test_no_figure(text: str) -> None:
    assert figures(text) == []


def test_a_number_that_says_how_many_there_are_is_no_year() -> None:
    found = figures("Derzeit sind 400 Soldaten dort, bald sollen es 2000 sein. Im Vorjahr waren es 1950.")
    assert [figure.min for figure in found] == [400, 2000, 1950]
    assert figures("Als es 2014 Krieg gab, waren es viele, weil es 2014 war.") == []


def test_a_verbs_preposition_is_no_bound() -> None:
    figure = one("Das Land verfügt über 20 Panzer.")
    assert (figure.min, figure.max) == (20, 20)


@pytest.mark.parametrize(
    "text",
    [
        "5100 Mann",
        "1000 Söldner",
        "4500 Franzosen",
        "Tausend Saudis",
        "205 Militärangehörige",
        "160 Blauhelme",
        "100 Ausbilder",
        "20 Militärberater",
        "1.040 Polizisten",
        "32 Bundeswehrangehörigen",
        "rund 300 Männer und Frauen",
        "9.000 Menschen",
        "15.000 Uniformierte",
        "150 Fallschirmjäger",
        "2.000 Friedenswächter",
    ],
)
def test_people(text: str) -> None:
    assert counts_people(figures(text)[0])


@pytest.mark.parametrize("text", ["33 Panzer", "12'400 Patronen", "500 Euro", "30 F-16", "20 Boote", "zwei Fristen"])
def test_no_people(text: str) -> None:
    assert not counts_people(one(text))


def test_money() -> None:
    assert counts_money(one("7,4 Mrd. Euro"))
    assert counts_money(one("500 Millionen $"))
    assert not counts_money(one("500 Mann"))


def test_parse_number() -> None:
    assert parse_number("eintausendzweihundertvierunddreißig") == 1234
    assert parse_number("neunzehnhundertachtundsechzig") == 1968
    for word in ("und", "die", "9.", "1.2", "20:15", "hundertschaft"):
        assert parse_number(word) is None


_WORDS = [
    "bis",
    "zu",
    "rund",
    "10 000",
    "zwei",
    "Millionen",
    "-",
    "20",
    "eine",
    "halbe",
    "%",
    "Uhr",
    "Mann",
    "€",
    "der",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_WORDS)))
def test_any_words_give_ordered_bounds(words: list[str]) -> None:
    text = " ".join(words)
    for figure in figures(text):
        assert figure.min is not None or figure.max is not None
        assert figure.min is None or figure.max is None or figure.min <= figure.max
        assert figure.span.of(text).strip()


def test_the_gold_figures_are_found_in_the_evidence() -> None:
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        pytest.skip("LAGEBILD_SHARED does not say where the annotated articles are")
    total = hits = 0
    for path in sorted((Path(shared) / "gold/train").glob("*.gold.json")):
        for event in json.loads(path.read_text("utf-8"))["events"]:
            found = {(figure.min, figure.max) for figure in figures(event["evidence"])}
            for gold in (event[slot] for slot in ("personnel", "quantity") if event.get(slot)):
                total += 1
                hits += (gold.get("min"), gold.get("max")) in found
    assert total > 400
    assert hits / total >= 0.93
