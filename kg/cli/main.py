"""The group of commands, and how errors are shown."""

import atexit
import importlib
import os
import sys
from typing import Any

import click

from kg import __version__
from kg.errors import LagebildError
from kg.garbage import nothing_is_garbage

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

COMMANDS = {
    "build": ("kg.cli.build", "Read articles into a store."),
    "remove": ("kg.cli.remove", "Remove articles from a store."),
    "link": ("kg.cli.link", "Link entities to Wikidata or another database, online."),
    "export": ("kg.cli.export", "Write the graph, or a table of claims, to a file."),
    "load": ("kg.cli.load", "Fill a new store with an exported graph."),
    "query": ("kg.cli.query", "Ask a SPARQL query."),
    "stats": ("kg.cli.stats", "Count what is in a store."),
    "validate": ("kg.cli.validate", "Check the graph against the shapes of the ontology."),
    "explain": ("kg.cli.explain", "Show which words made which claim."),
    "correct": ("kg.cli.correct", "Correct what was read: merge, split, relabel, reject …"),
    "evaluate": ("kg.cli.evaluate", "Measure a graph against annotated articles."),
    "token": ("kg.cli.token", "Make a token for writing over HTTP."),
    "index": ("kg.cli.index", "Make the search index of a store anew."),
    "backup": ("kg.cli.backup", "Write a store to one file."),
    "restore": ("kg.cli.restore", "Put a backup back."),
    "serve": ("kg.cli.serve", "Serve the graph to browsers and programs."),
}
"""Command to its module and its one-line help; the module's `command` carries the same line."""


class LazyGroup(click.Group):
    """Loads a command's module when it is used, and shows the program's own errors as one line."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program, and end the process."""
        statuses: list[int] = []
        atexit.register(_leave, statuses)  # what is registered first is called last
        try:
            return super().__call__(*args, **kwargs)
        except SystemExit as ending:
            if isinstance(ending.code, int):
                statuses.append(ending.code)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        with nothing_is_garbage():
            command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Raises:
            click.ClickException: for any error of the program, which click shows as one line.
        """
        try:
            return super().invoke(ctx)
        except LagebildError as error:
            raise click.ClickException(" ".join(str(error).split())) from error
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)


def _leave(statuses: list[int]) -> None:
    """Leave without taking apart what the system takes back at once: models of a million objects, piece by piece.

    `os._exit` ends all threads at once, runs no `finally`, no destructor and no further `atexit` handler, and writes
    out no buffer. So this is the last handler to be called: commands have left their `with` blocks by then, handlers
    that others registered have run, threads that Python waits for have ended, and standard output and error are written
    out here. What a command opens, it has to close itself. The end of the process frees locks and closes sockets.

    Without a status, or where the last words cannot be said, Python ends the process in its own way.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    for status in statuses:
        os._exit(status)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read German news into a knowledge graph of who does what to whom.

    \b
    Examples:
      kg build articles/ --store graph
      kg query --store graph queries/who-sends-troops-where.rq
      kg serve --store graph

    Each command has its own help: kg build --help. The exit status is 0 when all went well, 1 when something was left
    out or failed, 2 for a wrong command line, 130 after Ctrl-C.
    """
