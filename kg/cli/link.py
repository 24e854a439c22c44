"""`kg link`."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
import pyoxigraph as ox

from kg.cli.options import store_option
from kg.cli.tables import count_line, stderr, stdout, table
from kg.errors import LagebildError, StoreError
from kg.model import ENTITY_TYPES
from kg.reconciliation import wikidata
from kg.reconciliation.cache import AnswerCache, default_path
from kg.reconciliation.client import Client
from kg.reconciliation.links import link_quads, linked_by, rejection_quads
from kg.reconciliation.run import Decided, reconcile
from kg.reconciliation.service import Finder, ReconciliationService
from kg.reconciliation.subjects import Subject, owners, unlinked
from kg.reconciliation.vocabulary import Vocabulary
from kg.remote import Location
from kg.rollup import derive
from kg.settings import Settings
from kg.store import Writer, base_iri_of, open_snapshot

_TYPE = re.compile(rf"({'|'.join(ENTITY_TYPES)})=(\S+)")


@click.command("link", short_help="Link entities to Wikidata or another database, online.")
@store_option
@click.option("--service", metavar="URL", help="A reconciliation service; without it Wikidata.")
@click.option("--wikibase", metavar="URL", default=wikidata.URL, help="The api.php of Wikidata, or of a mirror of it.")
@click.option("--only", "kinds", multiple=True, type=click.Choice(ENTITY_TYPES), help="Entities of this type only.")
@click.option("--type", "types", multiple=True, metavar="TYPE=ID", help="What a service calls a type: Person=Q5.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Look for N entities at most.")
@click.option("--dry-run", is_flag=True, help="Ask, and show what would be linked, but change nothing.")
@click.option("--fresh", is_flag=True, help="Ask again what the cache has an answer to.")
@click.option("--reject", metavar="IRI", help="Take back the link of this entity, and do not make it again.")
def command(
    *,
    store_path: Location,
    service: str | None,
    wikibase: str,
    kinds: tuple[str, ...],
    types: tuple[str, ...],
    limit: int | None,
    dry_run: bool,
    fresh: bool,
    reject: str | None,
) -> None:
    """Look up entities that have no Wikidata item, those in the most articles first, and link the certain ones.

    Only this command asks other people's databases, and only when you run it: it sends the names
    of entities, their types and countries. Set LAGEBILD_LINK_CONTACT to your mail address first. Answers are kept, so
    that a run that was stopped goes on where it was. More: docs/linking.md.

    \b
    Examples:
      kg link --store graph --dry-run --limit 20
      kg link --store graph --only Organization
      kg link --store graph --service https://example.org/reconcile --type Person=Q5
      kg link --store graph --reject http://localhost:8000/id/organization/example
    """
    base = base_iri_of(store_path) or ""
    if reject is not None:
        _reject(store_path, base, reject)
        return
    settings = Settings.from_environment()
    with _client(settings) as client:
        vocabulary = _vocabulary(types)
        finder: Finder = (
            ReconciliationService(client, service, vocabulary)
            if service
            else wikidata.Wikidata(client, wikibase, vocabulary)
        )
        with open_snapshot(store_path) as store:
            done, known = linked_by(store, finder.url), owners(store)
            wanted = frozenset(kinds or (vocabulary.types if vocabulary else ENTITY_TYPES))
            subjects = [subject for subject in unlinked(store, wanted) if subject.iri not in done][:limit]
        decided: list[Decided] = []
        try:
            for each in _with_progress(subjects, reconcile(subjects, finder, known, fresh=fresh)):
                decided.append(each)  # noqa: PERF402 - what was decided before an error counts
        except (LagebildError, KeyboardInterrupt):
            _finish(store_path, base, decided, dry_run=dry_run)
            raise
        _finish(store_path, base, decided, dry_run=dry_run)


@contextmanager
def _client(settings: Settings) -> Iterator[Client]:
    cache = AnswerCache(Path(settings.link_cache) if settings.link_cache else default_path())
    try:
        yield Client(settings, cache)
    finally:
        cache.close()


def _vocabulary(types: tuple[str, ...]) -> Vocabulary | None:
    """Read the options `--type`; None without any."""
    named: dict[str, tuple[str, ...]] = {}
    for option in types:
        match = _TYPE.fullmatch(option)
        if not match:
            raise click.BadParameter(f"{option} is not like Person=Q5; types are {', '.join(ENTITY_TYPES)}.")
        named[match[1]] = (*named.get(match[1], ()), match[2])
    return Vocabulary(named) if named else None


def _with_progress(subjects: list[Subject], decided: Iterator[Decided]) -> Iterator[Decided]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # slow to import

    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr(), transient=True) as progress:
        bar = progress.add_task("", total=len(subjects))
        for each in decided:
            progress.advance(bar)
            yield each


def _finish(store_path: Location, base: str, decided: list[Decided], *, dry_run: bool) -> None:
    """Write the links that were found, also where the run was broken off, and show what came of each entity."""
    links = [each.link for each in decided if each.link]
    if links and not dry_run:
        _add(store_path, base, (quad for link in links for quad in link_quads(link, base)))
    rows = [[made.subject.kind, made.subject.label, link.target if link else "", made.why] for made, link in decided]
    if rows:
        stdout().print(table(["type", "entity", "linked to", "why, or why not"], rows))
    click.echo(f"{'Would link' if dry_run else 'Linked'} {len(links):,} of {len(decided):,}.", err=True)


def _reject(store_path: Location, base: str, entity: str) -> None:
    today = date.today()  # a person's own act, dated like any correction
    with open_snapshot(store_path) as store:
        try:
            quads = rejection_quads(store, entity, today, base)
        except ValueError as error:
            raise click.BadParameter(f"{entity} is no IRI: {error}.") from error
    if not quads:
        raise StoreError(f"{entity} has no link to reject.", "Give the IRI of an entity that `kg link` has linked.")
    _add(store_path, base, quads)
    click.echo(f"{count_line(len(quads), 'link')} rejected.", err=True)


def _add(store_path: Location, base: str, quads: Iterable[ox.Quad]) -> None:
    with Writer(store_path, base, derive, create=False) as writer:
        writer.add_statements(quads)
        writer.publish()
