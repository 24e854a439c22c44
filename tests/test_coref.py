"""Names of one thing inside an article."""

import pytest

from kg.coref import acronyms, bare_name, chain_persons
from kg.german.gazetteer import load_gazetteer
from kg.mentions import find_all
from tests.names import make

KNOWN = load_gazetteer()


def chains(text: str, *people: str) -> list[list[str]]:
    doc, article = make(text, [(name, "Person") for name in people])
    persons = [f for f in find_all(doc, article) if f.mention.type == "Person" and f.mention.kind == "name"]
    return [chain.names for chain in chain_persons(doc, persons, KNOWN)]


@pytest.mark.parametrize(
    ("surface", "forms", "genitive", "expected"),
    [
        ("Putins", {"Putins"}, False, "Putin"),  # the gazetteer knows him
        ("Odermatts", {"Odermatt", "Odermatts"}, False, "Odermatt"),  # the article has both
        ("Benkos", {"Benkos"}, True, "Benko"),  # the tagger sees a genitive
        ("Hollande", {"Hollande"}, False, "Hollande"),
        ("Johannes", {"Johannes"}, False, "Johannes"),
        ("Guterres", {"Guterres"}, True, "Guterres"),
        ("Guterres’", {"Guterres’"}, True, "Guterres"),
    ],
)
def test_the_genitive_ending_goes_where_it_is_one(surface: str, forms: set[str], genitive: bool, expected: str) -> None:
    assert bare_name(surface, forms, KNOWN, genitive=genitive) == expected


def test_a_surname_joins_the_full_name() -> None:
    assert chains("Sieh Dolo kam. Später ging Dolo.", "Sieh Dolo", "Dolo") == [["Sieh Dolo", "Dolo"]]


def test_a_surname_in_the_headline_joins_the_full_name_after_it() -> None:
    assert chains("Dolo geht\n\nEs geht Sieh Dolo.", "Sieh Dolo", "Dolo") == [["Sieh Dolo", "Dolo"]]


def test_a_korean_is_named_by_the_first_word() -> None:
    assert chains("Kim Jin-pyo sprach. Kim ging.", "Kim Jin-pyo", "Kim") == [["Kim Jin-pyo", "Kim"]]


def test_namesakes_stay_two_and_the_surname_is_the_last_named() -> None:
    text = "Anna Müller sprach. Dann kam Bernd Müller. Müller schwieg."
    assert chains(text, "Anna Müller", "Bernd Müller", "Müller") == [["Anna Müller"], ["Bernd Müller", "Müller"]]


def test_a_longer_and_a_shorter_full_name_are_one() -> None:
    found = chains("Lula da Silva kam. Luiz Inácio Lula da Silva ging. Lula lachte.")
    assert len(found) == 1
    assert len(found[0]) == 3


def test_transliterations_of_a_known_person_are_one() -> None:
    assert len(chains("Wolodymyr Selenskyj kam, dann Wolodimir Selenski. Selenskij sprach.")) == 1


def test_a_given_name_alone_joins_too() -> None:
    assert chains("Moosa Zameer kam. Moosa blieb.", "Moosa Zameer", "Moosa") == [["Moosa Zameer", "Moosa"]]


def test_a_surname_may_open_a_sentence() -> None:
    text = "Ursula von der Leyen kam. Von der Leyen sprach."
    assert len(chains(text, "Ursula von der Leyen", "Von der Leyen")) == 1
    assert chains(text, "Ursula von der Leyen", "Leyen") == [["Ursula von der Leyen", "Von der Leyen"]]
    text = "Al-Dolo geht\n\nEs geht Sieh al-Dolo."
    assert chains(text, "Sieh al-Dolo", "Al-Dolo") == [["Sieh al-Dolo", "Al-Dolo"]]


def test_a_genitive_in_the_headline_is_the_full_name_after_it() -> None:
    assert chains("Dolos Reise\n\nEs geht Sieh Dolo.", "Sieh Dolo", "Dolos") == [["Sieh Dolo", "Dolo"]]


def test_what_ends_in_s_in_the_full_name_keeps_it() -> None:
    found = chains("Isaias Dolo kam. Der Besuch des Isaias war kurz.", "Isaias Dolo", "Isaias")
    assert found == [["Isaias Dolo", "Isaias"]]


@pytest.mark.parametrize(
    ("genitives", "expected"),
    [((True, False), ["Sieh Kavalas", "Kavalas"]), ((True, True), ["Sieh Kavala", "Kavala"])],
)
def test_what_ends_in_s_where_it_is_no_genitive_keeps_it(
    genitives: tuple[bool, bool], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.coref.is_genitive", lambda doc, found: genitives[found.end == len(doc) - 1])
    assert chains("Das ist der Rat von Sieh Kavalas. Später ging Kavalas.", "Sieh Kavalas", "Kavalas") == [expected]


def test_an_acronym_in_brackets_is_the_name_before_it() -> None:
    doc, article = make(
        "Die Grüne Liga Aachen (GLA) klagt.", [("Grüne Liga Aachen", "Organization"), ("GLA", "Organization")]
    )
    organizations = [f for f in find_all(doc, article) if f.mention.type == "Organization"]
    assert acronyms(doc, organizations) == {1: 0}


def test_words_in_brackets_are_no_acronym() -> None:
    doc, article = make(
        "Die Grüne Liga Aachen (auch der Verein Nabu) klagt.",
        [("Grüne Liga Aachen", "Organization"), ("Nabu", "Organization")],
    )
    organizations = [f for f in find_all(doc, article) if f.mention.type == "Organization"]
    assert acronyms(doc, organizations) == {}
