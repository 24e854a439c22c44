"""What is denied, ruled out, lifted or doubted."""

import pytest

from kg.denials import find_verdict
from tests.readings import happening, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russland bestreitet, Soldaten nach Mali geschickt zu haben.", ("bestreitet", "denied")),
        ("Russland bestreitet nicht, Soldaten nach Mali geschickt zu haben.", None),
        ("Russland hat nicht bestritten, Soldaten nach Mali geschickt zu haben.", None),
        ("Russland bestreitet das und hat Soldaten nach Mali geschickt.", None),
        ("Minsk bestritt, dass es Soldaten geschickt habe.", ("bestritt", "denied")),
        ("Minsk bestritt, dass es keine Soldaten geschickt habe.", None),
        ("Dass Minsk Soldaten geschickt habe, dementierte der Sprecher.", ("dementierte", "denied")),
        ("Dass Minsk Soldaten geschickt habe, dementierte er nicht.", None),
        ("Dass Minsk Soldaten geschickt habe, sei unwahrscheinlich.", ("unwahrscheinlich", "possible")),
        ("Den Vorwurf, es habe Soldaten geschickt, bestritt Minsk.", ("bestritt", "denied")),
        ("Minsk bestritt den Vorwurf, es habe Soldaten geschickt.", ("bestritt", "denied")),
        ("Er bestritt das, Minsk habe Soldaten geschickt.", None),
        ("Berichte, wonach Minsk Soldaten geschickt habe, ließ er dementieren.", ("dementieren", "denied")),
        ("Der Sprecher sagte, dass Minsk Soldaten geschickt habe, und dementierte das.", None),
    ],
)
def test_the_clause_that_a_word_of_denying_governs(text: str, expected: tuple[str, str] | None) -> None:
    reading = read(text, morph={"habe": "Mood=Sub"})
    found = find_verdict(reading, happening(reading, "Deployment", "geschickt"))
    assert (found and (reading.doc[found[0]].text, found[1])) == expected


@pytest.mark.parametrize(
    ("text", "pos", "expected"),
    [
        ("Ghana hat die Entsendung ausgeschlossen .", "PROPN AUX DET NOUN VERB PUNCT", "denied"),
        ("Ghana hat die Entsendung nicht ausgeschlossen .", "PROPN AUX DET NOUN PART VERB PUNCT", "possible"),
        ("Ghana hat die Entsendung gelobt .", "PROPN AUX DET NOUN VERB PUNCT", None),
        ("Das hat er bei der Entsendung ausgeschlossen .", "PRON AUX PRON ADP DET NOUN VERB PUNCT", None),
    ],
)
def test_what_is_ruled_out(text: str, pos: str, expected: str | None) -> None:
    reading = read(text, pos=pos)
    found = find_verdict(reading, happening(reading, "Deployment", "Entsendung"))
    assert (found and found[1]) == expected


@pytest.mark.parametrize(
    ("text", "pos", "type_", "expected"),
    [
        ("Die Zölle werden aufgehoben .", "DET NOUN AUX VERB PUNCT", "Sanction", "denied"),
        ("Die Zölle werden nicht aufgehoben .", "DET NOUN AUX PART VERB PUNCT", "Sanction", None),
        ("Er will Zölle und Verbote aufheben .", "PRON AUX NOUN CCONJ NOUN VERB PUNCT", "Sanction", None),
        ("Die Zölle werden aufgehoben .", "DET NOUN AUX VERB PUNCT", "Aid", None),
    ],
)
def test_sanctions_that_are_lifted(text: str, pos: str, type_: str, expected: str | None) -> None:
    reading = read(text, pos=pos)
    found = find_verdict(reading, happening(reading, type_, "Zölle"))
    assert (found and found[1]) == expected


def test_that_there_is_a_summit_is_not_denied() -> None:
    reading = read("Den Gipfel hat er ausgeschlossen .", pos="DET NOUN AUX PRON VERB PUNCT")
    assert find_verdict(reading, happening(reading, "Summit", "Gipfel")) is None


@pytest.mark.parametrize(
    ("text", "pos", "expected"),
    [
        ("Kiew verlangt , dass Moskau abzieht .", "PROPN VERB PUNCT SCONJ PROPN VERB PUNCT", "requested"),
        ("Kiew verlangt nicht , dass Moskau abzieht .", "PROPN VERB PART PUNCT SCONJ PROPN VERB PUNCT", None),
        ("Kiew verlangt , dass Moskau nicht abzieht .", "PROPN VERB PUNCT SCONJ PROPN PART VERB PUNCT", None),
        ("Kiew besteht darauf , dass Moskau abzieht .", "PROPN VERB ADV PUNCT SCONJ PROPN VERB PUNCT", "requested"),
        ("Es besteht Verdacht , dass Moskau abzieht .", "PRON VERB NOUN PUNCT SCONJ PROPN VERB PUNCT", None),
        ("Kiew sagt , dass Moskau abzieht .", "PROPN VERB PUNCT SCONJ PROPN VERB PUNCT", None),
    ],
)
def test_what_is_demanded(text: str, pos: str, expected: str | None) -> None:
    reading = read(text, pos=pos)
    found = find_verdict(reading, happening(reading, "Withdrawal", "abzieht"))
    assert (found and found[1]) == expected
