"""Mentions become entities: keys, labels, positions; editions of summits are in `test_linking_summits`."""

from dataclasses import replace

import pytest

from kg.linking import link_entities
from kg.model import Position
from tests.names import link, make, words


def test_a_country_by_name_adjective_and_capital_is_one() -> None:
    text = "Nordkorea schickt Truppen. Pjöngjang schwieg. Nordkoreanische Soldaten kamen."
    found = link(text)["country/KP"]
    assert words(found, text) == ["Nordkorea", "Pjöngjang", "Nordkoreanische"]
    assert [m.kind for m in found.mentions] == ["name", "metonym", "adjective"]
    assert (found.entity.label, found.entity.label_en, found.entity.wikidata) == ("Nordkorea", "North Korea", "Q423")


def test_a_country_by_adjective_alone_is_there_for_roles() -> None:
    found = link("Nepalesische Soldaten kamen.")
    assert [m.kind for m in found["country/NP"].mentions] == ["adjective"]


def test_known_people_have_their_item() -> None:
    found = link("Wladimir Putin sprach mit Olaf Scholz. Putin drohte.")
    assert found["person/wladimir-putin"].entity.wikidata == "Q7747"
    assert len(found["person/wladimir-putin"].mentions) == 2
    assert found["person/olaf-scholz"].entity.country == "country/DE"


def test_unknown_people_are_keyed_by_their_name() -> None:
    found = link("Sieh Dolo kam, dann sprach Dolo.", [("Sieh Dolo", "Person"), ("Dolo", "Person")])
    assert found["person/sieh-dolo"].entity.label == "Sieh Dolo"


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [("Aleksandar Vučic", "Person", "person/aleksandar-vucic"), ("Reykjavìk", "Place", "place/reykjavik")],
)
def test_another_spelling_is_the_known_one(name: str, kind: str, key: str) -> None:
    assert link(f"Das sah man bei {name}.", [(name, kind)])[key].entity.wikidata or kind == "Person"


@pytest.mark.parametrize(
    ("text", "key", "english"),
    [
        ("Der G20-Gipfel in Rio de Janeiro 2024 begann.", "summit/g20-2024", "G20 summit 2024 in Rio de Janeiro"),
        ("Der G7-Gipfel in Apulien 2024 begann.", "summit/g7-2024", "G7 summit 2024 in Apulia"),
        ("Der russische Generalstab schwieg.", "organization/russischer-generalstab", "General Staff (Russia)"),
    ],
)
def test_what_is_named_by_rule_has_an_english_name_too(text: str, key: str, english: str) -> None:
    assert link(text)[key].entity.label_en == english


def test_what_only_articles_know_has_no_english_name() -> None:
    assert link("Sieh Dolo kam.", [("Sieh Dolo", "Person")])["person/sieh-dolo"].entity.label_en is None


def test_offices_are_stated_in_english_too() -> None:
    found = link("Der ukrainische Präsident Wolodymyr Selenskyj kam.")
    assert [p.title_en for p in found["person/wolodymyr-selenskyj"].positions] == ["President"]


def test_an_unknown_surname_is_the_articles_own() -> None:
    found = link("Gestern kam Huberlinger.", [("Huberlinger", "Person")])
    assert list(found) == ["person/huberlinger--probe"]


def test_a_surname_alone_is_linked_where_the_article_names_the_country() -> None:
    assert "person/narendra-modi" in link("Modi regiert Indien.", [("Modi", "Person")])


def test_a_surname_of_several_is_the_one_in_office() -> None:
    names = [("Bush", "Person")]
    assert "person/george-w-bush" in link("Bush regiert die USA.", names, "2003-03-20")
    assert "person/george-h-w-bush" in link("Bush regiert die USA.", names, "1991-01-15")
    assert "person/bush--probe" in link("Bush war in den USA.", names, "2024-01-01")


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("Er rief US-Präsident Clinton an.", "Clinton", "bill-clinton"),  # Hillary never was
        ("Bundeskanzler Merz flog nach Paris.", "Merz", "friedrich-merz"),
        ("Merz begrüßt Waffenruhe", "Merz", "friedrich-merz"),  # who else would need a full name
        ("US-Präsident Bush kam.", "Bush", "bush--probe"),  # both were
    ],
)
def test_the_office_tells_whom_a_surname_means(text: str, name: str, key: str) -> None:
    assert f"person/{key}" in link(text, [(name, "Person")], "2025-07-01")


def test_a_noun_before_a_surname_says_that_it_is_somebody_else() -> None:
    doc, article = make("Der Oberst Merz sprach.", [("Merz", "Person")], "2025-07-01")
    doc[1].tag_ = "NN"
    assert "person/merz--probe" in {item.entity.key for item in link_entities(doc, article)}


def test_who_is_not_in_office_needs_more_than_a_surname() -> None:
    assert "person/merz--probe" in link("Merz begrüßt Waffenruhe", [("Merz", "Person")], "2024-07-01")


@pytest.mark.parametrize(
    ("text", "person", "position"),
    [
        ("Der russische Präsident Wladimir Putin kam.", "wladimir-putin", Position("Präsident", "country/RU")),
        ("US-Präsident Donald Trump kam.", "donald-trump", Position("Präsident", "country/US")),
        ("Chinas Außenminister Wang Yi kam.", "wang-yi", Position("Außenminister", "country/CN")),
        ("Kremlchef Wladimir Putin kam.", "wladimir-putin", Position("Kremlchef", "country/RU")),
        ("Nato-Generalsekretär Mark Rutte kam.", "mark-rutte", Position("Nato-Generalsekretär", "organization/nato")),
        ("Bundeskanzlerin Angela Merkel kam.", "angela-merkel", Position("Bundeskanzlerin", "country/DE")),
    ],
)
def test_positions_are_what_the_article_states(text: str, person: str, position: Position) -> None:
    assert link(text)[f"person/{person}"].positions == (position,)


@pytest.mark.parametrize(
    "text",
    [
        "Der Außenminister, Sieh Dolo, kam.",
        "Sieh Dolo, der Außenminister, kam.",
        "Der liberianische Verteidigungsminister traf Außenminister Sieh Dolo.",
    ],
)
def test_an_office_stands_beside_its_holder(text: str) -> None:
    assert [p.title for p in link(text, [("Sieh Dolo", "Person")])["person/sieh-dolo"].positions] == ["Außenminister"]


def test_a_colleague_holds_the_office_of_the_other() -> None:
    found = link("Außenministerin Annalena Baerbock traf ihren britischen Amtskollegen David Lammy.")
    assert found["person/david-lammy"].positions == (Position("Außenminister", "country/GB"),)


def test_where_somebody_is_met_is_not_what_the_office_is_of() -> None:
    found = link(
        "Er traf Außenminister Sieh Dolo in Moskau. Der Präsident in Moskau schwieg.", [("Sieh Dolo", "Person")]
    )
    assert found["person/sieh-dolo"].positions == (Position("Außenminister", None),)


def test_an_office_alone_is_its_holder_whom_the_article_names() -> None:
    text = "Der ukrainische Präsident Wolodymyr Selenskyj kam. Der ukrainische Präsident sprach."
    assert words(link(text)["person/wolodymyr-selenskyj"], text, "office") == ["ukrainische Präsident"] * 2


def test_an_office_alone_is_the_holder_of_the_time() -> None:
    text = "Joe Biden und Donald Trump streiten. Der US-Präsident schwieg."
    assert words(link(text, published="2024-06-01")["person/joe-biden"], text, "office") == ["US-Präsident"]
    assert words(link(text, published="2025-06-01")["person/donald-trump"], text, "office") == ["US-Präsident"]


def test_an_office_that_is_a_person_is_no_evidence_for_its_country() -> None:
    found = link("US-Präsident Donald Trump kam.")
    assert found["country/US"].mentions == ()


def test_an_office_whose_holder_is_not_named_is_nobody() -> None:
    assert [key for key in link("Der US-Präsident schwieg.") if key.startswith("person/")] == []


@pytest.mark.parametrize(
    ("text", "key", "label", "country"),
    [
        (
            "Das südkoreanische Verteidigungsministerium schwieg.",
            "suedkoreanisches-verteidigungsministerium",
            "Südkoreanisches Verteidigungsministerium",
            "KR",
        ),
        ("Israels Luftwaffe flog.", "israelische-luftwaffe", "Israelische Luftwaffe", "IL"),
        ("Das Parlament in Ankara tagte.", "grosse-nationalversammlung-der-tuerkei", None, "TR"),
        (
            "Das US-Verteidigungsministerium schwieg.",
            "us-verteidigungsministerium",
            "US-Verteidigungsministerium",
            "US",
        ),
        ("Das Pentagon schwieg.", "us-verteidigungsministerium", "US-Verteidigungsministerium", "US"),
        ("Die deutsche Armee übte.", "bundeswehr", "Bundeswehr", "DE"),
        ("Das Bundesgesundheitsministerium warnt.", "deutsches-gesundheitsministerium", None, "DE"),
    ],
)
def test_a_body_of_a_state_is_called_by_its_state(text: str, key: str, label: str | None, country: str) -> None:
    entity = link(text)[f"organization/{key}"].entity
    assert entity.country == f"country/{country}"
    assert label is None or entity.label == label


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            "Die Ukraine wehrt sich gegen Russland. Es wird kalt. Im Parlament warb Wolodymyr Selenskyj um Geld.",
            "werchowna-rada",
        ),
        ("Russland greift an, Russland droht, die Ukraine wehrt sich. Sie bat. Das Parlament tagt.", "werchowna-rada"),
        ("Die Ukraine und Russland verhandeln. Russland droht. Russland greift an. Das Parlament tagt.", "staatsduma"),
        ("In Moskau lobte das Außenministerium die Türken.", "russisches-aussenministerium"),
        (
            "In Mali hilft die Bundeswehr. Dem Verteidigungsministerium fehlt Geld.",
            "bundesministerium-der-verteidigung",
        ),
        ("Der Kongress tagte.", "us-kongress"),
        ("Auf den Philippinen tagte der Kongress.", "philippinischer-kongress"),
    ],
)
def test_a_body_without_its_state_is_of_the_state_that_most_speaks_for(text: str, body: str) -> None:
    assert f"organization/{body}" in link(text, [("Wolodymyr Selenskyj", "Person")] if "Wolodymyr" in text else [])


def test_a_body_without_its_state_may_be_of_the_state_where_the_article_appeared() -> None:
    doc, article = make("Das Verteidigungsministerium schwieg.")
    keys = {item.entity.key for item in link_entities(doc, replace(article, publisher="Le Monde"))}
    assert "organization/franzoesisches-verteidigungsministerium" in keys


def test_a_body_without_its_state_is_the_one_before() -> None:
    text = "Das russische Verteidigungsministerium drohte. Die Ukraine schwieg. Das Verteidigungsministerium schwieg."
    assert len(link(text)["organization/russisches-verteidigungsministerium"].mentions) == 2


def test_the_ministry_is_the_one_named_before() -> None:
    text = "Das polnische Verteidigungsministerium bestellt Panzer. Das Ministerium zahlt."
    found = link(text, [("Ministerium", "Organization")])
    assert words(found["organization/polnisches-verteidigungsministerium"], text)[-1] == "Ministerium"


def test_a_common_noun_that_takes_nothing_up_is_nothing() -> None:
    assert link("Die Allianz wächst.", [("Allianz", "Organization")]) == {}


def test_the_security_council_is_that_of_the_un() -> None:
    assert "organization/un-sicherheitsrat" in link("Der Sicherheitsrat tagte.")


def test_a_common_noun_takes_an_organisation_up() -> None:
    text = "Die Nato übt. Die Allianz wächst."
    assert words(link(text, [("Allianz", "Organization")])["organization/nato"], text) == ["Nato", "Allianz"]


def test_an_acronym_is_the_name_before_it() -> None:
    text = "Die Grüne Liga Aachen (GLA) klagt. Die GLA gewann."
    found = link(text, [("Grüne Liga Aachen", "Organization"), ("GLA", "Organization")])
    assert words(found["organization/gruene-liga-aachen"], text)[:2] == ["Grüne Liga Aachen", "GLA"]


def test_a_descriptor_is_no_part_of_the_name() -> None:
    text = "Der Ölkonzern Ofelsa bohrt."
    assert link(text, [("Ölkonzern Ofelsa", "Organization")])["organization/ofelsa"].entity.label == "Ofelsa"


def test_missions_have_one_key_however_written() -> None:
    assert "mission/minusma" in link("Die Minusma zieht ab.")
    assert "mission/minusma" in link("Die MINUSMA zieht ab.")
    assert "mission/kfor" in link("Die Schutztruppe Kfor bleibt.", [("Schutztruppe Kfor", "Mission")])


def test_a_place_of_several_is_in_the_country_that_the_article_names() -> None:
    assert "place/georgetown" in link("In Georgetown feiert Guyana.", [("Georgetown", "Place")])


def test_all_keys_that_entities_name_are_there() -> None:
    text = "Nato-Generalsekretär Mark Rutte sprach. Das russische Außenministerium in Moskau schwieg."
    found = link(text)
    for item in found.values():
        named = {item.entity.country, item.entity.capital, *(p.of for p in item.positions)} - {None}
        assert named <= found.keys()


def test_entities_are_sorted_and_the_same_each_time() -> None:
    text = "Xi Jinping traf Joe Biden in Lima. China und die USA schweigen. Die Nato auch."
    doc, article = make(text)
    first = link_entities(doc, article)
    assert [item.entity.key for item in first] == sorted(item.entity.key for item in first)
    assert first == link_entities(doc, article)


def test_mentions_lie_on_their_words() -> None:
    text = "Israels Armee griff an. Der israelische Verteidigungsminister Joav Galant sprach in Tel Aviv."
    for item in link(text, [("Israels Armee", "Organization")]).values():
        for mention in item.mentions:
            assert text[mention.span.begin : mention.span.end].strip() == mention.span.of(text)


def test_media_are_sources() -> None:
    assert link("Das berichtete Reuters gestern.")["organization/reuters"].entity.medium


def test_a_series_has_an_english_name_too() -> None:
    (summit,) = (each.entity for each in link("Der Nato-Gipfel 2023 begann.").values() if each.entity.type == "Summit")
    assert (summit.series, summit.series_en) == ("Nato-Gipfel", "NATO summit")
