"""What each part of the claim stages is worth: `python -m training.claims.ablation GOLD… --encoders DIR`.

Each row is the whole of the claim stages without one part, measured on every fifth article, by those models of the
cross-validation that did not see it. Trees give way to the chance of the model before them. Where the features of a
linear model are cut, that model alone is fitted again; the models after it stay as they are, so that a part of what is
missing may be made up for or lost by them. The table goes into the model card.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import click

from benchmarks.report import make_table, replace_section
from kg.claims import MODEL_FOLDER, TREES, ClaimModels
from kg.evaluation import Scores, to_json
from kg.trees import Matrix
from training.claims.__main__ import THRESHOLDS, load_encoders, measure, reader
from training.claims.fit import COLUMNS, PARTS, STRENGTHS, Examples, Trainer, fit, folds
from training.claims.gold import read_gold

CARD = MODEL_FOLDER / "README.md"
_HEADER: Final = ("", "events", "slots", "exact", "attribution")
_CHANCE = {"casting": "chance", "dating": "chance", "sources": "words", "selection": "chance"}
"""The column of each model's trees that holds what was thought before them."""
_BARE_SELECTION = 0.5
"""The chance of a trigger from which on it is a claim, where nothing selects."""

FEATURES: Mapping[str, tuple[str, str]] = {
    "the frames' words": ("triggers", r"^([so]:)?lex="),
    "the word itself": ("triggers", r"^(w|l|suf\d|pre\d|head)="),
    "the parse, for triggers": ("triggers", r"^([dh]=|c:)"),
    "the places that the frames foresee": ("roles", r"(^|\|)fits="),
    "the parse, for roles": ("roles", r"(^|\|)(dep|dh|case|path)="),
    "the tense, for dates": ("times", r"(^|\|)tense="),
    "governors, for standing": ("status", r"(^|\|)(g\d?|k)[=:]"),
}
"""Group of features to the linear model that has them and a pattern that finds them."""


class Passing:
    """Stands in for trees and says what was thought before them."""

    def __init__(self, column: int) -> None:
        self._column = column

    def probabilities(self, matrix: Matrix) -> Matrix:
        """Return the column of a matrix of shape (rows, columns)."""
        return matrix[:, self._column]


def _leave(models: ClaimModels) -> ClaimModels:
    return models


@dataclass(frozen=True, slots=True)
class Variant:
    """The claim stages with one part left out."""

    name: str
    change: Callable[[ClaimModels], ClaimModels] = _leave
    without: Callable[[], AbstractContextManager[Any]] = nullcontext


def variants() -> Iterator[Variant]:
    """Yield what is measured without another fit: everything, then all but one part each."""
    yield Variant("everything")
    for name in TREES:
        yield Variant(f"without the trees of `{name}`", _pass(name))
    doors: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("joining what is told twice", "merge_claims", lambda claims, headline: tuple(claims)),
        ("one claim a figure", "split_by_figures", lambda reading, token, claim: [claim]),
        ("one part of two opposite ones", "settle_opposites", lambda chances, labels: chances),
        ("who acts together is named in one breath", "are_listed", lambda reading, one, other: True),
        ("for and against whom, by rule", "find_sides", lambda reading, number: ((), ())),
    )
    yield Variant("without: the encoder's word beside the linear models", without=_unheard)
    for name, door, instead in doors:
        yield Variant(f"without: {name}", without=partial(patch, f"kg.claims.{door}", instead))


@contextmanager
def _unheard() -> Iterator[None]:
    """Let the linear models speak alone; the trees still have a column with what the encoder says."""
    with ExitStack() as stack:
        for module in ("happenings", "casting", "details", "standing"):
            stack.enter_context(patch(f"kg.{module}.CONTEXT_SHARE", 0.0))
        yield


def _pass(name: str) -> Callable[[ClaimModels], ClaimModels]:
    stand_in: Any = Passing(COLUMNS[name].index(_CHANCE[name]))

    def change(models: ClaimModels) -> ClaimModels:
        limits = {**models.thresholds, "selection": _BARE_SELECTION} if name == "selection" else models.thresholds
        return replace(models, thresholds=limits, **{name: stand_in})

    return change


def refit(trainer: Trainer, models: ClaimModels, seen: Sequence[int], name: str, pattern: str) -> ClaimModels:
    """Return models with that of `name` fitted on the articles `seen` without the features that `pattern` finds."""
    cut = re.compile(pattern)
    examples = [
        Examples(found.labels, [[f for f in row if not cut.search(f)] for row in found.features], found.targets)
        for found in (trainer.examples[name][k] for k in seen)
    ]
    fitted: dict[str, Any] = {name: fit(examples, STRENGTHS[name])}
    return replace(models, **fitted)


def describe(name: str, scores: Scores) -> tuple[str, ...]:
    """Return a row of the table."""
    figures = to_json(scores)
    totals = (figures["events"]["all"]["f1"], figures["slots"]["all"]["f1"])
    return name, *(f"{value:.3f}" for value in (*totals, figures["exact"], figures["attribution"]["f1"]))


@dataclass(frozen=True, slots=True)
class _Work:
    """What the processes share: each takes one variant at a time."""

    gold: Sequence[Path]
    trainer: Trainer
    models: ClaimModels
    """Of the fold that is measured."""
    seen: Sequence[int]
    held: Sequence[int]

    def run(self, name: str) -> tuple[str, Scores]:
        if name in FEATURES:
            return f"without features: {name}", self._measure(
                refit(self.trainer, self.models, self.seen, *FEATURES[name])
            )
        variant = next(variant for variant in variants() if variant.name == name)
        with variant.without():
            return name, self._measure(variant.change(self.models))

    def _measure(self, models: ClaimModels) -> Scores:
        return measure([self.trainer.articles[k] for k in self.held], [models] * len(self.held), self.gold)


_shared: list[_Work] = []
"""What a forked process finds here need not be sent to it."""


def _run(name: str) -> tuple[str, Scores]:
    return _shared[0].run(name)


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--encoders", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Cross-validated encoders."
)
@click.option("--jobs", default=1, help="Processes.")
def main(gold: tuple[Path, ...], encoders: Path | None, jobs: int) -> None:
    """Measure everything and write the table into the card."""
    articles = read_gold(gold, reader(load_encoders(encoders)))
    trainer = Trainer(articles, THRESHOLDS, jobs)
    rows = []
    for row in ablate(gold, trainer, trainer.cross_train(), jobs):
        rows.append(row)
        click.echo(" ".join(row))
    replace_section("ablation", make_table(_HEADER, rows), CARD)


def ablate(
    gold: Sequence[Path], trainer: Trainer, crossed: Sequence[ClaimModels], jobs: int
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each variant; `crossed` are the models of each article that did not see it."""
    seen, held = next(iter(folds(len(trainer.articles), PARTS)))
    _shared.append(_Work(gold, trainer, crossed[held[0]], seen, held))
    with get_context("fork").Pool(jobs) as pool:
        for name, scores in pool.imap(_run, [*(variant.name for variant in variants()), *FEATURES]):
            yield describe(name, scores)


if __name__ == "__main__":
    main()
