"""`kg token`."""

import click

from kg.web.tokens import SCOPES, make_token


@click.command("token", short_help="Make a token for writing over HTTP.")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(list(SCOPES)),
    multiple=True,
    required=True,
    help="What it is good for; may be given several times.",
)
def command(name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for writing over HTTP, called NAME in the log.

    The token is shown once. The server needs only the entry with its hash, in LAGEBILD_TOKENS; entries of several
    tokens stand there with spaces between.

    \b
    Scopes:
      update    SPARQL Update at /sparql
      graphs    writing graphs at /graphs
      articles  building and removing articles at /articles

    \b
    Example:
      kg token newsroom --scope articles
    """
    secret, entry = make_token(name, scopes)
    click.echo(f"Token, for the one who writes:\n  {secret}\nEntry, for LAGEBILD_TOKENS of the server:\n  {entry}")
