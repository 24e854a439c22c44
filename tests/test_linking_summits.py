"""Mentions of summits become editions of a series, or summits of the article's own."""

import pytest

from tests.names import link, words


@pytest.mark.parametrize(
    ("text", "published", "key", "label"),
    [
        ("Der G20-Gipfel in Rio begann.", "2024-11-18", "g20-2024", "G20-Gipfel in Rio de Janeiro 2024"),
        ("Beim Nato-Gipfel in Vilnius kam es dazu.", "2025-03-01", "nato-2023", "Nato-Gipfel in Vilnius 2023"),
        ("Der Gipfel in Vilnius endete.", "2023-07-12", "nato-2023", "Nato-Gipfel in Vilnius 2023"),
        ("Der Gipfel der Arabischen Liga tagte.", "2025-05-17", "arabische-liga-2025", None),
        ("Die COP29 begann.", "2024-11-11", "klima-2024", "UN-Klimakonferenz in Baku 2024"),
        ("Auf der Münchner Sicherheitskonferenz sprach er.", "2025-02-14", "msc-2025", None),
        ("Der EU-Sondergipfel tagte.", "2022-02-24", "eu-2022", "EU-Gipfel 2022"),
        ("Der APEC-Gipfel begann.", "2024-11-14", "apec-2024", "Apec-Gipfel in Lima 2024"),
        ("Das APEC-Treffen begann.", "2024-11-14", "apec-2024", None),
        ("Der G7-Gipfel 2019 war schwierig.", "2024-11-14", "g7-2019", "G7-Gipfel in Biarritz 2019"),
    ],
)
def test_summits_are_editions(text: str, published: str, key: str, label: str | None) -> None:
    entity = link(text, published=published)[f"summit/{key}"].entity
    assert entity.year == int(key[-4:])
    assert label is None or entity.label == label


@pytest.mark.parametrize(
    "text", ["Der Gipfel des Berges liegt im Nebel.", "Das Nato-Treffen der Minister begann.", "Der Gipfel!"]
)
def test_other_peaks_are_no_summits(text: str) -> None:
    assert [key for key in link(text) if key.startswith("summit/")] == []


def test_the_summit_is_the_one_named_before() -> None:
    text = "Der G7-Gipfel in Elmau begann. Der Gipfel endet heute."
    assert words(link(text, published="2022-06-27")["summit/g7-2022"], text) == ["G7-Gipfel", "Gipfel"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Der nächste Gipfel findet 2027 statt.", {"summit/nato-2023", "summit/nato-2027"}),
        ("Der nächste Gipfel findet im Sommer statt.", {"summit/nato-2023"}),
        ("Der Gipfel blickt auf 2027.", {"summit/nato-2023"}),
    ],
)
def test_the_next_summit_is_another_edition_where_its_year_is_named(sentence: str, found: set[str]) -> None:
    entities = link(f"Der Gipfel in Vilnius endete. {sentence}", published="2023-07-12")
    assert {key for key in entities if key.startswith("summit/")} == found


def test_the_summit_after_an_outlook_is_the_one_told_of() -> None:
    text = "Der Gipfel in Vilnius endete. Der nächste Gipfel findet 2027 statt. Der Gipfel beschloss Hilfen."
    assert len(link(text, published="2023-07-12")["summit/nato-2023"].mentions) == 2


def test_a_summit_without_series_and_place_is_the_articles_own() -> None:
    assert "summit/regionalgipfel-1996--probe" in link("Ein Regionalgipfel begann.", published="1996-11-05")


def test_the_organiser_in_a_summits_name_is_no_mention() -> None:
    assert "organization/arabische-liga" not in link("Der Gipfel der Arabischen Liga tagte.")


def test_a_summits_place_is_a_mention_of_its_own() -> None:
    text = "Der G20-Gipfel in Hamburg begann."
    assert words(link(text, published="2017-07-07")["place/hamburg"], text) == ["Hamburg"]


def test_the_place_inside_the_name_of_a_summit_is_an_entity_of_its_own() -> None:
    summit = "Nordtreffen in Bludesch"
    found = link(f"Beim {summit} sprach er.", [(summit, "Summit")])
    assert "Bludesch" in {item.entity.label for item in found.values() if item.entity.type == "Place"}
