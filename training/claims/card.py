"""The model card of the claim stages."""

from collections.abc import Iterator
from typing import Any

from kg.evaluation import Scores, to_json

_HEAD = """# Model card: claims

Written by `python -m training.claims`; see `training/README.md` for the recipe.

Logistic regressions over named features, one file each (`kg/maxent.py` reads and writes it). `triggers` finds the words
that tell of a happening, `roles` who takes part, `status` whether it happened, `figures` and `times` what belongs to
it, `voices` who says so. Boosted trees over named columns, one file each (`kg/trees.py`). `casting`, `dating` and
`sources` look at roles, dates and sources a second time, beside each other; `selection` decides which drafts are claims
of their own. The files are NumPy's `.npz`: `numpy.load` opens them. What the encoder says of an article is added to the
linear models' log odds and given to the trees (`kg/data/encoder`, with a card of its own).

Learnt from the project's own {articles} annotated articles and nothing else; licence of the weights: MIT.

## Figures

By 5-fold cross-validation over articles: each article is read with models of the claim stages that did not see it,
beside an encoder that did not see its annotation and finds its names, which had a third of the articles less to learn
from than the one in use. The lexicon of the frames and the gazetteer were written with the training articles known, so
articles of other writers can be harder. Beside that what the weights of this folder give on the {tested} articles of
`training/corpus/dev`, from which nothing was learnt.

| | cross-validation: precision | recall | F1 | dev: precision | recall | F1 |
|---|---:|---:|---:|---:|---:|---:|
"""

_LIMITS = """
By event type (F1 of events, F1 of slots, number annotated):

| type | events | slots | annotated |
|---|---|---|---|
{types}

By slot:

| slot | precision | recall | F1 | annotated |
|---|---|---|---|---|
{slots}

Events with every slot right: {exact} by cross-validation, {exact_dev} on dev.
Attribution (sources of the events found), F1: {attribution} and {attribution_dev}.

## The parts

Names over all articles; the others beside the events above.

| part | figure | |
|---|---|---:|
{parts}

Standing, dates, figures and sources are given here as they are in use, after triggers and names that may be wrong. The
three tables below are written by `python -m benchmarks.krauts --write`, `python -m benchmarks.rollup --write` and
`python -m training.claims.ablation`.

Time expressions on KRAUTS, which is measured on and never learnt from, F1 in per cent, beside HeidelTime's own output:

<!-- begin krauts -->
<!-- end krauts -->

Claims of several articles put into events, on `training/corpus/cross`:

<!-- begin rollup -->
<!-- end rollup -->

What each part of the claim stages is worth, by cross-validation:

<!-- begin ablation -->
<!-- end ablation -->

## Limits

Triggers that neither the frames nor the training articles know are found only by what stands around them. A part that
the sentence leaves to the article ("die Truppen sollen dort bleiben") is found about half as often as one it names.
"""


def _parts(figures: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    links, events, slots = figures["links"], figures["events"]["all"], figures["by slot"]
    found = events["r"] * events["gold"]
    standing = slots["status"]
    yield "names", "F1", f"{figures['entities']['all']['f1']:.3f}"
    yield "links to Wikidata", "right of those given", f"{links['right'] / (links['right'] + links['wrong']):.4f}"
    yield "standing", "right, of the events found", f"{standing['r'] * standing['gold'] / found:.3f}"
    yield "dates", "F1", f"{slots['time']['f1']:.3f}"
    yield "figures of soldiers", "F1", f"{slots['personnel']['f1']:.3f}"
    yield "figures of arms", "F1", f"{slots['quantity']['f1']:.3f}"
    yield "sources", "F1", f"{figures['attribution']['f1']:.3f}"


def format_card(articles: int, scores: Scores, dev: Scores) -> str:
    """Return the card with the figures of the cross-validation over `articles` and of dev, as Markdown."""
    figures, on_dev = to_json(scores), to_json(dev)
    rows = []
    for name in ("entities", "events", "slots"):
        cells = [f"{found[name]['all'][figure]:.3f}" for found in (figures, on_dev) for figure in ("p", "r", "f1")]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    types = [
        f"| {name} | {found['f1']:.3f} | {figures['slots'][name]['f1']:.3f} | {found['gold']} |"
        for name, found in figures["events"].items()
        if name != "all"
    ]
    slots = [
        f"| {name} | {found['p']:.3f} | {found['r']:.3f} | {found['f1']:.3f} | {found['gold']} |"
        for name, found in figures["by slot"].items()
        if name != "all"
    ]
    limits = _LIMITS.format(
        parts="\n".join(f"| {part} | {figure} | {value} |" for part, figure, value in _parts(figures)),
        types="\n".join(types),
        slots="\n".join(slots),
        exact=f"{figures['exact']:.3f}",
        attribution=f"{figures['attribution']['f1']:.3f}",
        exact_dev=f"{on_dev['exact']:.3f}",
        attribution_dev=f"{on_dev['attribution']['f1']:.3f}",
    )
    return _HEAD.format(articles=articles, tested=dev.articles) + "\n".join(rows) + "\n" + limits
