"""Gold annotation as extractions: a rich, right graph to test on that needs no language model.

    python -m tests.gold FOLDER OUT.nq

writes the graph of all `STEM.txt` + `STEM.gold.json` pairs in FOLDER, with the derived events.
"""

import calendar
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kg.model import (
    Article,
    Claim,
    Entity,
    EntityInArticle,
    Extraction,
    Figure,
    Mention,
    MentionKind,
    Position,
    Qualifier,
    Reason,
    Span,
    TimeExpression,
)

FOLDER = Path(__file__).parent / "data" / "gold"
BASE = "http://localhost:8000/"

_COUNTRIES: Mapping[str, list[str]] = json.loads((FOLDER / "countries.json").read_text(encoding="utf-8"))
_ISO = {german: code for code, (german, _) in _COUNTRIES.items()}
_ROLES = {"participants": "participant"}
_TYPES = {"SummitEvent": "Summit"}
_SLOTS = (
    *(
        "sender",
        "destination",
        "origin",
        "beneficiary",
        "against",
        "mission",
        "summit",
        "host",
        "place",
        "participants",
    ),
    *("recipient", "attacker", "target", "speaker", "addressee"),
)
_DAY = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)\w*"
_MONTH = r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
_TIME = re.compile(
    rf"(?:(?:am|seit|ab|bis|im|in|vom)\s+)?(?:\w+\s+)?(?:{_DAY}|{_MONTH}(?:\s+\d{{4}})?|\d{{4}})|heute|gestern|morgen|derzeit"
)
_NUMBER = re.compile(r"\d[\d.]*(?:\s+\w+){0,2}")


def load_gold(folder: Path = FOLDER) -> list[Extraction]:
    """Read all gold articles of a folder, sorted by stem."""
    found = [_read(path) for path in sorted(folder.glob("*.gold.json"))]
    labels: dict[str, Entity] = {}
    for extraction in found:
        for item in extraction.entities:
            old = labels.get(item.entity.key)
            if old is None or (item.entity.wikidata and not old.wikidata):
                labels[item.entity.key] = item.entity
    return [_with_shared_entities(extraction, labels) for extraction in found]


def slug(name: str) -> str:
    """Return an ASCII identifier for a German name."""
    plain = name.lower()
    for letter, replacement in {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "o",
        "ı": "i",
        "ł": "l",
        "đ": "d",
    }.items():
        plain = plain.replace(letter, replacement)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _with_shared_entities(extraction: Extraction, known: Mapping[str, Entity]) -> Extraction:
    """One thing is one record, whichever article names it, as it is with a gazetteer."""
    items = tuple(EntityInArticle(known[e.entity.key], e.mentions, e.positions) for e in extraction.entities)
    have = {item.entity.key for item in items}
    wanted = {item.entity.country for item in items if item.entity.country} - have
    extra = tuple(EntityInArticle(known[key], ()) for key in wanted)
    return Extraction(extraction.article, tuple(sorted(items + extra, key=lambda e: e.entity.key)), extraction.claims)


def _read(path: Path) -> Extraction:
    raw = json.loads(path.read_text(encoding="utf-8"))
    stem = path.name.removesuffix(".gold.json")
    text = unicodedata.normalize("NFC", path.with_name(stem + ".txt").read_text(encoding="utf-8"))
    about = raw["article"]
    article = Article(
        stem=stem,
        text=text,
        title=text.partition("\n")[0],
        published=date.fromisoformat(about["published"]),
        date_basis="given",
        publisher=about.get("publisher"),
    )
    keys = {entity["id"]: _key(entity, article) for entity in raw["entities"]}
    spans = _find_mentions(text, raw["entities"])
    return Extraction(
        article,
        tuple(_merge([_entity(entity, keys, spans) for entity in raw["entities"]])),
        tuple(sorted((_claim(event, keys, article) for event in raw["events"]), key=lambda claim: claim.trigger)),
    )


def _key(entity: Mapping[str, Any], article: Article) -> str:
    name, kind = entity["name"], entity["type"].lower()
    if kind == "country":
        return f"country/{_ISO.get(name, slug(name))}"
    if kind == "summit" and not re.search(r"\d{4}", name):
        return f"summit/{slug(name)}-{article.published.year}"
    return f"{kind}/{slug(name)}"


def _entity(entity: Mapping[str, Any], keys: Mapping[str, str], spans: Mapping[str, list[Mention]]) -> EntityInArticle:
    key = keys[entity["id"]]
    iso = key.removeprefix("country/")
    country = iso if iso in _COUNTRIES else None
    return EntityInArticle(
        Entity(
            key=key,
            type=entity["type"],
            label=entity["name"],
            label_en=_COUNTRIES[country][1] if country else None,
            wikidata=entity.get("wikidata"),
            iso=country,
            country=keys[entity["of"]] if entity.get("of") else None,
        ),
        tuple(sorted(spans[entity["id"]], key=lambda mention: mention.span)),
        tuple(
            Position(position["title"], keys[position["of"]] if position.get("of") else None)
            for position in entity.get("positions", ())
        ),
    )


def _merge(items: Iterable[EntityInArticle]) -> Iterator[EntityInArticle]:
    """Two gold entries that get one key are one entity."""
    by_key: dict[str, EntityInArticle] = {}
    for item in items:
        old = by_key.get(item.entity.key)
        if old:
            mentions = tuple(sorted({*old.mentions, *item.mentions}, key=lambda mention: mention.span))
            item = EntityInArticle(old.entity, mentions, old.positions + item.positions)  # noqa: PLW2901  merged record
        by_key[item.entity.key] = item
    yield from (by_key[key] for key in sorted(by_key))


def _find_mentions(text: str, entities: list[Mapping[str, Any]]) -> dict[str, list[Mention]]:
    """Find the surface forms in the text; where two overlap the longer one counts, unless one had none then."""
    found: dict[str, list[Mention]] = {entity["id"]: [] for entity in entities}
    taken: list[Span] = []
    forms = [(form, entity) for entity in entities for form in entity["mentions"]]
    for form, entity in sorted(forms, key=lambda pair: (-len(pair[0]), pair[0], pair[1]["id"])):
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text):
            span = Span(match.start(), match.end())
            if not any(span.overlaps(other) for other in taken):
                taken.append(span)
                found[entity["id"]].append(Mention(span, _kind(form, entity), entity["type"]))
    for form, entity in forms:
        overlapping = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text)
        if overlapping and not found[entity["id"]]:
            span = Span(overlapping.start(), overlapping.end())
            found[entity["id"]].append(Mention(span, _kind(form, entity), entity["type"]))
    return found


def _kind(form: str, entity: Mapping[str, Any]) -> MentionKind:
    if entity["type"] == "Country" and form[:3].casefold() != entity["name"][:3].casefold():
        return "metonym"
    if entity["type"] == "Person" and not set(re.findall(r"\w{2,}", entity["name"])) & set(
        re.findall(r"\w{2,}?(?=s?\b)", form)
    ):
        return "office"
    return "name"


def _claim(event: Mapping[str, Any], keys: Mapping[str, str], article: Article) -> Claim:
    begin = article.text.index(event["evidence"])
    evidence = Span(begin, begin + len(event["evidence"]))
    roles: dict[str, tuple[str, ...]] = {}
    for slot in _SLOTS:
        fillers = event.get(slot) or []
        fillers = [fillers] if isinstance(fillers, str) else fillers
        if fillers:
            roles[_ROLES.get(slot, slot)] = tuple(sorted(keys[filler] for filler in fillers))
    sources = event.get("attributed_to") or []
    words = [source for source in sources if source not in keys]
    trigger = _trigger(event, evidence)
    return Claim(
        type=_TYPES.get(event["type"], event["type"]),
        status=event["status"],
        trigger=trigger,
        evidence=evidence,
        roles=dict(sorted(roles.items())),
        personnel=_figure(event.get("personnel"), evidence, article.text),
        quantity=_figure(event.get("quantity"), evidence, article.text),
        unit=event.get("unit"),
        items=tuple(event.get("items") or ()),
        time=_time(event.get("time"), evidence, article.text),
        attributed_to=tuple(sorted(keys[source] for source in sources if source in keys)),
        attribution_text="; ".join(words) or None,
        reasons=(Reason("trigger", trigger.of(article.text), "the annotator's trigger"),),
    )


def _trigger(event: Mapping[str, Any], evidence: Span) -> Span:
    """The first trigger word, or the first word of the evidence where the annotation has no triggers."""
    words = event.get("trigger") or [event["evidence"].split()[0]]
    begin = evidence.begin + event["evidence"].index(words[0])
    return Span(begin, begin + len(words[0]))


def _figure(raw: Mapping[str, Any] | None, evidence: Span, text: str) -> Figure | None:
    """The figure's own words are not annotated: the first number in the evidence stands for them, else the evidence."""
    if not raw:
        return None
    low, high = raw.get("min"), raw.get("max")
    qualifier: Qualifier = "range"
    if low is None or high is None:
        qualifier = "upTo" if low is None else "atLeast"
    elif low == high:
        qualifier = "about_" if raw.get("approx") else "exactly"
    return Figure(_first(_NUMBER, evidence, text), low, high, qualifier)


def _time(raw: Mapping[str, Any] | None, evidence: Span, text: str) -> TimeExpression | None:
    if not raw:
        return None
    begin, end = raw.get("from"), raw.get("to")
    return TimeExpression(
        _first(_TIME, evidence, text), _day(begin, last=False) if begin else None, _day(end, last=True) if end else None
    )


def _first(pattern: re.Pattern[str], inside: Span, text: str) -> Span:
    match = pattern.search(text, inside.begin, inside.end)
    return Span(match.start(), match.end()) if match else inside


def _day(partial: str, *, last: bool) -> date:
    """First or last day of a partial ISO date."""
    parts = [int(part) for part in partial.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if last else 1)
    day = parts[2] if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return date(year, month, day)


def main(folder: str, out: str) -> None:
    """Write the graph of a gold folder as N-Quads."""
    from pyoxigraph import RdfFormat, serialize

    from tests.gold_store import gold_quads

    Path(out).write_bytes(serialize(gold_quads(load_gold(Path(folder)), BASE), format=RdfFormat.N_QUADS) or b"")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
