"""Arguments that several commands share, and how their output is printed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.errors import SettingError
from kg.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
"""A path; whether it exists is the program's own error to tell."""


def store_option(command: Command) -> Command:
    """Add `--store DIR` as `store_path`; without it the setting `store` counts."""
    return click.option(
        "--store",
        "store_path",
        type=FILE,
        default=lambda: Settings.from_environment().store,
        show_default="LAGEBILD_STORE, else store",
        metavar="DIR",
        help="The store's folder.",
    )(command)


def read_query_text(source: str) -> str:
    """Read a query from a file, or from the standard input for `-`.

    Raises:
        SettingError: the file cannot be read as UTF-8 text.
    """
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{source} cannot be read: {error}.", "Give a file with a SPARQL query, or -.") from error
