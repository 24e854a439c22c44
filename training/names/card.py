"""Writes the recogniser's model card."""

from training.names.scores import NameScore

_TEXT = """# Model card: names

Written by `python -m training.names`; see `training/README.md` for the recipe.

The first three layers of the encoder (`kg/data/encoder`, begun from multilingual-e5-small, MIT licence; weights in
eight bits) and what follows them, taught to mark the names of people, countries, places, organisations, summits and
missions. It reads the pieces of that encoder, with its vectors, and has to be trained anew with it. Beside these it
sees the tagger's parts of speech and what word lists know of each word (`kg/recogniser.py`).

Learnt from the project's own {articles} annotated articles; licence of the weights: MIT.

## Figures

{figures}

## Limits

The annotation lists forms of names, no places: what is learnt is the words of the text that are written like them
(`training/names/forms.py`). Offices are no part of a name. Lines that look like page noise are neither learnt nor
counted.
"""
_TABLE = """Names in the same articles, each read by a recogniser of the same recipe that had not learnt from it
({folds} folds), same bounds and same class, F1, before the gazetteer and the rules of the later stages:

| all | {kinds} |
|---|{rules}|
| {all:.1%} | {scores} |"""
_NONE = """This one was not measured by cross-validation. What one of fewer articles found in others that it had not
seen stands in docs/decisions/names-in-context.md."""


def format_card(articles: int, folds: int, score: NameScore | None) -> str:
    """Return the card; `score` is that of a cross-validation, if there was one."""
    figures = _NONE
    if score:
        kinds = sorted(score.gold)
        scores = " | ".join(f"{score.f1(kind):.1%}" for kind in kinds)
        rules = "|".join("---" for _ in kinds)
        figures = _TABLE.format(folds=folds, kinds=" | ".join(kinds), rules=rules, all=score.f1(), scores=scores)
    return _TEXT.format(articles=articles, figures=figures)
