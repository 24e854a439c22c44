"""Measure the time expressions on KRAUTS, beside HeidelTime's own output on the same documents.

    LAGEBILD_SHARED=… python -m benchmarks.krauts [--misses] [--write]

KRAUTS (Strötgen et al., LREC 2018, CC BY-NC) is only measured on. The figures are those of TempEval-3 (UzZaman et al.
2013): strict needs the same extent, relaxed an overlap, relaxed + value also the same ISO-TimeML value; F1 over all
documents together. Expressions without an extent in the text are left out on all sides.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import spacy

from benchmarks.report import make_table, replace_section
from kg.claims import MODEL_FOLDER
from kg.dates import find_timexes

PARTS = ("KRAUTS_DieZeit", "KRAUTS_Dolomiten-42", "KRAUTS_Dolomiten-100")
_TAG = re.compile(r"<(/?)TIMEX3([^>]*?)(/?)>")
_VALUE = re.compile(r'\bvalue="([^"]*)"')
_CREATED = re.compile(r'CREATION_TIME"[^>]*value="(\d{4}-\d\d-\d\d)|value="(\d{4}-\d\d-\d\d)"[^>]*CREATION_TIME')


@dataclass(frozen=True)
class Timex:
    """An annotated expression; offsets count characters other than white space, in which the files differ."""

    begin: int
    end: int
    value: str
    words: str


@dataclass
class Tally:
    """Counts over all documents."""

    gold: int = 0
    found: int = 0
    strict: int = 0
    relaxed: int = 0
    value: int = 0

    def add(self, gold: list[Timex], found: list[Timex]) -> None:
        """Count one document; each gold expression is matched once, with the first that overlaps it."""
        self.gold += len(gold)
        self.found += len(found)
        extents = {(timex.begin, timex.end) for timex in found}
        self.strict += sum((timex.begin, timex.end) in extents for timex in gold)
        for mine, theirs in match(gold, found):
            self.relaxed += 1
            self.value += mine.value == theirs.value

    def row(self, name: str) -> tuple[str, ...]:
        """Return the three F1 figures, in per cent."""
        total = self.gold + self.found
        return name, *(f"{200 * hits / total:.1f}" for hits in (self.strict, self.relaxed, self.value))


def match(gold: list[Timex], found: list[Timex]) -> Iterator[tuple[Timex, Timex]]:
    """Pair expressions that overlap, the same extent first, each once."""
    free = list(found)
    for timex in sorted(gold, key=lambda item: (item.begin, item.end)):
        near = [other for other in free if other.begin < timex.end and timex.begin < other.end]
        near.sort(key=lambda other: (other.begin, other.end) != (timex.begin, timex.end))
        if near:
            free.remove(near[0])
            yield timex, near[0]


def read_tml(path: Path) -> tuple[str, date, list[Timex]]:
    """Return a TimeML file's text, its day of creation, and its expressions."""
    source = path.read_text("utf-8")
    created = _CREATED.search(source)
    if created is None:
        raise SystemExit(f"{path} has no creation time.")
    body = source[source.index("<TEXT>") + 6 : source.rindex("</TEXT>")]
    pieces: list[str] = []
    open_tags: list[tuple[int, str]] = []
    timexes: list[Timex] = []
    position = 0
    for tag in _TAG.finditer(body):
        pieces.append(unescape(re.sub(r"<[^>]+>", "", body[position : tag.start()])))
        position = tag.end()
        value = _VALUE.search(tag[2])
        if tag[3]:
            continue
        if not tag[1]:
            open_tags.append((len("".join(pieces)), value[1] if value else ""))
        elif open_tags:
            begin, name = open_tags.pop()
            timexes.append(_timex("".join(pieces), begin, len("".join(pieces)), name))
    pieces.append(unescape(re.sub(r"<[^>]+>", "", body[position:])))
    day = created[1] or created[2]
    return "".join(pieces), date.fromisoformat(day), [timex for timex in timexes if timex.begin < timex.end]


def _timex(text: str, begin: int, end: int, value: str) -> Timex:
    solid = len("".join(text[:begin].split()))
    return Timex(solid, solid + len("".join(text[begin:end].split())), value, text[begin:end])


def main() -> None:
    """Print the figures of both systems."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what differs from the gold")
    parser.add_argument("--write", action="store_true", help="put the figures into the model card")
    options = parser.parse_args()
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        raise SystemExit("KRAUTS is not in the repository. Set LAGEBILD_SHARED to the folder above corpora/krauts.")
    nlp = spacy.blank("de")
    ours, theirs = Tally(), Tally()
    for part in PARTS:
        for path in sorted((Path(shared) / "corpora/krauts/KRAUTS" / part).glob("*.tml")):
            text, day, gold = read_tml(path)
            timexes = find_timexes(nlp.make_doc(text), day)
            found = [_timex(text, timex.span.begin, timex.span.end, timex.value) for timex in timexes]
            ours.add(gold, found)
            heidel = path.parent.with_name(part + "_Heideltime") / path.name
            theirs.add(gold, read_tml(heidel)[2])
            if options.misses:
                _list_misses(path.stem, gold, found)
    header = (f"{ours.gold} expressions", "strict", "relaxed", "relaxed + value")
    table = make_table(header, [ours.row("Lagebild"), theirs.row("HeidelTime")])
    sys.stdout.write(f"{table}\n")
    if options.write:
        replace_section("krauts", table, MODEL_FOLDER / "README.md")


def _list_misses(stem: str, gold: list[Timex], found: list[Timex]) -> None:
    pairs = list(match(gold, found))
    paired = {timex for pair in pairs for timex in pair}
    for mine, other in pairs:
        if mine.value != other.value or (mine.begin, mine.end) != (other.begin, other.end):
            sys.stdout.write(f"{stem[:20]:20} {mine.words!r} {mine.value} | {other.words!r} {other.value}\n")
    for name, group in (("missed", gold), ("spurious", found)):
        for timex in group:
            if timex not in paired:
                sys.stdout.write(f"{stem[:20]:20} {name} {timex.words!r} {timex.value}\n")


if __name__ == "__main__":
    main()
