"""Arguments that several commands share, and how their output is printed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.errors import SettingError
from kg.remote import Endpoint, Location, locate
from kg.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
"""A path; whether it exists is the program's own error to tell."""


class _Store(click.ParamType[Location]):
    """A store by its folder or its address; what is wrong with an address is the program's own error to tell."""

    name = "store"

    def __init__(self, *, folders_only: bool) -> None:
        self._folders_only = folders_only

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Location:
        found = locate(value)
        if self._folders_only and isinstance(found, Endpoint):
            raise SettingError(f"{found} is no folder.", "Use the store's own means, or `kg export`.")
        return found


def store_option(command: Command) -> Command:
    """Add `--store` as `store_path`, a folder or an address; without it the setting `store` counts."""
    return _store_option("DIR|URL", "The store's folder, or the address of a SPARQL store.", folders_only=False)(
        command
    )


def folder_option(command: Command) -> Command:
    """Add `--store` as `store_path`, a folder; without it the setting `store` counts."""
    return _store_option("DIR", "The store's folder.", folders_only=True)(command)


def _store_option(metavar: str, text: str, *, folders_only: bool) -> Callable[[Command], Command]:
    return click.option(
        "--store",
        "store_path",
        type=_Store(folders_only=folders_only),
        default=lambda: Settings.from_environment().store,
        show_default="LAGEBILD_STORE, else store",
        metavar=metavar,
        help=text,
    )


def read_query_text(source: str) -> str:
    """Read a query from a file, or from the standard input for `-`.

    Raises:
        SettingError: the file cannot be read as UTF-8 text.
    """
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingError(f"{source} cannot be read: {reason}.", "Give a file with a SPARQL query, or -.") from error
