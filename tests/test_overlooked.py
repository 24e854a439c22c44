"""Names that the recogniser passes over, or takes for others: lists of towns and given names and the words beside."""

import pytest

from kg.german.gazetteer import load_gazetteer
from kg.german.wordclass import is_given_name, is_town, is_word
from kg.names import find_names
from tests.names import make


def names(text: str, *recognised: tuple[str, str], tags: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    doc, _ = make(text, recognised)
    for token in doc:
        token.tag_ = dict(tags).get(token.text, "NN" if token.text[0].isupper() else "XY")
    return [(doc[name.begin : name.end].text, name.type) for name in find_names(doc, load_gazetteer())]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Die Maschine hob in Hörsching ab.", "Hörsching"),
        ("Er flog nach Payerne.", "Payerne"),
        ("Sie landeten auf Funafuti.", "Funafuti"),
        ("Bludesch (APA) - Sie landeten.", "Bludesch"),
        ("Burgas. Sie landeten.", "Burgas"),
        ("Sie stehen auf dem Flugplatz Tatoi.", "Flugplatz Tatoi"),
        ("Drohnen kreisten über Port Sudan.", "Port Sudan"),
    ],
)
def test_a_listed_town_is_a_place_where_the_words_say_so(text: str, place: str) -> None:
    assert names(text) == [(place, "Place")]


def test_an_unlisted_word_is_a_place_after_in_unless_it_is_a_compound_of_common_words() -> None:
    assert names("Er sprach in Batajnica.") == [("Batajnica", "Place")]
    assert names("Er diente in Nordfronten.") == []


@pytest.mark.parametrize(
    ("text", "organization"),
    [
        ("Sie spielten am Theater Basel.", "Theater Basel"),
        ("Er lehrt an der Hochschule St. Gallen.", "Hochschule St. Gallen"),
        ("Das meldet das Institut für Seenforschung.", "Institut für Seenforschung"),
        ("Die Bhumjaithai-Partei gewann.", "Bhumjaithai-Partei"),
        ("Die Fluglinie AAPPX stellt den Betrieb ein.", "Fluglinie AAPPX"),
    ],
)
def test_organisations_that_their_own_words_describe(text: str, organization: str) -> None:
    assert names(text) == [(organization, "Organization")]


def test_a_name_inside_a_longer_one_is_none() -> None:
    text = "Er lehrt an der Hochschule St. Gallen."
    assert names(text, ("St. Gallen", "Place")) == [("Hochschule St. Gallen", "Organization")]


def test_the_place_in_the_name_of_a_summit_is_one_too() -> None:
    summit = ("Apec-Treffen in Bludesch", "Summit")
    assert names(f"Beim {summit[0]} sprach er.", summit) == [summit, ("Bludesch", "Place")]


def test_a_place_that_is_only_part_inside_the_name_of_a_summit_is_none() -> None:
    summit = ("Sudan Gipfel", "Summit")
    assert names("Er kam zum Port Sudan Gipfel.", summit) == [summit]


@pytest.mark.parametrize("word", ["Wein", "Kriegszirkus", "Rebellenarmee"])
@pytest.mark.parametrize("kind", ["Place", "Organization"])
def test_a_common_noun_that_is_taken_for_a_name_is_none(word: str, kind: str) -> None:
    assert names(f"Das ist {word} hier.", (word, kind)) == []


def test_an_office_opens_a_person() -> None:
    tags = (("Hovenier", "NE"),)
    assert names("Es sprach Botschafter Hovenier.", tags=tags) == [("Hovenier", "Person")]


@pytest.mark.parametrize("text", ["Sie treffen sich in Kreisen.", "Er sprach vor Soldaten.", "Hilfe kam aus Zelten."])
def test_a_common_noun_is_no_place(text: str) -> None:
    assert names(text) == []


def test_a_noun_for_places_says_that_a_name_is_one() -> None:
    assert names("Er kam in den Rayon Achalgori.", ("Achalgori", "Person")) == [("Achalgori", "Place")]


@pytest.mark.parametrize("town", ["Saada", "Gornja Radgona"])
def test_a_town_that_is_taken_for_a_person_is_a_place(town: str) -> None:
    assert names(f"{town} wurde beschossen.", (town, "Person")) == [(town, "Place")]


def test_a_surname_of_the_article_is_no_town() -> None:
    text = "Frank Goma sprach. Goma schwieg."
    assert names(text, ("Frank Goma", "Person"), ("Goma", "Person")) == [("Frank Goma", "Person"), ("Goma", "Person")]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Der Spieler Uwe Daumer traf.", "Uwe Daumer"),
        ("Kronprinz Mohammed bin Naif sprach.", "Mohammed bin Naif"),
        ("Es sprach Laura Martin von Hannover.", "Laura Martin"),
    ],
)
def test_a_given_name_opens_a_person(text: str, person: str) -> None:
    assert names(text)[0] == (person, "Person")


def test_a_given_name_that_was_seen_alone_gets_its_surname() -> None:
    text = "Landtagspräsident Klaus Schlie sprach."
    assert names(text, ("Landtagspräsident Klaus", "Person")) == [("Klaus Schlie", "Person")]


@pytest.mark.parametrize(
    ("text", "recognised", "expected"),
    [
        ("Major Emil Chirchir sprach.", ("Major Emil Chirchir", "Person"), ("Emil Chirchir", "Person")),
        ("Der Norweger Knut Vollebæk sprach.", ("Norweger Knut", "Place"), ("Knut Vollebæk", "Person")),
        ("Chiracs Bombe zündete.", ("Chiracs Bombe", "Person"), ("Chiracs", "Person")),
        ("Andreas Beck sprach.", ("Andreas Beck", "Person"), ("Andreas Beck", "Person")),
        ("Das Staatsfernsehen RTB meldet.", ("Staatsfernsehen RTB", "Place"), ("Staatsfernsehen RTB", "Organization")),
        ("Die Elitepolizei GIGN kam.", ("GIGN", "Mission"), ("GIGN", "Organization")),
        ("Der Kreuzer Emil Ponti sank.", ("Emil Ponti", "Person"), ("Emil Ponti", "Organization")),
        ("Die Truppe Misca kam.", ("Misca", "Mission"), ("Misca", "Mission")),
    ],
)
def test_the_words_of_a_name_set_its_bounds_and_class(
    text: str, recognised: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert names(text, recognised) == [expected]


@pytest.mark.parametrize("word", ["BELIEBT", "HOCHWASSER", "ALLE"])
def test_a_common_word_in_capitals_is_no_name(word: str) -> None:
    assert names(f"{word} ist das.", (word, "Organization")) == []


def test_what_the_lists_know_of_words() -> None:
    assert is_town("Bludesch")
    assert is_town("BLUDESCH")
    assert is_town("Bludeschs")
    assert not is_town("Regierung")
    assert is_given_name("Tobias")
    assert not is_given_name("Minister")
    assert is_word("Delegationskreisen")
    assert not is_word("Payerne")


@pytest.mark.parametrize(
    ("text", "recognised", "expected"),
    [
        ("Am Abend traf Merz Macron.", "Merz Macron", ["Merz", "Macron"]),
        (
            "Gestern rief Emmanuel Macron Keir Starmer an.",
            "Emmanuel Macron Keir Starmer",
            ["Emmanuel Macron", "Keir Starmer"],
        ),
        ("Das sagte Oberst Wang Xi dazu.", "Wang Xi", ["Wang Xi"]),
        ("Das sagte Friedrich Merz dazu.", "Friedrich Merz", ["Friedrich Merz"]),
    ],
)
def test_people_who_stand_in_a_row_are_two(text: str, recognised: str, expected: list[str]) -> None:
    verbs = (("traf", "VVFIN"), ("rief", "VVFIN"), ("sagte", "VVFIN"))
    found = [name for name, kind in names(text, (recognised, "Person"), tags=verbs) if kind == "Person"]
    assert found == expected
