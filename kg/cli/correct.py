"""`kg correct`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import click

from kg.cli.curation import export, import_, list_corrections, open_writer, undo
from kg.cli.options import Command, store_option
from kg.cli.tables import count_line
from kg.curation.checks import check, make_plan
from kg.curation.corrections import LANGUAGES, Correction, Kind, check_text, to_quads
from kg.curation.naming import describe_correction, find_claims, find_read, find_thing, make_key
from kg.curation.plan import Plan
from kg.curation.reading import Reading
from kg.errors import CorrectionError
from kg.model import STATUSES
from kg.remote import Location
from kg.settings import Settings

Names = Callable[[str], str]
"""From what a person calls a thing to its IRI."""
Store = tuple[Plan, Reading]
"""A store with its corrections."""


@click.group("correct", short_help="Correct what was read: merge, split, relabel, reject …")
def command() -> None:
    """Correct what was read.

    A correction is a small statement with your name, the day and your reason. It is kept apart from what was read, is
    applied each time the graph is built, and shows on the pages of what it changes. The articles stay as they were
    read, and every correction can be undone.

    Things are named by their IRI, as the address line of their page has it, or by what follows its /id/ or /page/:
    person/kim-jong-un, claim/392e8cd89840c144, article/baltikum.

    \b
    Examples:
      kg correct merge person/kim-jong-eun person/kim-jong-un --reason "Eine Person, zwei Umschriften"
      kg correct reject claim/392e8cd89840c144 --reason "Ironisch gemeint"
      kg correct set-role claim/392e8cd89840c144 sender country/KP --reason "Der Satz davor nennt den Absender"
      kg correct list
      kg correct undo correction/5d0c9e31a7b2f604

    Your name is taken from --author or from LAGEBILD_AUTHOR. Each command has its own help: kg correct merge --help.
    """


for _other in (list_corrections, undo, export, import_):
    command.add_command(_other)


class Signature(NamedTuple):
    """What all commands that make a correction are given."""

    store_path: Location
    author: str
    reason: str
    day: date


def signed(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every correction needs; the command gets them as `signature`."""

    def wrapped(store_path: Location, author: str, reason: str, day: datetime | None, **rest: Any) -> None:
        author = author or Settings.from_environment().author
        signature = Signature(
            store_path,
            _check("--author", author, "Give it, or set LAGEBILD_AUTHOR."),
            _check("--reason", reason, "Say why in a few words."),
            day.date() if day else date.today(),  # the day of the correction itself; nothing that is derived has it
        )
        function(signature, **rest)

    wrapped.__doc__ = function.__doc__
    options: list[Callable[[Command], Command]] = [
        store_option,
        click.option("--author", default="", metavar="NAME", help="Who says so.", show_default="LAGEBILD_AUTHOR"),
        click.option("--reason", required=True, metavar="TEXT", help="Why; shown beside what is changed."),
        click.option(
            "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of the correction.", show_default="today"
        ),
    ]
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _check(name: str, text: str, remedy: str = "Give another.") -> str:
    """Return a text that a correction may hold."""
    try:
        return check_text(text)
    except ValueError as error:
        raise CorrectionError(f"{name} {error}.", remedy) from error


@command.command("merge", short_help="Two entities are one.")
@click.argument("entity", metavar="ENTITY")
@click.argument("other", metavar="OTHER")
@signed
def merge(signature: Signature, entity: str, other: str) -> None:
    """Say that ENTITY is OTHER: what was read as ENTITY counts as OTHER, which takes over its names.

    \b
    Example:
      kg correct merge person/selenski person/wolodymyr-selenskyj --reason "Andere Umschrift"
    """
    _make(signature, "Merge", lambda names, _: {"target": names(entity), "meant": names(other)})


@command.command("split", short_help="Here, an entity is another one.")
@click.argument("place", metavar="PLACE")
@click.argument("entity", metavar="ENTITY")
@click.argument("other", metavar="[OTHER]", required=False)
@click.option(
    "--new", "label", default="", metavar="NAME", help="German name of an entity that is new; instead of OTHER."
)
@signed
def split(signature: Signature, place: str, entity: str, other: str | None, label: str) -> None:
    """Say that in PLACE what was read as ENTITY is OTHER, or with --new an entity that nothing was read of.

    PLACE is an article, a claim, or a mention (article/STEM#char=90,120: where it begins and ends in the text). In an
    article all mentions, roles and offices of ENTITY become OTHER's; in a claim its roles; at a mention the mention
    itself and the roles in the claims of its sentence.

    \b
    Examples:
      kg correct split article/kabinett person/peter-mueller person/peter-mueller-cdu --reason "Der Minister"
      kg correct split article/kabinett person/peter-mueller --new "Peter Müller (Maler)" --reason "Namensvetter"
    """
    if bool(other) == bool(label):
        raise click.UsageError("Say who it is: OTHER, or --new NAME.")
    name = _check("--new", label) if label else ""

    def values(names: Names, store: Store) -> dict[str, Any]:
        here, read = names(place), names(entity)
        read = find_read(read, here, *store)
        meant = names(other) if other else make_key(read, name, store[1])
        return {"target": here, "read_as": read, "meant": meant, "label": name}

    _make(signature, "Split", values)


@command.command("relabel", short_help="Give an entity another name.")
@click.argument("entity", metavar="ENTITY")
@click.argument("label", metavar="NAME")
@click.option("--lang", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Language of the name.")
@signed
def relabel(signature: Signature, entity: str, label: str, lang: str) -> None:
    """Call ENTITY by NAME; the old name stays as another name of it.

    \b
    Example:
      kg correct relabel person/kim-jong-un "Kim Jong-un" --reason "Schreibung des Auswärtigen Amts"
    """
    name = _check("NAME", label)
    _make(signature, "Relabelling", lambda names, _: {"target": names(entity), "label": name, "language": lang})


@command.command("reject", short_help="An article does not make this claim.")
@click.argument("claim", metavar="CLAIM")
@signed
def reject(signature: Signature, claim: str) -> None:
    """Say that the article does not make CLAIM. It stays visible, crossed out, and counts no more.

    \b
    Example:
      kg correct reject claim/392e8cd89840c144 --reason "Gemeint ist ein Fußballspiel"
    """
    _make(signature, "Rejection", lambda names, _: {"target": names(claim)})


@command.command("set-role", short_help="Others fill a role of a claim.")
@click.argument("claim", metavar="CLAIM")
@click.argument("role", metavar="ROLE")
@click.argument("fillers", nargs=-1, metavar="[ENTITY]...")
@signed
def set_role(signature: Signature, claim: str, role: str, fillers: tuple[str, ...]) -> None:
    """Say who fills ROLE in CLAIM: all of them, or nobody where no ENTITY is given.

    ROLE is a role of the claim's type (sender, destination, participant …), attributedTo for who says so, or relayedBy
    for who passes it on.

    \b
    Examples:
      kg correct set-role claim/392e8cd89840c144 sender country/KP --reason "Der Satz davor nennt den Absender"
      kg correct set-role claim/392e8cd89840c144 beneficiary --reason "Davon steht hier nichts"
    """
    _make(
        signature,
        "RoleChange",
        lambda names, _: {"target": names(claim), "role": role, "fillers": tuple(map(names, fillers))},
    )


@command.command("set-status", short_help="A claim has another standing.")
@click.argument("claim", metavar="CLAIM")
@click.argument("status", type=click.Choice(STATUSES))
@signed
def set_status(signature: Signature, claim: str, status: str) -> None:
    """Say that what CLAIM is about has occurred, is planned, possible, denied or requested.

    \b
    Example:
      kg correct set-status claim/392e8cd89840c144 planned --reason "„soll“ meint hier einen Beschluss"
    """
    _make(signature, "StatusChange", lambda names, _: {"target": names(claim), "status": status})


@command.command("same-event", short_help="Claims are about one event.")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@signed
def same_event(signature: Signature, claims: tuple[str, ...]) -> None:
    """Say that all CLAIMs are about one event. An event in place of a claim stands for all its claims.

    \b
    Examples:
      kg correct same-event claim/392e8cd89840c144 claim/33275a00cc4f421c --reason "Dieselbe Reise"
      kg correct same-event event/392e8cd89840c144 event/33275a00cc4f421c --reason "Dieselbe Reise"
    """

    def values(names: Names, store: Store) -> dict[str, Any]:
        found = list(dict.fromkeys(claim for name in claims for claim in find_claims(names(name), store[1])))
        return {"target": found[0], "others": tuple(found[1:])}

    _make(signature, "SameEvent", values)


@command.command("other-event", short_help="A claim is about another event.")
@click.argument("claim", metavar="CLAIM")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@signed
def other_event(signature: Signature, claim: str, others: tuple[str, ...]) -> None:
    """Say that CLAIM is about another event than the OTHERs. An event in their place stands for all its other claims.

    \b
    Example:
      kg correct other-event claim/392e8cd89840c144 event/33275a00cc4f421c --reason "Der Besuch im Jahr davor"
    """

    def values(names: Names, store: Store) -> dict[str, Any]:
        target = names(claim)
        found = [other for name in others for other in find_claims(names(name), store[1])]
        return {"target": target, "others": tuple(other for other in found if other != target)}

    _make(signature, "OtherEvent", values)


def _make(signature: Signature, kind: Kind, values: Callable[[Names, Store], dict[str, Any]]) -> None:
    """Check a correction, add it, derive, and say what has changed.

    Args:
        signature: who makes it, when and why.
        kind: what it is.
        values: returns its other fields; given a function from names to IRIs, and the store with its corrections.
    """
    with open_writer(signature.store_path) as writer:
        reading = writer.reading()
        plan = make_plan(reading.corrections(), reading)
        fields = values(lambda name: find_thing(name, plan, reading), (plan, reading))
        correction = Correction(
            kind=kind, author=signature.author, reason=signature.reason, day=signature.day, **fields
        )
        check(correction, plan, reading)
        writer.add_statements(to_quads(correction, writer.base_iri))
        writer.publish()
        effects = writer.reading().effects(correction)
    key = reading.key(correction.iri(writer.base_iri))
    claims = sum("/id/claim/" in iri and not iri.endswith("/corrected") for iri in effects)
    click.echo(f"{key}: {describe_correction(correction, reading)}.")
    click.echo(f"{count_line(claims, 'claim')} changed. Undo it with: kg correct undo {key}", err=True)
