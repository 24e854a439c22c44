"""Who says so: the voices of an article weighed by hand-set models, and the words of those without a name."""

from collections.abc import Mapping

import numpy as np
import pytest

from kg.attribution import Sources, find_sources
from kg.frames import load_frames
from kg.model import STATUSES, Status
from kg.reading import Reading
from kg.source_cases import COLUMNS, Candidates
from kg.speech import find_voices
from kg.unnamed import find_words
from tests.readings import happening, linear, number_of, read, stumps

ROLES = tuple(sorted({role for frame in load_frames().values() for role in frame.roles}))
_POS_OF_INTERVIEW = (
    "NOUN PRON VERB PROPN PROPN PUNCT NOUN PROPN PUNCT ADV VERB PRON PUNCT PROPN VERB NOUN PUNCT "
    "CCONJ ADV PUNCT PRON PUNCT"
)
STATUS: list[Status] = ["planned"]
NAMES = {"Kenia": "country/KE", "Ruto": "person/ruto", "Haiti": "country/HT", "NZZ": "organization/nzz"}


def sources(
    text: str, rules: Mapping[str, tuple[float, float]], words: Mapping[str, float] | None = None, *, pos: str = ""
) -> Sources:
    """Return the sources of the first "schickt" by trees of `rules`, with a linear model of `words`."""
    reading = read(text, {name: key for name, key in NAMES.items() if name in text}, pos=pos)
    parts = [np.zeros((len(reading.entities), len(ROLES)), dtype=np.float32)]
    voices = linear({word: {"source": weight} for word, weight in (words or {}).items()}, ("source",))
    found = find_sources(
        reading,
        [happening(reading, "Deployment", "schickt")],
        parts,
        ROLES,
        ["planned"],
        voices=voices,
        trees=stumps(COLUMNS, rules, bias=-5),
        limit=0.3,
    )
    return found[0]


def test_who_is_heard_in_the_sentence_is_the_source() -> None:
    found = sources("Kenia schickt laut Ruto Polizisten.", {"here": (4.5, 10.0)})
    assert found.named == ("person/ruto",)
    assert found.words is None
    (reason,) = found.reasons
    assert (reason.part, reason.words) == ("attribution", "ruto")
    assert "“laut” in the same sentence" in reason.why


def test_what_the_linear_model_says_reaches_the_trees() -> None:
    rules = {"words": (0.5, 10.0)}
    text = "Kenia schickt laut Ruto Polizisten."
    assert sources(text, rules, {"w=laut": 10.0}).named == ("person/ruto",)
    assert sources(text, rules) == Sources()


def test_an_unnamed_source_is_given_in_the_words_of_the_article() -> None:
    found = sources(
        "Kenia schickt laut westlichen Diplomaten bald.",
        {"here": (4.5, 10.0)},
        pos="PROPN VERB ADP ADJ NOUN ADV PUNCT",
    )
    assert found.named == ()
    assert found.words == "westlichen Diplomaten"


def test_what_nobody_says_has_no_source() -> None:
    assert sources("Kenia schickt Polizisten.", {"here": (4.5, 10.0)}) == Sources()
    assert (
        find_sources(
            read("Kenia."), [], [], ROLES, [], voices=linear({}, ("source",)), trees=stumps(COLUMNS, {}), limit=0.3
        )
        == []
    )


def test_who_acts_may_be_the_source_without_a_word() -> None:
    reading = read("Kenia schickt Polizisten.", {"Kenia": "country/KE"})
    parts = np.zeros((1, len(ROLES)), dtype=np.float32)
    position = [happening(reading, "Deployment", "schickt")]
    silent = Candidates(
        read("Dann schickt es Polizisten. Kenia.", {"Kenia": "country/KE"}), position, [parts], ROLES, STATUS
    )
    assert silent.numbers(0) == []
    parts[0, ROLES.index("sender")] = 0.9
    acting = Candidates(
        read("Dann schickt es Polizisten. Kenia.", {"Kenia": "country/KE"}), position, [parts], ROLES, STATUS
    )
    assert acting.numbers(0) == [0]


def test_the_columns_of_a_case_have_their_names() -> None:
    reading = read(
        "Ruto sagte, Kenia schickt Polizisten nach Haiti.", {name: NAMES[name] for name in ("Ruto", "Kenia", "Haiti")}
    )
    parts = np.zeros((3, len(ROLES)), dtype=np.float32)
    parts[number_of(reading, "country/KE"), ROLES.index("sender")] = 0.75
    candidates = Candidates(reading, [happening(reading, "Deployment", "schickt")], [parts], ROLES, STATUS)
    ((numbers, matrix),) = candidates.cases([0], linear({}, ("source",)))
    assert matrix.shape == (len(numbers), len(COLUMNS))
    kenya = matrix[numbers.index(number_of(reading, "country/KE"))]
    assert kenya[COLUMNS.index("part: sender")] == 0.75
    assert kenya[COLUMNS.index("in sentence")] == 1
    assert kenya[COLUMNS.index("status")] == STATUSES.index("planned")


def test_the_words_of_a_case_say_how_its_clause_hangs_on_the_voice() -> None:
    reading = read(
        "Ruto sagte, bevor Kenia schickt.",
        {name: NAMES[name] for name in ("Ruto", "Kenia")},
        pos="PROPN VERB PUNCT SCONJ PROPN VERB PUNCT",
        deps="nsubj>2 ROOT punct>2 mark>6 nsubj>6 advcl>2 punct>2",
    )
    parts = np.zeros((2, len(ROLES)), dtype=np.float32)
    candidates = Candidates(reading, [happening(reading, "Deployment", "schickt")], [parts], ROLES, STATUS)
    found = candidates.features(0, number_of(reading, "person/ruto"))
    assert {"open=bevor|say|before", "under=advcl|say|before", "s=planned|say|before"} <= set(found)


def test_the_guest_of_an_interview_without_a_known_name_is_a_source_in_words() -> None:
    text = (
        "Interview\n\nEs sprach Ruth Ahlbeck.\n\nFrau Ahlbeck, wie geht es?\n\n"
        "Kenia schickt Polizisten.\n\nUnd dann?\n\nNichts."
    )
    reading = read(text, {"Kenia": "country/KE"}, pos=_POS_OF_INTERVIEW)
    parts = np.zeros((1, len(ROLES)), dtype=np.float32)
    found = find_sources(
        reading,
        [happening(reading, "Deployment", "schickt")],
        [parts],
        ROLES,
        STATUS,
        voices=linear({}, ("source",)),
        trees=stumps(COLUMNS, {"host": (0.5, 10.0)}, bias=-5),
        limit=0.3,
    )
    assert (found[0].named, found[0].words) == ((), "Ruth Ahlbeck")
    assert found[0].reasons[0].why == "speaks in the whole article"


def words(reading: Reading) -> list[tuple[str, str, int]]:
    found = [(find_words(reading, voice), voice) for voice in find_voices(reading)]
    return [(span.of(reading.article.text), voice.word, voice.sentence) for span, voice in found if span is not None]


@pytest.mark.parametrize(
    ("text", "pos", "phrase", "cue"),
    [
        ("Laut Diplomaten zögert Paris.", "ADP NOUN VERB PROPN PUNCT", "Diplomaten", "laut"),
        ("Diplomaten zufolge zögert Paris.", "NOUN ADP VERB PROPN PUNCT", "Diplomaten", "zufolge"),
        (
            "Laut westlichen Geheimdienstkreisen zögert Paris.",
            "ADP ADJ NOUN VERB PROPN PUNCT",
            "westlichen Geheimdienstkreisen",
            "laut",
        ),
        (
            "Paris zögere, sagten zwei Beamte des Ministeriums.",
            "PROPN VERB PUNCT VERB NUM NOUN DET NOUN PUNCT",
            "zwei Beamte des Ministeriums",
            "sagen",
        ),
        (
            "Laut einem Sprecher der Regierung zögert man.",
            "ADP DET NOUN DET NOUN VERB PRON PUNCT",
            "Sprecher der Regierung",
            "laut",
        ),
        (
            "Man zögere, so Personen, die mit der Sache vertraut sind, noch.",
            "PRON VERB PUNCT ADV NOUN PUNCT PRON ADP DET NOUN ADJ AUX PUNCT ADV PUNCT",
            "Personen, die mit der Sache vertraut sind",
            "so",
        ),
        (
            "Da sagten zwei Beamte, das Haus prüfe eine Reise.",
            "ADV VERB NUM NOUN PUNCT DET NOUN VERB DET NOUN PUNCT",
            "zwei Beamte",
            "sagen",
        ),
        (
            "Man zögere, sagte einer der Beamten.",
            "PRON VERB PUNCT VERB PRON DET NOUN PUNCT",
            "einer der Beamten",
            "sagen",
        ),
        (
            "Man zögere, sagten zwei mit der Lage vertraute Diplomaten.",
            "PRON VERB PUNCT VERB NUM ADP DET NOUN ADJ NOUN PUNCT",
            "zwei mit der Lage vertraute Diplomaten",
            "sagen",
        ),
        (
            "Das sagte ein Diplomat.",
            "PRON VERB DET NOUN PUNCT",
            "Diplomat",
            "sagen",
        ),
        (
            "Wie aus Diplomatenkreisen verlautete, zögert Paris.",
            "SCONJ ADP NOUN VERB PUNCT VERB PROPN PUNCT",
            "Diplomatenkreisen",
            "verlauten",
        ),
        (
            "Paris zögere, sagte Minister Odinga.",
            "PROPN VERB PUNCT VERB NOUN PROPN PUNCT",
            "Minister Odinga",
            "sagen",
        ),
        (
            "Nach Angaben von Diplomaten zögert Paris.",
            "ADP NOUN ADP NOUN VERB PROPN PUNCT",
            "Angaben von Diplomaten",
            "nach",
        ),
        (
            "Kim schickt nach Angaben Südkoreas Soldaten.",
            "PROPN VERB ADP NOUN PROPN NOUN PUNCT",
            "Angaben Südkoreas",
            "nach",
        ),
        (
            "Nach Einschätzung westlicher Experten zögert Paris.",
            "ADP NOUN ADJ NOUN VERB PROPN PUNCT",
            "Einschätzung westlicher Experten",
            "nach",
        ),
    ],
)
def test_an_unnamed_source_and_what_brings_it_in(text: str, pos: str, phrase: str, cue: str) -> None:
    assert (phrase, cue, 0) in words(read(text, pos=pos))


@pytest.mark.parametrize(
    ("text", "pos"),
    [
        ("Der Minister traf drei Diplomaten in Paris.", "DET NOUN VERB NUM NOUN ADP PROPN PUNCT"),
        ("Die Diplomaten schliefen.", "DET NOUN VERB PUNCT"),
        ("Das Land sagte ab.", "DET NOUN VERB ADP PUNCT"),
    ],
)
def test_somebody_in_the_story_is_no_source(text: str, pos: str) -> None:
    assert words(read(text, pos=pos)) == []


def test_a_named_body_is_an_entity_and_no_unnamed_source() -> None:
    names = {"Geheimdienst": "organization/nis"}
    text, pos = "Laut Geheimdienst zögert Paris.", "ADP NOUN VERB PROPN PUNCT"
    assert words(read(text, names, pos=pos)) == []
    assert [phrase for phrase, _, _ in words(read(text, pos=pos))] == ["Geheimdienst"]


def test_sources_know_their_sentence_and_noise_has_none() -> None:
    line = "Laut Experten lohnt sich das Abo"
    pos = "PROPN VERB PUNCT ADP NOUN AUX PRON ADJ PUNCT ADP NOUN VERB PRON DET NOUN"
    reading = read(f"Paris zögert. Laut Diplomaten ist es müde.\n\n{line}", noise=[line], pos=pos)
    assert [(phrase, number) for phrase, _, number in words(reading)] == [("Diplomaten", 1)]
