"""What the selection is shown of a draft: how full it is, and whether it was told before."""

from collections.abc import Mapping
from datetime import date

from kg import selection
from kg.model import Claim, Figure, Span, Status, TimeExpression
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


def seen(*drafts: Draft, position: int) -> set[str]:
    return set(selection.features(READING, drafts, position))


SENDER, BOTH = {"sender": ("country/KE",)}, {"sender": ("country/KE",), "destination": ("country/HT",)}


def test_how_full_a_draft_is() -> None:
    found = seen(draft("entsendet", BOTH, figure=400, day=3, more=(1,)), position=0)
    assert {"has=sender:1", "has=destination:1", "filled=2", "figure", "time", "more", "status=occurred"} <= found
    bare = seen(draft("dauert"), position=0)
    assert "filled=0" in bare
    assert not {"figure", "time", "more", "sourced"} & bare


def test_where_in_the_article_it_stands_and_how_sure_the_trigger_is() -> None:
    assert "title" in seen(draft("schickt"), position=0)
    assert "lead" in seen(draft("entsendet"), position=0)
    assert "body" in seen(draft("begann"), position=0)
    assert {"p=7", "Deployment|p=7"} <= seen(draft("entsendet", probability=0.75), position=0)


def test_a_definite_noun_points_back() -> None:
    assert "pointing" in seen(draft("Stationierung"), position=0)
    assert "pointing" not in seen(draft("entsendet"), position=0)


def test_whether_the_frame_knows_the_word() -> None:
    assert "lex=strong" in seen(draft("entsendet"), position=0)
    assert "lex=no" in seen(draft("dauert"), position=0)
    assert "lex=no" in seen(draft("entsendet", type_="Meeting"), position=0)


def test_the_second_telling_of_the_same_is_recognised() -> None:
    told = (draft("schickt", SENDER), draft("entsendet", BOTH))
    second = seen(*told, position=1)
    assert {"before:core=same", "before:aim=open", "before:status=same", "before:gap=1", "after:none"} <= second
    assert {"before:none", "after:core=same"} <= seen(*told, position=0)


def test_another_sender_figure_or_day_is_another_happening() -> None:
    one = draft("schickt", SENDER, figure=400, day=3)
    other = draft("entsendet", {"sender": ("country/HT",)}, figure=90, day=4, status="denied")
    found = seen(one, other, position=1)
    assert {"before:core=other", "before:figure=other", "before:time=other", "before:status=other"} <= found
    assert {f for f in found if f.startswith("before:like=")} == {"before:like=-5"}


def test_only_drafts_of_the_same_type_are_compared() -> None:
    assert {"before:none", "after:none"} <= seen(
        draft("schickt", SENDER, type_="Meeting"), draft("entsendet", SENDER), position=1
    )


def test_the_likest_of_several_is_compared() -> None:
    drafts = (draft("schickt", {"sender": ("country/HT",)}), draft("entsendet", SENDER), draft("begann", SENDER))
    assert "before:core=same" in seen(*drafts, position=2)


def test_rivals_in_the_sentence_and_on_the_same_word() -> None:
    drafts = (
        draft("entsendet", probability=0.9),
        draft("entsendet", type_="Meeting", probability=0.4),
        draft("Haiti", probability=0.2),
        draft("begann"),
    )
    assert {"sameword:Deployment:surer", "beside=Deployment"} <= seen(*drafts, position=1)
    assert {"rival:weaker", "sameword:Meeting:weaker", "beside=Meeting"} <= seen(*drafts, position=0)
    assert "rival:surer" in seen(*drafts, position=2)
    assert not any(f.startswith(("rival", "sameword", "beside")) for f in seen(*drafts, position=3))
