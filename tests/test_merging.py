"""The same happening told twice is one claim."""

from datetime import date

import pytest

from kg.merging import merge_claims
from kg.model import Claim, Figure, Span, Status, TimeExpression

SPAN = Span(0, 1)
KOREA, RUSSIA, CHINA = "country/KP", "country/RU", "country/CN"


def claim(
    at: int = 0,
    *,
    type_: str = "Deployment",
    status: Status = "occurred",
    personnel: Figure | None = None,
    quantity: Figure | None = None,
    day: int | None = None,
    attributed_to: tuple[str, ...] = (),
    confidence: float = 0.5,
    **roles: tuple[str, ...],
) -> Claim:
    moment = TimeExpression(SPAN, date(2024, 11, day), date(2024, 11, day)) if day else None
    span = Span(at, at + 5)
    return Claim(
        type_,
        status,
        span,
        span,
        roles,
        personnel,
        quantity,
        time=moment,
        attributed_to=attributed_to,
        confidence=confidence,
    )


def troops(low: int | None, high: int | None) -> Figure:
    return Figure(SPAN, low, high, "about_", "Soldat")


def test_the_fuller_telling_stays_and_takes_over_who_else_took_part() -> None:
    first = claim(sender=(KOREA,), beneficiary=(RUSSIA,), confidence=0.9)
    second = claim(50, sender=(KOREA,), destination=(RUSSIA,), personnel=troops(3000, 3000), day=3, confidence=0.4)
    (merged,) = merge_claims([first, second])
    assert merged.roles == {"beneficiary": (RUSSIA,), "destination": (RUSSIA,), "sender": (KOREA,)}
    assert (merged.personnel, merged.time) == (second.personnel, second.time)
    assert (merged.trigger, merged.evidence) == (second.trigger, second.evidence)
    assert merged.confidence == 0.9


def test_a_figure_stands_with_the_sentence_that_names_it() -> None:
    first = claim(sender=(KOREA,), personnel=troops(3000, 3000))
    (merged,) = merge_claims([first, claim(50, sender=(KOREA,), destination=(RUSSIA,), attributed_to=("country/US",))])
    assert (merged.evidence, merged.personnel) == (first.evidence, first.personnel)
    assert merged.roles == {"destination": (RUSSIA,), "sender": (KOREA,)}
    assert merged.attributed_to == ("country/US",)


def test_the_first_of_two_equal_tellings_stays() -> None:
    first = claim(sender=(KOREA,), attributed_to=("country/KR",))
    assert merge_claims([first, claim(50, sender=(KOREA,), attributed_to=("country/KR", "country/US"))]) == (first,)


def test_what_two_say_are_two_claims() -> None:
    korea = claim(sender=(KOREA,), attributed_to=("country/KR",))
    america = claim(50, sender=(KOREA,), attributed_to=("country/US",))
    assert merge_claims([korea, america]) == (korea, america)
    assert len(merge_claims([korea, claim(90, sender=(KOREA,))])) == 1


def test_the_talk_of_a_phone_call_is_no_meeting() -> None:
    call = claim(type_="PhoneCall", participant=("person/putin", "person/xi"))
    talk = claim(type_="Meeting", participant=("person/putin", "person/xi"))
    assert merge_claims([talk, call]) == (call,)
    later = claim(90, type_="Meeting", participant=("person/putin", "person/xi"))
    assert merge_claims([call, later]) == (call, later)


@pytest.mark.parametrize(
    "other",
    [
        claim(sender=(KOREA,), destination=(RUSSIA,), status="planned"),
        claim(sender=(KOREA,), destination=(RUSSIA,), type_="Withdrawal"),
        claim(sender=(KOREA,), destination=(RUSSIA,), personnel=troops(10_000, None)),
        claim(sender=(KOREA,), destination=(RUSSIA,), quantity=troops(5, 5)),
        claim(sender=(KOREA,), destination=(RUSSIA,), day=4),
        claim(sender=(CHINA,), destination=(RUSSIA,)),
        claim(sender=(KOREA,), destination=(CHINA,)),
    ],
    ids=["status", "type", "personnel", "quantity", "time", "sender", "destination"],
)
def test_claims_that_contradict_each_other_stay_two(other: Claim) -> None:
    one = claim(sender=(KOREA,), destination=(RUSSIA,), personnel=troops(3000, 3000), quantity=troops(9, 9), day=3)
    assert merge_claims([one, other]) == (one, other)


def test_one_of_the_participants_is_enough_and_all_are_kept() -> None:
    both = claim(type_="Meeting", participant=("person/putin", "person/xi"))
    (merged,) = merge_claims([claim(type_="Meeting", participant=("person/xi",)), both])
    assert merged.roles == {"participant": ("person/putin", "person/xi")}
    third = claim(type_="Meeting", participant=("person/modi", "person/xi"))
    assert len(merge_claims([both, third])) == 2


def test_a_shared_place_alone_makes_no_twin() -> None:
    there = claim(type_="Attack", place=("place/kursk",))
    assert len(merge_claims([there, there])) == 2
    assert len(merge_claims([claim(sender=(KOREA,)), claim(destination=(RUSSIA,))])) == 2


def test_three_tellings_are_one() -> None:
    other = claim(9, sender=(CHINA,))
    merged = merge_claims([claim(0, sender=(KOREA,)), other, claim(20, sender=(KOREA,)), claim(40, sender=(KOREA,))])
    assert [c.trigger.begin for c in merged] == [0, 9]


def test_nothing_merges_to_nothing() -> None:
    assert merge_claims([]) == ()


def test_a_headline_may_name_the_state_of_the_source() -> None:
    headline, service = Span(0, 10), "organization/nis"
    short = claim(sender=(KOREA,), attributed_to=("country/KR",))
    told = claim(50, sender=(KOREA,), attributed_to=(service,))
    assert len(merge_claims([short, told], headline, {service: "country/KR"})) == 1
    assert len(merge_claims([short, told], headline)) == 2
    below = claim(20, sender=(KOREA,), attributed_to=("country/KR",))
    assert len(merge_claims([below, told], headline, {service: "country/KR"})) == 2
