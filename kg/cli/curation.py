"""`kg correct list`, `undo`, `export` and `import`: what is done with corrections once they are made."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import click
import pyoxigraph as ox

from kg.cli.options import FILE, store_option
from kg.cli.tables import count_line, stdout, table
from kg.curation.checks import make_plan
from kg.curation.corrections import Correction, read_corrections, to_quads
from kg.curation.naming import describe_correction, resolve
from kg.curation.reading import Reading
from kg.errors import CorrectionError, StoreError
from kg.remote import Location
from kg.rollup import derive
from kg.store import Writer, base_iri_of, open_snapshot
from kg.vocab import DCTERMS, LB, PROV, XSD

MAX_BYTES = 50_000_000
"""Largest file that is imported."""
_PREFIXES = {namespace.prefix: namespace.iri for namespace in (LB, DCTERMS, PROV, XSD)}


def open_writer(store_path: Location) -> Writer:
    """Open a store that exists, to change its corrections.

    Raises:
        StoreError: there is none, or another process writes to it.
    """
    return Writer(store_path, base_iri_of(store_path) or "", derive, create=False)


@click.command("undo", short_help="Take corrections back.")
@click.argument("corrections", nargs=-1, required=True, metavar="CORRECTION...")
@store_option
def undo(corrections: tuple[str, ...], store_path: Location) -> None:
    """Take corrections back, as if they had never been made. If one is unknown, none is.

    \b
    Example:
      kg correct undo correction/5d0c9e31a7b2f604
    """
    with open_writer(store_path) as writer:
        reading = writer.reading()
        known = {one.iri(writer.base_iri): one for one in reading.corrections()}
        wanted = {resolve(name, writer.base_iri): name for name in corrections}
        for iri, name in wanted.items():
            if iri not in known:
                raise CorrectionError(f"The store has no correction {name}.", "See `kg correct list` for those it has.")
        writer.remove_statements(quad for iri in wanted for quad in to_quads(known[iri], writer.base_iri))
        writer.publish()
    for iri in wanted:
        click.echo(f"Undone: {describe_correction(known[iri], reading)}.")


@click.command("list", short_help="List the corrections.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_corrections(store_path: Location, as_json: bool) -> None:
    """List all corrections with who made them when and why. Those that do not apply are kept, and why not is said:
    the article was removed, or reads otherwise now.

    \b
    Example:
      kg correct list --store graph
    """
    base = base_iri_of(store_path) or ""
    with open_snapshot(store_path) as store:
        reading = Reading(store.quads_for_pattern, base)
        corrections = reading.corrections()
        why_not = dict(make_plan(corrections, reading).idle)
        rows = [
            {
                "correction": reading.key(one.iri(base)),
                "kind": one.kind,
                "says": describe_correction(one, reading),
                "author": one.author,
                "date": one.day.isoformat(),
                "reason": one.reason,
                "notApplicable": why_not.get(one),
            }
            for one in corrections
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if rows:
        shown = [
            [row[name] or "yes" for name in ("correction", "says", "author", "date", "reason", "notApplicable")]
            for row in rows
        ]
        stdout().print(table(["correction", "says", "by", "on", "because", "applies"], shown))
    click.echo(f"{count_line(len(rows), 'correction')}, {len(why_not)} not applicable.", err=True)


@click.command("export", short_help="Write the corrections to a file.")
@click.argument("file", type=FILE)
@store_option
def export(file: Path, store_path: Location) -> None:
    """Write all corrections to FILE as Turtle, to share them; - writes to the standard output.

    \b
    Example:
      kg correct export corrections.ttl --store graph
    """
    base = base_iri_of(store_path) or ""
    with open_snapshot(store_path) as store:
        corrections = Reading(store.quads_for_pattern, base).corrections()
    triples = [quad.triple for one in corrections for quad in to_quads(one, base)]
    text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES) or b""
    if str(file) == "-":
        sys.stdout.buffer.write(text)
        return
    try:
        file.write_bytes(text)
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.", "Check the folder and its rights.") from error
    click.echo(f"{count_line(len(corrections), 'correction')} written to {file}.", err=True)


@click.command("import", short_help="Add the corrections of a file.")
@click.argument("file", type=FILE)
@store_option
def import_(file: Path, store_path: Location) -> None:
    """Add the corrections of FILE (Turtle or N-Triples), which `kg correct export` wrote; - reads the standard input.

    Those that the store has already are passed over. Those that do not apply are kept, and named.

    \b
    Example:
      kg correct import corrections.ttl --store graph
    """
    corrections = _read_file(file)
    with open_writer(store_path) as writer:
        reading = writer.reading()
        known = set(reading.corrections())
        new = [one for one in (_localize(each, writer.base_iri) for each in corrections) if one not in known]
        writer.add_statements(quad for one in new for quad in to_quads(one, writer.base_iri))
        writer.publish()
        idle = [(one, why) for one, why in make_plan(reading.corrections(), writer.reading()).idle if one in set(new)]
    click.echo(f"{count_line(len(new), 'correction')} added, {len(corrections) - len(new)} there already.")
    for one, why in idle:
        click.echo(f"Not applicable: {describe_correction(one, reading)}. {why}", err=True)


def _localize(correction: Correction, base_iri: str) -> Correction:
    """Check that a correction is about this store's things."""

    def here(iri: str) -> str:
        return resolve(iri, base_iri) if iri else ""

    return replace(
        correction,
        target=here(correction.target),
        read_as=here(correction.read_as),
        meant=here(correction.meant),
        fillers=tuple(map(here, correction.fillers)),
        others=tuple(map(here, correction.others)),
    )


def _read_file(file: Path) -> list[Correction]:
    """Read the corrections of a file, or of the standard input for `-`.

    Raises:
        CorrectionError: it cannot be read, is too large, is no Turtle, or holds none or a malformed one.
    """
    hint = "Give a file that `kg correct export` wrote."
    try:
        stream = sys.stdin.buffer if str(file) == "-" else file.open("rb")
        with stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise CorrectionError(f"{file} is larger than {MAX_BYTES:,} bytes.", hint)
        corrections = read_corrections(ox.parse(data, format=ox.RdfFormat.TURTLE))
    except OSError as error:
        raise CorrectionError(f"{file} cannot be read: {error.strerror}.", hint) from error
    except SyntaxError as error:
        raise CorrectionError(f"{file} is no Turtle: {error}.", hint) from error
    if not corrections:
        raise CorrectionError(f"{file} holds no correction.", hint)
    return corrections
