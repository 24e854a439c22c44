"""What the selection is shown of a draft: how full it is, and whether it was told before."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from kg import selection
from kg.happenings import TriggerChances
from kg.model import STATUSES, Claim, Figure, Span, Status, TimeExpression
from kg.realisations import Happening
from kg.selection import Draft
from tests.readings import read

TEXT = (
    "Kenia schickt Polizisten.\n\nKenia entsendet Polizisten nach Haiti. Der Polizeieinsatz dauert. "
    "Die Stationierung begann."
)
POS = "PROPN VERB NOUN PUNCT PROPN VERB NOUN ADP PROPN PUNCT DET NOUN VERB PUNCT DET NOUN VERB PUNCT"
READING = read(TEXT, {"Kenia": "country/KE", "Haiti": "country/HT"}, pos=POS)
SPAN = Span(0, 1)


def token(word: str) -> int:
    return next(t.i for t in READING.doc if t.text == word)


def draft(
    word: str,
    roles: Mapping[str, tuple[str, ...]] | None = None,
    *,
    type_: str = "Deployment",
    status: Status = "occurred",
    figure: int | None = None,
    day: int | None = None,
    probability: float = 0.5,
    more: tuple[int, ...] = (),
) -> Draft:
    counted = Figure(SPAN, figure, figure, "exactly") if figure else None
    moment = TimeExpression(SPAN, date(2024, 5, day), date(2024, 5, day)) if day else None
    claim = Claim(type_, status, SPAN, SPAN, roles or {}, counted, time=moment)
    return Draft(claim, Happening(type_, token(word), probability, more))


def chances(**of_deployment: float) -> TriggerChances:
    """Return chances in which every word can be a trigger, and some are."""
    count = len(READING.doc)
    matrix = np.zeros((count, 1), dtype=np.float32)
    for word, chance in of_deployment.items():
        matrix[token(word), 0] = chance
    return TriggerChances(("Deployment",), tuple(range(count)), matrix, {i: i for i in range(count)})


def seen(*drafts: Draft, position: int, **of_deployment: float) -> dict[str, float]:
    matrix = selection.cases(READING, drafts, chances(**of_deployment))
    return dict(zip(selection.COLUMNS, matrix[position].tolist(), strict=True))


SENDER, BOTH = {"sender": ("country/KE",)}, {"sender": ("country/KE",), "destination": ("country/HT",)}


def test_how_full_a_draft_is() -> None:
    found = seen(draft("entsendet", BOTH, figure=400, day=3, more=(1,), status="denied"), position=0)
    assert (found["roles"], found["fillers: sender"], found["fillers: destination"]) == (2, 1, 1)
    assert (found["figure"], found["time"], found["trigger words"]) == (1, 1, 1)
    assert found["status"] == STATUSES.index("denied")
    bare = seen(draft("dauert"), position=0)
    assert not any(bare[name] for name in ("roles", "figure", "time", "trigger words", "named source"))


def test_where_in_the_article_it_stands_and_how_sure_the_trigger_is() -> None:
    assert seen(draft("schickt"), position=0)["in title"] == 1
    found = seen(draft("entsendet", probability=0.75), position=0)
    assert (found["in title"], found["first sentences"], found["sentence"]) == (0, 1, 1)
    assert found["chance"] == 0.75
    assert seen(draft("begann"), position=0)["first sentences"] == 0


def test_what_the_article_tells_of_besides() -> None:
    found = seen(draft("entsendet", probability=0.5), position=0, entsendet=0.5, Haiti=0.25, schickt=0.75)
    assert (found["word: Deployment"], found["sentence: Deployment"]) == (0.5, 0.5)
    assert (found["sum in article"], found["best in article"], found["surer in article"]) == (1.5, 0.75, 1)
    assert found["word: Meeting"] == 0


def test_a_definite_noun_points_back() -> None:
    assert seen(draft("Stationierung"), position=0)["pointing"] == 1
    assert seen(draft("entsendet"), position=0)["pointing"] == 0


def test_whether_the_frame_knows_the_word() -> None:
    assert seen(draft("entsendet"), position=0)["lexicon"] == 3
    assert seen(draft("dauert"), position=0)["lexicon"] == 0
    assert seen(draft("entsendet", type_="PhoneCall"), position=0)["lexicon"] == 0


def test_the_second_telling_of_the_same_is_recognised() -> None:
    told = (draft("schickt", SENDER), draft("entsendet", BOTH))
    second = seen(*told, position=1)
    assert (second["likeness before"], second["gap before"]) == (3, 1)
    assert second["likeness after"] == -9
    first = seen(*told, position=0)
    assert (first["likeness before"], first["likeness after"]) == (-9, 3)


def test_another_sender_figure_or_day_is_another_happening() -> None:
    one = draft("schickt", SENDER, figure=400, day=3)
    other = draft("entsendet", {"sender": ("country/HT",)}, figure=90, day=4, status="denied")
    assert selection.likeness(READING, one, other) == -5
    assert selection.likeness(READING, one, one) == 6
    assert selection.likeness(READING, one, draft("begann")) == 1


def test_only_drafts_of_the_same_type_are_compared() -> None:
    found = seen(draft("schickt", SENDER, type_="Meeting"), draft("entsendet", SENDER), position=1)
    assert (found["likeness before"], found["drafts"], found["drafts alike"]) == (-9, 2, 1)


def test_the_likest_of_several_is_compared() -> None:
    drafts = (draft("schickt", {"sender": ("country/HT",)}), draft("entsendet", SENDER), draft("begann", SENDER))
    assert seen(*drafts, position=2)["likeness before"] == 3


def test_rivals_in_the_sentence_and_on_the_same_word() -> None:
    drafts = (
        draft("entsendet", probability=0.75),
        draft("entsendet", type_="Meeting", probability=0.5),
        draft("Haiti", probability=0.25),
        draft("begann"),
    )
    meeting = seen(*drafts, position=1)
    assert (meeting["best on the word"], meeting["best alike in sentence"], meeting["best in sentence"]) == (
        0.75,
        0,
        0.75,
    )
    first = seen(*drafts, position=0)
    assert (first["best alike in sentence"], first["best on the word"], first["drafts in sentence"]) == (0.25, 0.5, 2)
    assert seen(*drafts, position=3)["drafts in sentence"] == 0


def test_an_article_without_drafts() -> None:
    assert selection.cases(READING, [], chances()).shape == (0, len(selection.COLUMNS))
