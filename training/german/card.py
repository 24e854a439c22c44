# ruff: noqa: E501  # rows of a table
"""Writes the model card: what is in the model, what it learnt from under which licence, and its figures."""

from pathlib import Path
from typing import Any

_TEXT = """# Model card: German news pipeline

Written by `python -m training.german`; see `training/README.md` for the recipe.

| component | learnt from | licence |
|---|---|---|
| vectors (floret, {dim} dimensions, {buckets} rows) | speeches in the Bundestag; the project's own articles | official record; own |
| `tagger` (STTS) | parts of speech that HanTa gives to {silver} words of the same texts | HanTa: LGPL |
| `tok2vec`, `morphologizer`, `parser` (Universal Dependencies) | UD German GSD, development and test part | CC BY-SA 4.0 |

The weights of the syntax components are adapted from UD German GSD (https://universaldependencies.org, CC BY-SA 4.0) and
are shared under the same licence. No text of any corpus is in the model.

## Figures

Syntax on UD German PUD (1,000 sentences, never trained on), punctuation left out, sentences given. `LAS, universal` leaves
out the subtypes of relations, which the two treebanks use differently.

| UAS | LAS | LAS, universal | part of speech (UPOS) | case |
|---|---|---|---|---|
| {uas:.1%} | {las:.1%} | {las_universal:.1%} | {pos:.1%} | {case:.1%} |

Speed: {speed:,.0f} words a second of processor time on one core, all components.

## Limits

Headlines, tickers and quoted fragments are parsed worse than whole sentences.
"""


def write_card(file: Path, figures: dict[str, Any], facts: dict[str, int]) -> None:
    """Write the card from `Recipe.figures` and `Recipe.facts`."""
    file.write_text(
        _TEXT.format(
            **facts,
            **figures["syntax"],
            speed=figures["words_per_second"],
        ),
        encoding="utf-8",
    )
