"""Whether two claims can be about one happening, and which claims come together."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from benchmarks.rollup import FOLDER, with_countries
from kg.evaluation import Predicted, load_gold, score
from kg.evaluation.grouping import b_cubed, count_pairs
from kg.model import Status
from kg.rollup.accounts import Account, Bounds
from kg.rollup.grouping import Grouping, Verdicts
from kg.rollup.sameness import Sameness
from kg.wholes import Share
from tests.gold import BASE
from tests.gold import load_gold as load_extractions
from tests.gold_store import fill_store

COUNTRIES = {
    "kim": "KP",
    "heer": "KP",
    "generalstab": "KP",
    "putin": "RU",
    "lawrow": "RU",
    "kursk": "RU",
    "rostow": "RU",
}
SAMENESS = Sameness(COUNTRIES.get)


def day(number: int, month: int = 10) -> date:
    return date(2024, month, number)


def account(claim: str, type_: str, **more: object) -> Account:
    """A claim of an article of its own; `on` dates it, and roles are lists of names."""
    roles = {role: frozenset(str(more.pop(role)).split()) for role in list(more) if isinstance(more[role], str)}
    on = more.pop("on", None)
    first, last = on if isinstance(on, tuple) else (on, on)
    made = Account(claim, type_, f"article of {claim}", day(20), "occurred", roles, begin=first, end=last)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of an account


def sent(claim: str, **more: object) -> Account:
    return account(claim, "Deployment", **{"sender": "KP", "destination": "RU", **more})


def met(claim: str, participants: str, **more: object) -> Account:
    return account(claim, "Meeting", participant=participants, **more)


def attacked(claim: str, **more: object) -> Account:
    return account(claim, "Attack", **{"attacker": "RU", **more})


def groups(*accounts: Account, **verdicts: object) -> list[list[str]]:
    found = Grouping(accounts, SAMENESS, Verdicts(**verdicts)).groups()  # type: ignore[arg-type]  # fields of Verdicts
    return sorted(sorted(account.claim for account in group.accounts) for group in found)


def counted(
    claim: str, number: int, share: Share | None = None, status: Status = "occurred", on: date | None = None
) -> Account:
    return replace(sent(claim, on=on), personnel=Bounds(number, number), share=share, status=status)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (counted("a", 400), counted("b", 800), True),  # a contradiction
        (counted("a", 400), counted("b", 800, "total"), False),
        (counted("a", 700), counted("b", 800, "total"), True),
        (counted("a", 400, "total"), counted("b", 800, "total"), True),
        (counted("a", 400, "more"), counted("b", 800), False),
        (counted("a", 300, "more"), counted("b", 175), False),
        (counted("a", 300, "more"), counted("b", 175, "more"), True),
        (counted("a", 400, "part"), counted("b", 800), False),
        (counted("a", 400), counted("b", 800, "part"), True),
        (counted("a", 400, "more"), counted("b", 420, "total"), True),
        # "am 1. weitere 400": not those of another day, whatever their number.
        (counted("a", 400, "more", on=day(1)), counted("b", 400, on=day(9)), False),
        (counted("a", 400, "more", on=day(1)), counted("b", 400, on=day(2)), True),
        # A plan and a deed of other figures.
        (counted("a", 2500, status="planned"), counted("b", 800), False),
        (counted("a", 800, status="planned"), counted("b", 780), True),
        (counted("a", 800, status="possible"), counted("b", 400), True),
    ],
)
def test_parts_wholes_and_plans(one: Account, other: Account, *, together: bool) -> None:
    assert (len(groups(one, other)) == 1) == together


def test_what_an_article_sets_beside_others_is_not_they() -> None:
    planned, more = counted("a", 400, status="planned"), counted("b", 400, "more")
    assert groups(planned, more) == [["a", "b"]]
    assert groups(planned, replace(more, article=planned.article)) == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        # Over the end of a month; weeks apart; months apart.
        (sent("a", on=day(31)), sent("b", on=day(1, 11)), True),
        (sent("a", on=day(1)), sent("b", on=day(21)), True),
        (sent("a", on=day(1)), sent("b", on=day(1, 12)), False),
        # Undated claims stand where they were published, as their standing leaves open.
        (sent("a"), sent("b", on=day(18)), True),
        (sent("a"), sent("b", on=day(1, 12)), False),
        (replace(sent("a"), status="planned"), sent("b", on=day(1, 12)), True),
        # A body and its state; two bodies of one state; another state.
        (sent("a", sender="heer"), sent("b"), True),
        (sent("a", sender="heer"), sent("b", sender="generalstab"), True),
        (sent("a", sender="heer"), sent("b", sender="putin"), False),
        # A town and its state; two towns of one state.
        (sent("a", destination="kursk"), sent("b"), True),
        (sent("a", destination="kursk"), sent("b", destination="rostow"), False),
        # What only one names has to be made up for by the day.
        (account("a", "Deployment", destination="RU", on=day(18)), sent("b", on=day(18)), True),
        (account("a", "Deployment", destination="RU"), sent("b"), False),
        # Figures may contradict each other, but not by an order of magnitude.
        (replace(sent("a"), personnel=Bounds(3000, 3000)), replace(sent("b"), personnel=Bounds(10_000, None)), True),
        (replace(sent("a"), personnel=Bounds(100, 100)), replace(sent("b"), personnel=Bounds(10_000, None)), False),
    ],
)
def test_deployments(one: Account, other: Account, together: bool) -> None:
    assert (SAMENESS.bind(one, other) is not None) is together
    assert (SAMENESS.bind(other, one) is not None) is together
    assert len(groups(one, other)) == (1 if together else 2)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("kim putin", "kim putin", True),
        ("kim putin", "KP RU", True),
        ("kim putin lawrow", "kim putin", True),
        ("kim putin", "kim lawrow", False),
        ("kim", "kim putin", False),
        ("kim", "lawrow putin", False),
    ],
)
def test_two_participants_have_to_meet(one: str, other: str, together: bool) -> None:
    assert len(groups(met("a", one, on=day(18)), met("b", other, on=day(19)))) == (1 if together else 2)


def test_a_single_participant_is_enough_on_the_same_day_or_at_the_same_place() -> None:
    both = met("a", "kim putin", place="kursk", on=day(18))
    assert len(groups(both, met("b", "kim", on=day(18)))) == 1
    assert len(groups(both, met("b", "kim", on=day(19)))) == 2
    assert len(groups(both, met("b", "kim", place="kursk"))) == 1


def test_a_visit_a_week_later_is_another() -> None:
    assert len(groups(met("a", "kim putin", on=day(10)), met("b", "kim putin", on=day(18)))) == 2


def test_an_attack_of_the_night_is_told_of_either_day() -> None:
    thursday = attacked("a", place="kursk", on=day(17))
    night = attacked("b", place="kursk", on=(day(17), day(18)))
    friday = attacked("c", place="kursk", on=day(18))
    saturday = attacked("d", place="kursk", on=day(19))
    assert groups(thursday, night, friday, saturday) == [["a", "b", "c"], ["d"]]


def test_an_undated_claim_does_not_join_the_attacks_of_two_days() -> None:
    daily = [attacked(name, place="kursk", on=day(number)) for number, name in enumerate("abc", 17)]
    undated = [attacked(name, place="kursk") for name in "uvw"]
    found = groups(*daily, *undated)
    assert not any(len({"a", "b", "c"} & set(group)) > 1 for group in found)


def test_what_is_sent_tells_transfers_apart() -> None:
    def transfer(claim: str, item: str) -> Account:
        return account(claim, "ArmsTransfer", sender="KP", recipient="RU", items=frozenset({item}))

    assert groups(
        transfer("a", "Flugabwehrsystem vom Typ Patriot"), transfer("b", "Patriot-System"), transfer("c", "Munition")
    ) == [["a", "b"], ["c"]]


def test_a_speaker_is_only_himself() -> None:
    ministry, state = account("a", "Statement", speaker="heer"), account("b", "Statement", speaker="KP")
    assert len(groups(ministry, state)) == 2


def test_an_article_does_not_tell_one_thing_twice() -> None:
    one, other = replace(sent("a"), article="x"), replace(sent("b"), article="x")
    assert len(groups(one, other)) == 2
    assert len(groups(one, replace(other, status="denied"))) == 1
    assert len(groups(one, replace(other, sources=frozenset({"putin"})))) == 1


def test_an_undated_claim_joins_but_one_of_two_happenings() -> None:
    early, late = sent("a", on=day(1)), sent("c", on=day(30))
    assert groups(early, replace(sent("b"), published=day(8)), late) == [["a", "b"], ["c"]]


def test_an_assumed_date_binds_nothing() -> None:
    adrift = replace(sent("a"), assumed=True)
    assert len(groups(adrift, sent("b"))) == 2
    assert len(groups(replace(adrift, begin=day(18), end=day(18)), sent("b"))) == 1
    assert len(groups(adrift, replace(sent("b"), article=adrift.article, status="denied"))) == 1


def test_days_at_the_ends_of_the_calendar_are_days() -> None:
    first, last = (replace(sent(str(day)), published=day) for day in (date.min, date.max))
    assert len(groups(first, replace(first, claim="b", article="b"), replace(last, status="planned"))) == 2


def test_an_edition_of_a_summit_is_one_happening() -> None:
    years_later = account("b", "Summit", summit="g20", on=date(2029, 1, 1))
    assert len(groups(account("a", "Summit", summit="g20", on=day(1)), years_later)) == 1
    before = account("a", "Summit", summit="g20", place="kursk", on=day(1, 12))
    assert len(groups(before, account("b", "Summit", summit="g20"))) == 1
    assert len(groups(before, account("b", "Summit", summit="g7", place="kursk", on=day(1, 12)))) == 2


def test_people_have_the_last_word() -> None:
    one, other, third = sent("a", on=day(1)), sent("b", on=day(2)), met("c", "kim")
    pair = frozenset("ab")
    assert groups(one, other, third, apart=frozenset({pair})) == [["a"], ["b"], ["c"]]
    assert groups(one, other, third, one=frozenset({frozenset("bc")})) == [["a", "b", "c"]]


def test_the_order_of_claims_does_not_matter() -> None:
    accounts = [sent(name, on=day(number)) for number, name in enumerate("abcde", 3)]
    accounts += [replace(sent("u"), published=day(9)), replace(sent("v"), personnel=Bounds(10, 10))]
    expected = groups(*accounts)
    assert all(groups(*shuffled) == expected for shuffled in list(permutations(accounts))[::97])


def test_bonds_say_why() -> None:
    bond = SAMENESS.bind(sent("a", on=day(17)), sent("b", on=day(18)))
    assert bond is not None
    assert bond.why == "sender and destination agree, a day lies between them"


def test_figures_of_groupings() -> None:
    claims = [("x", "1"), ("x", "1"), ("x", "2"), ("y", "2"), ("z", "3")]
    assert count_pairs(claims).figures() == pytest.approx((1 / 2, 1 / 3, 2 / 5))
    precision, recall, _ = b_cubed(claims)
    assert (precision, recall) == pytest.approx((4 / 5, (4 / 3 + 1 / 3 + 2) / 5))
    assert b_cubed([]) == (0, 0, 0)


def test_annotated_claims_of_several_articles_are_put_into_events() -> None:
    """The floors lie a little below what was measured; see docs/decisions/claims-meet-by-comparison.md."""
    extractions = [with_countries(extraction) for extraction in load_extractions(FOLDER)]
    extractions.reverse()
    happenings = score(Predicted(fill_store(extractions, BASE)), load_gold([FOLDER])).happenings
    assert len(happenings) == sum(len(extraction.claims) for extraction in extractions)
    assert count_pairs(happenings).figures()[2] >= 0.9
    assert b_cubed(happenings)[2] >= 0.96
