"""Which language model reads, told without loading it."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kg.errors import DataError

BUNDLED = Path(__file__).parent / "data" / "model"


@cache
def name_version(model: str) -> str:
    """Return a model's name and version, "de_lagebild 0.1.0".

    Args:
        model: "" is the bundled one, else the name or folder of an official German spaCy model.

    Raises:
        DataError: there is no such model.
    """
    try:
        meta = json.loads((_find_folder(model) / "meta.json").read_text(encoding="utf-8"))
        return f"{meta['lang']}_{meta['name']} {meta['version']}"
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise cannot_load(model) from error


def cannot_load(model: str) -> DataError:
    """Return the error for a model that is not there or is none."""
    return DataError(
        f"The language model {model or str(BUNDLED)!r} cannot be loaded.",
        "Install it (python -m spacy download de_core_news_lg) or leave LAGEBILD_LANGUAGE_MODEL empty.",
    )


def _find_folder(model: str) -> Path:
    """Return where a model is: as spaCy does, an installed package goes before a folder of its name."""
    package = find_spec(model) if model.isidentifier() else None
    if package is not None and package.origin is not None:
        return Path(package.origin).parent
    return Path(model) if model else BUNDLED
