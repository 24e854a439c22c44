"""The gazetteer's tables and the forms that it knows."""

import gc
import re
import time
from collections import Counter

import pytest

from kg.errors import DataError
from kg.german import gazetteer
from kg.german.forms import adjective_label, inflect, short_names, slug
from kg.german.gazetteer import Gazetteer, load_gazetteer, read_table

KNOWN = load_gazetteer()


def keys(form: str) -> list[str]:
    return [candidate.key for candidate in KNOWN.lookup(form)]


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("Großbritannien", "country/GB"),
        ("Grossbritanniens", "country/GB"),
        ("Vereinigten Königreichs", "country/GB"),
        ("Vereinigten Staaten", "country/US"),
        ("Birma", "country/MM"),
        ("Bosnien-Herzegowina", "country/BA"),
        ("Elfenbeinküste", "country/CI"),
        ("UdSSR", "country/SU"),
        ("Pjöngjangs", "place/pjoengjang"),
        ("MOSKAU", "place/moskau"),
        ("NEW YORK", "place/new-york"),
        ("Roten Meer", "place/rotes-meer"),
        ("Weißen Hauses", "organization/weisses-haus"),
        ("Afrikanischen Union", "organization/afrikanische-union"),
        ("Ecowas", "organization/ecowas"),
        ("Minusma", "mission/minusma"),
        ("Putins", "person/wladimir-putin"),
        ("Wolodimir Selenski", "person/wolodymyr-selenskyj"),
        ("von der Leyen", "person/ursula-von-der-leyen"),
        ("Xi", "person/xi-jinping"),
    ],
)
def test_forms_lead_to_their_entity(form: str, key: str) -> None:
    assert key in keys(form)


@pytest.mark.parametrize("form", ["Haus", "Essenz", "Staaten", "der", "Union", "Jong"])
def test_common_words_lead_nowhere(form: str) -> None:
    assert keys(form) == []


@pytest.mark.parametrize("form", ["Halle", "Essen", "Welt", "Bild", "Merkel", "Golf"])
def test_words_that_are_more_than_a_name_are_weak(form: str) -> None:
    assert KNOWN.lookup(form)
    assert all(candidate.weak for candidate in KNOWN.lookup(form))


@pytest.mark.parametrize(
    ("key", "english"),
    [
        ("country/KP", "North Korea"),
        ("country/CD", "Democratic Republic of the Congo"),
        ("organization/europaeische-union", "European Union"),
        ("organization/reuters", "Reuters"),
        ("organization/shape", "SHAPE"),
        ("mission/eutm-mosambik", "EUTM Mozambique"),
        ("mission/minusma", "MINUSMA"),
        ("person/wolodymyr-selenskyj", "Volodymyr Zelensky"),
        ("person/olaf-scholz", "Olaf Scholz"),
        ("place/gazastreifen", "Gaza Strip"),
        ("place/mekka", "Mecca"),
        ("place/berlin", "Berlin"),
    ],
)
def test_everything_known_has_an_english_name(key: str, english: str) -> None:
    assert KNOWN.entity(key).label_en == english


def test_every_series_body_and_office_has_an_english_name() -> None:
    assert all(KNOWN.series_english[series] for series in KNOWN.series)
    assert all(body.english for body in KNOWN.bodies.values())
    assert all(office.english for office in KNOWN.offices.values())
    assert (KNOWN.offices["König"].english, KNOWN.offices["Königin"].english) == ("King", "Queen")


def test_countries_are_complete() -> None:
    rows = read_table("gazetteer", "countries.tsv", 11)
    for row in rows:
        entity = KNOWN.entity(f"country/{row[0]}")
        assert entity.iso == row[0]
        assert entity.label_en
        assert re.fullmatch(r"Q\d+", entity.wikidata or ""), entity
        if entity.capital is not None:
            capital = KNOWN.entity(entity.capital)
            assert capital.country == entity.key
            assert KNOWN.capitals.get(capital.key, entity.key) == entity.key
    assert len(rows) >= 200
    assert sum(KNOWN.entity(f"country/{row[0]}").lat is not None for row in rows) >= 185


@pytest.mark.parametrize(
    ("iso", "item", "stem"),
    [
        ("KP", "Q423", "nordkoreanisch"),
        ("US", "Q30", "amerikanisch"),
        ("CH", "Q39", "schweizerisch"),
        ("SU", "Q15180", "sowjetisch"),
    ],
)
def test_countries_have_item_and_adjective(iso: str, item: str, stem: str) -> None:
    assert KNOWN.entity(f"country/{iso}").wikidata == item
    assert KNOWN.adjectives[f"{stem}en"] == f"country/{iso}"


def test_no_two_entities_of_a_type_share_an_item() -> None:
    items = Counter((e.type, e.wikidata) for e in map(KNOWN.entity, KNOWN.kinds) if e.wikidata)
    assert [item for item, count in items.items() if count > 1] == []


def test_what_entities_name_is_known() -> None:
    for key in KNOWN.kinds:
        country = KNOWN.entity(key).country
        assert country is None or country in KNOWN
    for owner, noun in KNOWN.named_bodies:
        assert owner in KNOWN
        assert noun in KNOWN.bodies
    for country, _, person, begin, end in KNOWN.holders:
        assert country in KNOWN
        assert person in KNOWN
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", begin)
        assert end == "" or begin < end
    places = {KNOWN.entity(key).label for key in KNOWN.kinds if key.startswith("place/")}
    offices = [office.of for office in KNOWN.offices.values() if office.of]
    assert all(of in KNOWN for of in offices)
    assert {series for series, _ in KNOWN.editions} <= KNOWN.series.keys()
    assert "Vilnius" in places


@pytest.mark.parametrize("name", ["countries.tsv", "places.tsv"])
def test_generated_tables_are_sorted(name: str) -> None:
    rows = read_table("gazetteer", name, 11)
    assert rows == sorted(rows)


def test_media_are_marked() -> None:
    assert KNOWN.entity("organization/reuters").medium
    assert not KNOWN.entity("organization/nato").medium


def test_loading_is_fast() -> None:
    gc.freeze()  # what other tests have left is no part of it
    start = time.process_time()
    Gazetteer()
    taken = time.process_time() - start
    gc.unfreeze()
    assert taken < 0.5


def test_a_row_with_too_many_cells_names_its_line() -> None:
    with pytest.raises(DataError, match=r"gazetteer/summits\.tsv, line 2: \d cells"):
        read_table("gazetteer", "summits.tsv", 2)


def test_an_entity_in_two_rows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    real = gazetteer.read_table

    def twice(folder: str, name: str, width: int) -> list[list[str]]:
        return real(folder, name, width) * (2 if name == "missions.tsv" else 1)

    monkeypatch.setattr(gazetteer, "read_table", twice)
    with pytest.raises(DataError, match="twice"):
        Gazetteer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Jong Un", "kim-jong-un"),
        ("Müller", "mueller"),
        ("Aleksandar Vučić", "aleksandar-vucic"),
        ("N’Djamena", "n-djamena"),
    ],
)
def test_slugs_are_plain_words(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Ursula von der Leyen", "DE", {"von der Leyen"}),
        ("Baschar al-Assad", "SY", {"al-Assad", "Assad"}),
        ("Kim Jong Un", "KP", {"Kim"}),
        ("Abiy Ahmed", "ET", {"Abiy", "Ahmed"}),
        ("Charles III.", "GB", set()),
    ],
)
def test_short_names(name: str, country: str, expected: set[str]) -> None:
    assert set(short_names(name, country)) == expected


def test_names_decline() -> None:
    assert set(inflect("Arabisch~ Liga")) >= {"Arabische Liga", "Arabischen Liga"}
    assert set(inflect("Putin")) == {"Putin", "Putins"}
    assert set(inflect("Guterres")) == {"Guterres", "Guterres’", "Guterres'"}


def test_bodies_are_called_by_adjective() -> None:
    assert (
        adjective_label("südkoreanisch", "Verteidigungsministerium", "n") == "Südkoreanisches Verteidigungsministerium"
    )
    assert adjective_label("russisch", "Luftwaffe", "f") == "Russische Luftwaffe"
    assert adjective_label("Schweizer", "Parlament", "n") == "Schweizer Parlament"
