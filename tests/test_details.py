"""Which figures and dates are offered to a happening, and what is said of each."""

from datetime import date

import pytest

from kg.details import COUNTED, figures_near, is_far_fetched, times_near
from kg.frames import load_frames
from kg.model import Span, TimeExpression
from kg.reading import Reading
from tests.readings import happening, read


def figures(reading: Reading, word: str, type_: str = "Deployment") -> dict[int, set[str]]:
    pairs = figures_near(reading, happening(reading, type_, word))
    return {figure.min or figure.max or 0: set(features) for figure, features in pairs}


def times(reading: Reading, word: str) -> dict[str, set[str]]:
    pairs = times_near(reading, happening(reading, "Meeting", word))
    return {time.span.of(reading.article.text): set(features) for time, features in pairs}


def test_the_types_that_carry_a_figure_are_those_of_the_frames() -> None:
    assert {(name, (slot,)) for name, slot in COUNTED.items()} == {
        (frame.name, frame.figures) for frame in load_frames().values() if frame.figures
    }


def test_figures_come_from_the_sentence_of_the_trigger() -> None:
    reading = read("Paris schickt 500 Soldaten und 20 Panzer. Mali stellt 900 Mann.")
    found = figures(reading, "schickt")
    assert list(found) == [500, 20]
    assert {"noun=Soldat", "people=True", "side=after", "gap=0", "order=0", "breaks=0", "size=3"} <= found[500]
    assert {"noun=Panzer", "people=False", "order=1", "breaks=1", "brk=und", "size=2"} <= found[20]


def test_a_figure_before_the_trigger_and_its_qualifier() -> None:
    found = figures(read("Bis zu 2000 Soldaten will Paris nach Mali schicken."), "schicken")
    assert {"side=before", "q=upTo", "Deployment|q=upTo", "size=4"} <= found[2000]
    assert (
        "after=wollen"
        in figures(
            read("Bis zu 2000 Soldaten will er schicken.", pos="ADP ADP NUM NOUN AUX PRON VERB PUNCT"), "schicken"
        )[2000]
    )


def test_a_figure_under_the_trigger_is_of_the_same_verb() -> None:
    reading = read(
        "Paris schickt 500 Soldaten, weil Berlin 900 abzog.",
        pos="PROPN VERB NUM NOUN PUNCT SCONJ PROPN NUM VERB PUNCT",
        deps="nsubj>2 ROOT nummod>4 obj>2 punct>9 mark>9 nsubj>9 obj>9 advcl>2 punct>2",
    )
    assert {"under=True", "sameverb=True"} <= figures(reading, "schickt")[500]
    assert {"under=False", "sameverb=False"} <= figures(reading, "abzog", "Withdrawal")[500]
    assert "sameverb=False" in figures(reading, "schickt")[900]


def test_dates_carry_on_into_the_sentences_after_them_and_back_to_the_one_before() -> None:
    text = "Am 3. Juni kam er. Man schwieg. Er traf Xi. Am 5. Juli starb er. Am 6. Juli regnete es."
    assert list(times(read(text), "traf")) == ["Am 3. Juni", "Am 5. Juli"]
    far = f"Am 3. Juni kam er. {'Man schwieg. ' * 9}Er traf Xi."
    assert list(times(read(far), "traf")) == []


def test_a_date_of_the_sentence_and_one_before_it() -> None:
    reading = read("Am 3. Juni kam er an. Xi traf er am 5. Juni.", published="2024-11-18")
    found = times(reading, "traf")
    assert {"back=1", "newer=1", "opens=True", "when=past", "days=0"} <= found["Am 3. Juni"]
    assert {"back=0", "side=after", "when=past", "first=am", "last=juni"} <= found["am 5. Juni"]


def test_dates_are_past_now_or_future_by_the_day_of_publication() -> None:
    text = "Sie trafen sich im Mai 2024, im November 2024 und im Mai 2025."
    found = times(read(text, published="2024-11-18"), "trafen")
    assert [
        "when=past" in found["im Mai 2024"],
        "when=now" in found["im November 2024"],
        "when=future" in found["im Mai 2025"],
    ] == [True, True, True]
    assert "days=5" in found["im Mai 2024"]


def test_a_date_without_end_is_open() -> None:
    base = read("Sie trafen sich ab Mai.")
    open_end = TimeExpression(Span(16, 22), date(2025, 5, 1), None)
    reading = Reading(base.article, base.doc, (), [open_end], ())
    assert "when=open" in times(reading, "trafen")["ab Mai"]


def test_the_tense_stands_beside_each_date() -> None:
    past = read(
        "Am Montag schickte er sie.",
        pos="ADP NOUN VERB PRON PRON PUNCT",
        deps="case>2 obl>3 ROOT nsubj>3 obj>3 punct>3",
        morph={"schickte": "VerbForm=Fin|Tense=Past"},
    )
    before = read(
        "Am Montag hatte er sie zugesagt.",
        pos="ADP NOUN AUX PRON PRON VERB PUNCT",
        deps="case>2 obl>6 aux>6 nsubj>6 obj>6 ROOT punct>6",
        morph={"hatte": "VerbForm=Fin|Tense=Past", "zugesagt": "VerbForm=Part"},
    )
    assert "tense=Past:|now" in times(past, "schickte")["Am Montag"]
    assert "tense=Past:haben|now" in times(before, "zugesagt")["Am Montag"]


def test_the_day_on_which_an_article_was_written_dates_nothing() -> None:
    text = "Riad trauert\n\nRiad, 15. Sep (Reuters) - Nach dem Treffen am Samstag schwieg Xi. Stand: 16. September 2019"
    reading = read(text, published="2019-09-15")
    assert list(times(reading, "Treffen")) == ["am Samstag"]


@pytest.mark.parametrize(
    ("text", "pos", "deps", "far"),
    [
        ("Kiew drohte am Montag .", "PROPN VERB ADP NOUN PUNCT", "nsubj>2 ROOT case>4 obl>2 punct>2", False),
        (
            "Kiew drohte , man greife am Montag an .",
            "PROPN VERB PUNCT PRON VERB ADP NOUN ADP PUNCT",
            "nsubj>2 ROOT punct>5 nsubj>5 ccomp>2 case>7 obl>5 compound:prt>5 punct>2",
            True,
        ),
    ],
)
def test_a_date_of_what_is_said_is_far_fetched_for_the_saying(text: str, pos: str, deps: str, *, far: bool) -> None:
    reading = read(text, {"Kiew": "country/UA"}, pos=pos, deps=deps)
    assert is_far_fetched(reading, happening(reading, "Statement", "drohte"), reading.times[0]) is far
    assert not is_far_fetched(reading, happening(reading, "Attack", "drohte"), reading.times[0])
