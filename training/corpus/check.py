"""Check annotated articles against GUIDELINES.md: `python -m training.corpus.check FOLDER…`.

Every STEM.txt in a folder needs a STEM.gold.json beside it and the other way round. Each fault is printed as
"FOLDER/FILE: where: what"; the exit status is then 1. Without a fault the counts are printed and the status is 0.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from training.corpus.faults import Context, entity_faults, event_faults
from training.corpus.schema import ARTICLE_KEYS, days_of, is_text

SUFFIX = ".gold.json"


@dataclass(slots=True)
class Counts:
    """How much a folder holds."""

    total: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in ("event type", "status", "entity type")}
    )

    def add(self, text: str, gold: Mapping[str, Any]) -> None:
        """Count an article."""
        entities, events = gold["entities"], gold["events"]
        sizes = {"articles": 1, "words": len(text.split()), "entities": len(entities), "events": len(events)}
        self.total.update(sizes)
        self.by["entity type"].update(str(entity.get("type")) for entity in entities)
        self.by["event type"].update(str(event.get("type")) for event in events)
        self.by["status"].update(str(event.get("status")) for event in events)

    def merge(self, other: "Counts") -> None:
        """Add another folder's counts."""
        self.total.update(other.total)
        for name, counter in self.by.items():
            counter.update(other.by[name])

    def format(self, title: str) -> str:
        """Return the counts as lines of text."""
        lines = [f"{title}: {', '.join(f'{number} {name}' for name, number in self.total.items())}"]
        for name, counter in self.by.items():
            ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
            lines.append(f"  by {name}: {', '.join(f'{kind} {number}' for kind, number in ordered)}")
        return "\n".join(lines)


def check_folder(folder: Path, counts: Counts) -> list[str]:
    """Return the faults of all pairs in a folder, and count what it holds."""
    if not folder.is_dir():
        return [f"{folder}: is no folder"]
    golds = sorted(folder.glob(f"*{SUFFIX}"))
    faults = [
        f"{path}: has no gold file"
        for path in sorted(folder.glob("*.txt"))
        if not path.with_name(path.stem + SUFFIX).exists()
    ]
    if not golds:
        faults.append(f"{folder}: holds no gold file")
    for path in golds:
        faults += [f"{folder.resolve().name}/{path.name}: {fault}" for fault in article_faults(path, counts)]
    return faults


def article_faults(path: Path, counts: Counts) -> Iterator[str]:
    """Yield the faults of the pair whose annotation is `path` as "where: what", and count what it holds."""
    text_path = path.with_name(path.name.removesuffix(SUFFIX) + ".txt")
    try:
        text = text_path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        yield f"text: cannot read {text_path.name} as UTF-8: {error}"
        return
    if not text.split("\n", 1)[0].strip():
        yield "text: the first line has to be the headline"
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        yield f"JSON: does not parse: {error}"
        return
    if not isinstance(gold, dict) or set(gold) != {"article", "entities", "events"}:
        yield "JSON: has to be one object with exactly article, entities, events"
        return
    yield from _header_faults(gold["article"])
    for key in ("entities", "events"):
        if not isinstance(gold[key], list) or not all(isinstance(item, dict) for item in gold[key]):
            yield f"{key}: has to be a list of objects"
            return
    yield from _annotation_faults(text, gold)
    counts.add(text, gold)


def _header_faults(header: object) -> Iterator[str]:
    if not isinstance(header, dict) or set(header) != set(ARTICLE_KEYS):
        yield "article: needs exactly published, publisher, language"
        return
    published = header["published"]
    if not isinstance(published, str) or len(published) != 10 or not days_of(published):
        yield f"article: published {published!r} is no full ISO date"
    if header["publisher"] is not None and not is_text(header["publisher"]):
        yield "article: publisher has to be text or null"
    if header["language"] != "de":
        yield "article: language has to be de"


def _annotation_faults(text: str, gold: Mapping[str, Any]) -> Iterator[str]:
    entities, events = gold["entities"], gold["events"]
    yield from _entity_id_faults(entities)
    types = {entity["id"]: entity.get("type") for entity in entities if is_text(entity.get("id"))}
    context = Context(text, types, _used_ids(entities, events))
    for entity in entities:
        yield from (f"entity {entity.get('id')!r}: {fault}" for fault in entity_faults(entity, context))
    seen: set[str] = set()
    for event in events:
        where = f"event {event.get('id')!r}"
        if not is_text(event.get("id")) or event["id"] in seen:
            yield f"{where}: needs an id of its own"
        else:
            seen.add(event["id"])
            if event["id"] in types:
                yield f"{where}: id is also an entity's"
        yield from (f"{where}: {fault}" for fault in event_faults(event, context))


def _entity_id_faults(entities: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for entity in entities:
        where = f"entity {entity.get('id')!r}"
        if not is_text(entity.get("id")):
            yield f"{where}: needs an id"
            continue
        if entity["id"] in seen:
            yield f"{where}: id is used twice"
        seen.add(entity["id"])
    names = Counter((str(entity.get("type")), repr(entity.get("name"))) for entity in entities)
    for (kind, name), times in names.items():
        if times > 1:
            yield f"entity {name}: there is more than one {kind} of this name"


def _used_ids(entities: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the ids that fill a slot of an event, with the state of each body among them."""
    used: set[str] = set()
    for event in events:
        for slot in set(event) - {"evidence", "id", "type", "status", "time"}:
            values = event[slot] if isinstance(event[slot], list) else [event[slot]]
            used.update(value for value in values if isinstance(value, str))
    bodies = [entity for entity in entities if is_text(entity.get("id")) and is_text(entity.get("of"))]
    return used | {entity["of"] for entity in bodies if entity["id"] in used}


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(folders: tuple[Path, ...]) -> None:
    """Check the folders and print faults or counts."""
    faults: list[str] = []
    reports: list[tuple[str, Counts]] = []
    for folder in folders:
        reports.append((str(folder), Counts()))
        faults += check_folder(folder, reports[-1][1])
    if faults:
        for fault in faults:
            click.echo(f"FAULT {fault}", err=True)
        click.echo(f"{len(faults)} fault(s)", err=True)
        raise SystemExit(1)
    if len(reports) > 1:
        everything = Counts()
        for _, counts in reports:
            everything.merge(counts)
        reports.append(("all", everything))
    for title, counts in reports:
        click.echo(counts.format(title))


if __name__ == "__main__":
    main()
