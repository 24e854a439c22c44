"""What the claim stages look at, by token."""

from dataclasses import replace

from kg.model import Position, Span
from kg.reading import Reading
from tests.readings import at, entity, number_of, read


def test_a_span_that_ends_inside_a_word_covers_the_word() -> None:
    reading = read("Nordkoreas Soldaten kamen.")
    assert reading.tokens_of(Span(0, 9)) == (0, 1)
    assert reading.tokens_of(Span(0, 19)) == (0, 2)
    assert reading.tokens_of(Span(20, 26)) == (2, 4)


def test_verbs_carry_the_particle_that_closes_the_clause() -> None:
    reading = read(
        "Berlin zieht die Soldaten ab.", pos="PROPN VERB DET NOUN ADP PUNCT", morph={"zieht": "VerbForm=Fin"}
    )
    assert reading.lemma[at(reading, "zieht")] == "abziehen"
    assert reading.lemma[at(reading, "Soldaten")] == "Soldat"


def test_the_longest_mention_covers_a_word() -> None:
    names = {"russische Präsident Putin": "person/putin", "russische": "country/RU"}
    reading = read("Der russische Präsident Putin kam.", names)
    assert {reading.entities[reading.place_at[i].entity].entity.key for i in (1, 2, 3)} == {"person/putin"}
    assert [p.begin for p in reading.places_of[number_of(reading, "country/RU")]] == [1]
    assert 4 not in reading.place_at


def test_names_dates_and_figures_stand_with_their_sentence() -> None:
    text = "Am 3. Mai kam Scholz.\n\nDer Kanzler brachte 500 Soldaten mit. Kenia schwieg."
    reading = read(text, {"Scholz": "person/scholz", "Kenia": "country/KE"})
    assert len(reading.sentences) == 3
    assert [[reading.entities[p.entity].entity.key for p in places] for places in reading.places_in] == [
        ["person/scholz"],
        [],
        ["country/KE"],
    ]
    assert [len(times) for times in reading.times_in] == [1, 0, 0]
    assert [[figure.min for _, _, figure in figures] for figures in reading.figures_in] == [[], [500], []]
    begin, end, _ = reading.figures_in[1][0]
    assert reading.doc[begin:end].text == "500 Soldaten"


def test_rank_counts_only_entities_of_the_same_type() -> None:
    names = {"Xi": "person/xi", "Putin": "person/putin", "China": "country/CN", "Kim": "person/kim"}
    reading = read("China: Xi traf Putin. Xi traf Putin. Xi traf Kim.", names)
    ranks = {item.entity.key: reading.rank_in_type[n] for n, item in enumerate(reading.entities)}
    assert ranks == {"person/xi": 0, "person/putin": 1, "person/kim": 2, "country/CN": 0}


def test_the_country_of_a_person_is_that_of_the_office() -> None:
    read_one = read(
        "Putin sprach in Kasan mit Xi.", {"Putin": "person/putin", "Kasan": entity("place/kasan", country="country/RU")}
    )
    entities = [
        replace(item, positions=(Position("Vorsitzender", None), Position("Präsident", "country/RU")))
        if item.entity.key == "person/putin"
        else item
        for item in read_one.entities
    ]
    reading = Reading(read_one.article, read_one.doc, entities, (), ())
    assert reading.country_of == ["country/RU", "country/RU"]
    assert read_one.country_of == [None, "country/RU"]


def test_noise_lines_are_marked_and_may_reach_to_the_end() -> None:
    line = "LESEN Sie auch: Haiti wartet"
    reading = read(f"Kenia schickt Polizisten.\n\n{line}", noise=[line])
    assert reading.noisy == [False] * 5 + [True] * 6
    beyond = Reading(replace(reading.article, noise=(Span(27, 900), Span(900, 910))), reading.doc, (), (), ())
    assert beyond.noisy == reading.noisy
