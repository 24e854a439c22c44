"""Where somebody speaks in an article, and who is meant."""

import pytest

from kg.hearing import MOODS, Hearing, mood_at
from kg.reading import Reading
from kg.speech import Voice, find_quoted, find_voices
from tests.readings import read

NAMES = {"Ruto": "person/ruto", "Odinga": "person/odinga", "Kenia": "country/KE", "Armee": "organization/armee"}


def voices(text: str, pos: str) -> tuple[Reading, list[Voice]]:
    reading = read(text, {name: key for name, key in NAMES.items() if name in text}, pos=pos)
    return reading, find_voices(reading)


@pytest.mark.parametrize(
    ("text", "pos", "kind", "key", "how"),
    [
        ("Man helfe, sagte Ruto.", "PRON VERB PUNCT VERB PROPN PUNCT", "say", "person/ruto", "name"),
        ("Man hilft laut Ruto.", "PRON VERB ADP PROPN PUNCT", "before", "person/ruto", "name"),
        ("Ruto zufolge hilft man.", "PROPN ADP VERB PRON PUNCT", "after", "person/ruto", "name"),
        ("Man helfe, so Ruto.", "PRON VERB PUNCT ADV PROPN PUNCT", "so", "person/ruto", "name"),
        (
            "Laut einem Sprecher der Armee hilft man.",
            "ADP DET NOUN DET NOUN VERB PRON PUNCT",
            "before",
            "organization/armee",
            "body",
        ),
        (
            "Laut dem Sprecher der Armee, Ruto, hilft man.",
            "ADP DET NOUN DET NOUN PUNCT PROPN PUNCT VERB PRON PUNCT",
            "before",
            "person/ruto",
            "apposition",
        ),
        ("Nach Angaben von Kenia hilft man.", "ADP NOUN ADP PROPN VERB PRON PUNCT", "before", "country/KE", "body"),
        ("Kenia: Wir helfen.", "PROPN PUNCT PRON VERB PUNCT", "label", "country/KE", "name"),
        (
            "Laut der kenianischen Ministerin Ruto hilft man.",
            "ADP DET ADJ NOUN PROPN VERB PRON PUNCT",
            "before",
            "person/ruto",
            "next",
        ),
        (
            "Man helfe, verlautete aus der Armee.",
            "PRON VERB PUNCT VERB ADP DET NOUN PUNCT",
            "hearsay",
            "organization/armee",
            "name",
        ),
        (
            "Ruto rief Odinga an. Der drohte.",
            "PROPN VERB PROPN ADP PUNCT PRON VERB PUNCT",
            "say",
            "person/odinga",
            "this: 0",
        ),
        (
            "Ruto ging. Er sagte das.",
            "PROPN VERB PUNCT PRON VERB PRON PUNCT",
            "say",
            "person/ruto",
            "pronoun: 0",
        ),
    ],
)
def test_who_speaks_and_how_the_text_calls_them(text: str, pos: str, kind: str, key: str, how: str) -> None:
    reading, found = voices(text, pos)
    heard = {(v.kind, reading.entities[s.entity].entity.key, s.how) for v in found for s in v.speakers}
    assert (kind, key, how) in heard


@pytest.mark.parametrize(
    ("text", "pos", "deps", "key"),
    [
        (  # he told Odinga, whoever he is; the parse takes the name for the subject
            "Kenia zögere, hat er Odinga anvertraut.",
            "PROPN VERB PUNCT AUX PRON PROPN VERB PUNCT",
            "nsubj>2 ROOT punct>2 aux>7 obj>7 nsubj>7 parataxis>2 punct>2",
            None,
        ),
        (  # what follows ", sagte" speaks, though the parse takes it for the object
            "Kenia zögere, sagte Odinga.",
            "PROPN VERB PUNCT VERB PROPN PUNCT",
            "nsubj>2 ROOT punct>2 conj>2 obj>4 punct>2",
            "person/odinga",
        ),
        (  # "das" is what is said
            "Das sagte am Ende Ruto.",
            "PRON VERB ADP NOUN PROPN PUNCT",
            "nsubj>2 ROOT case>4 obl>2 nsubj>2 punct>2",
            "person/ruto",
        ),
    ],
)
def test_the_subject_of_a_verb_of_saying(text: str, pos: str, deps: str, key: str | None) -> None:
    reading = read(text, {name: key for name, key in NAMES.items() if name in text}, pos=pos, deps=deps)
    said = next(voice for voice in find_voices(reading) if voice.kind == "say")
    first = reading.place_at.get(said.head)
    assert (reading.entities[first.entity].entity.key if first is not None else None) == key


def test_two_names_speak_together() -> None:
    reading, found = voices("Das sagten Ruto und Odinga.", "PRON VERB PROPN CCONJ PROPN PUNCT")
    said = next(voice for voice in found if voice.kind == "say")
    assert {reading.entities[s.entity].entity.key for s in said.speakers} == {"person/ruto", "person/odinga"}


def test_a_quotation_runs_over_sentences_and_ends_with_its_paragraph() -> None:
    reading = read("„Wir helfen. Wir bleiben“, sagte er. Dann „offen\n\nEnde.")
    quoted = find_quoted(reading)
    inside = [token.text for token in reading.doc if quoted[token.i] and not token.is_space]
    assert inside == ["Wir", "helfen", ".", "Wir", "bleiben", "offen"]


def test_a_press_office_speaks_below_its_colon() -> None:
    text, pos = "Die Armee teilt mit:\nKenia hilft.", "DET NOUN VERB ADP PUNCT PROPN VERB PUNCT"
    reading = read(text, {"Armee": "organization/armee", "Kenia": "country/KE"}, pos=pos)
    hearing = Hearing(reading)
    assert hearing.host is not None
    assert reading.entities[hearing.host].entity.key == "organization/armee"
    assert [token.text for token in reading.doc if hearing.is_hosted(token.i) and not token.is_space][:2] == [
        "Kenia",
        "hilft",
    ]


def test_reported_speech_runs_on_in_the_subjunctive() -> None:
    text = "Man zögere, sagte Ruto. Kenia habe Zeit. Es regnet."
    pos = "PRON VERB PUNCT VERB PROPN PUNCT PROPN VERB NOUN PUNCT PRON VERB PUNCT"
    reading = read(text, {"Ruto": "person/ruto", "Kenia": "country/KE"}, pos=pos)
    hearing = Hearing(reading)
    way, voice = hearing.find_voice(next(token.i for token in reading.doc if token.text == "Zeit"))
    assert (way, voice.word if voice else None) == (5, "sagen")
    assert hearing.find_voice(next(token.i for token in reading.doc if token.text == "regnet")) == (0, None)


def test_the_next_sentence_points_back() -> None:
    text, pos = "Kenia hilft. Das sagte Ruto.", "PROPN VERB PUNCT PRON VERB PROPN PUNCT"
    reading = read(text, {"Ruto": "person/ruto", "Kenia": "country/KE"}, pos=pos)
    way, voice = Hearing(reading).find_voice(1)
    assert (way, voice.word if voice else None) == (6, "sagen")


def test_the_mood_of_a_clause() -> None:
    reading = read("Kenia habe Zeit, will aber warten.", pos="PROPN AUX NOUN PUNCT AUX ADV VERB PUNCT")
    assert MOODS[mood_at(reading, 2)] == "first"
    assert MOODS[mood_at(reading, 6)] == "wollen"
