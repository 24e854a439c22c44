"""Why a claim is what it is, in words."""

import pytest

from kg import reasons
from tests.readings import happening, read


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("prep=nach", "the preposition “nach”"),
        ("Deployment|Country|prep=nach", "the preposition “nach”"),
        ("fits=sender", "a place in the sentence made for sender"),
        ("Meeting|alike_before:participant=h", "the same part before"),
        ("prep=-", ""),
        ("path=?", ""),
        ("inside", ""),
        ("between=2", ""),
    ],
)
def test_features_in_words(feature: str, words: str) -> None:
    assert reasons.name_feature(feature) == words


def test_the_trigger_and_what_the_frame_knows_of_it() -> None:
    reading = read("Kenia entsendet heute Helfer.", pos="PROPN VERB ADV NOUN PUNCT")
    known = reasons.of_trigger(reading, happening(reading, "Deployment", "entsendet", 0.9))
    assert (known.part, known.words) == ("trigger", "entsendet")
    assert known.why == "a strong trigger of Deployment, probability 0.90"
    unknown = reasons.of_trigger(reading, happening(reading, "PhoneCall", "entsendet", 0.2))
    assert unknown.why == "tells of a PhoneCall here, probability 0.20"
