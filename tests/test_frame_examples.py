"""The frames' own examples, read as the body of an article: which share of them comes out.

Each floor is a little below the share that the bundled models reached when it was set, so that a fall of quality fails
and a retrained model that errs elsewhere does not. What fails is named in the message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from kg.frames import Example, ExpectedClaim, load_frames
from kg.model import Article, Claim, Figure
from kg.pipeline import load

HEADLINE = "Kurz gemeldet"


@dataclass(frozen=True)
class Outcome:
    """An expected claim and the claim of the same type that came out for it, None where there is none."""

    frame: str
    text: str
    wanted: ExpectedClaim
    found: Claim | None


def claims_of(frame: str, example: Example) -> list[Claim]:
    article = Article("example", f"{HEADLINE}\n\n{example.text}", HEADLINE, example.published, "given")
    return [claim for claim in load().extract(article).claims if claim.type == frame]


def fillers(roles: Claim | ExpectedClaim) -> set[tuple[str, str]]:
    return {(role, key) for role, keys in roles.roles.items() for key in keys}


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Pair each expected claim with the found one that has most fillers in common with it."""
    paired = []
    for name, frame in load_frames().items():
        for example in frame.examples:
            free = claims_of(name, example)
            for wanted in example.claims:
                best = max(free, key=lambda claim: len(fillers(claim) & fillers(wanted)), default=None)
                free = [claim for claim in free if claim is not best]
                paired.append(Outcome(name, example.text, wanted, best))
    return tuple(paired)


def check(measure: str, right: Callable[[ExpectedClaim, Claim], bool], floor: float) -> None:
    """Assert the share of expected claims for which something came out that is right."""
    wrong = [o for o in outcomes() if o.found is None or not right(o.wanted, o.found)]
    share = 1 - len(wrong) / len(outcomes())
    misses = "\n".join(f"  {o.frame}: {o.text}" for o in wrong)
    print(f"{measure}: {share:.3f} of {len(outcomes())}")
    assert share >= floor, f"{measure} {share:.3f} < {floor}\n{misses}"


def bounds(figure: Figure | None) -> tuple[int | None, int | None] | None:
    return (figure.min, figure.max) if figure is not None else None


def test_the_claims_come_out() -> None:
    check("found", lambda wanted, found: True, 0.91)


def test_the_status_is_right() -> None:
    check("status", lambda wanted, found: found.status == wanted.status, 0.78)


def test_all_roles_are_right() -> None:
    check("all roles", lambda wanted, found: fillers(found) == fillers(wanted), 0.60)


def test_status_and_all_roles_are_right() -> None:
    check(
        "status and all roles",
        lambda wanted, found: found.status == wanted.status and fillers(found) == fillers(wanted),
        0.50,
    )


def test_the_figures_are_right() -> None:
    check(
        "figures",
        lambda wanted, found: (bounds(found.personnel), bounds(found.quantity)) == (wanted.personnel, wanted.quantity),
        0.85,
    )


def test_the_dates_are_right() -> None:
    def right(wanted: ExpectedClaim, found: Claim) -> bool:
        days = (found.time.begin, found.time.end) if found.time is not None else (None, None)
        return wanted.begin is None or days == (wanted.begin, wanted.end)

    check("dates", right, 0.91)


def test_the_sources_are_right() -> None:
    check("sources", lambda wanted, found: found.attributed_to == wanted.attributed_to, 0.70)


def test_single_fillers_are_right() -> None:
    wanted = {(n, *pair) for n, o in enumerate(outcomes()) for pair in fillers(o.wanted)}
    found = {(n, *pair) for n, o in enumerate(outcomes()) if o.found is not None for pair in fillers(o.found)}
    both = len(wanted & found)
    print(f"fillers: precision {both / len(found):.3f}, recall {both / len(wanted):.3f} of {len(wanted)}")
    assert 2 * both / (len(found) + len(wanted)) >= 0.80


@pytest.mark.parametrize("name", load_frames())
def test_every_type_finds_most_of_its_own_examples(name: str) -> None:
    own = [outcome for outcome in outcomes() if outcome.frame == name]
    missed = [outcome.text for outcome in own if outcome.found is None]
    assert len(missed) <= len(own) / 3, missed


def test_negative_examples_give_nothing_of_their_type() -> None:
    negative = [(n, e) for n, frame in load_frames().items() for e in frame.examples if not e.claims]
    wrong = [(name, example.text) for name, example in negative if claims_of(name, example)]
    print(f"negative examples: {1 - len(wrong) / len(negative):.3f} of {len(negative)}")
    assert len(wrong) / len(negative) <= 0.12, wrong
