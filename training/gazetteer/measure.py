"""Measure entities against gold articles, matched as the project's scorer does.

    python -m training.gazetteer.measure GOLD_FOLDER [--names FILE] [--misses TYPE] [--only STEM]

`--names` gives recognised names by article ({stem: [[begin, end, type], ...]}) from models that did not see it, which
replace those of the bundled recogniser.
"""

import argparse
import json
import re
import time
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from kg import german
from kg.articles import Input, ReadOptions, read_article
from kg.encoder import load_encoder, read_halfway
from kg.linking import link_entities
from kg.model import ENTITY_TYPES, Article, EntityInArticle
from kg.recogniser import find_names


def fold(text: str) -> str:
    """Return words in lower case, as the scorer compares them."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def labels_of(item: EntityInArticle, text: str) -> set[str]:
    """Return what the graph will call an entity: label, aliases, names in the article."""
    names = [m.span.of(text) for m in item.mentions if m.kind == "name"]
    return {fold(n) for n in (item.entity.label, *item.entity.aliases, *names)}


def pair(items: list[EntityInArticle], gold: list[dict[str, Any]], text: str) -> dict[int, int]:
    """Pair predicted with gold entities as the scorer does: by item, by label, by any name."""
    labels = [labels_of(item, text) for item in items]
    wanted = [{fold(g["name"]), *(fold(m) for m in g["mentions"])} for g in gold]
    tests = (
        lambda i, g: gold[g].get("wikidata") and gold[g]["wikidata"] == items[i].entity.wikidata,
        lambda i, g: fold(gold[g]["name"]) in labels[i],
        lambda i, g: bool(wanted[g] & labels[i]),
    )
    pairs: dict[int, int] = {}
    for test in tests:
        for i, item in enumerate(items):
            if i in pairs:
                continue
            for g, entity in enumerate(gold):
                if g not in pairs.values() and entity["type"] == item.entity.type and test(i, g):
                    pairs[i] = g
                    break
    return pairs


def show(counts: dict[str, Counter[str]]) -> None:
    """Print precision, recall and F1 by type."""
    total: Counter[str] = Counter()
    for kind in [*ENTITY_TYPES, "all"]:
        c = counts.get(kind, total) if kind != "all" else total
        if kind != "all":
            total.update(c)
        p, r = c["tp"] / max(1, c["tp"] + c["fp"]), c["tp"] / max(1, c["tp"] + c["fn"])
        print(f"{kind:<14}{p:7.3f}{r:7.3f}{2 * p * r / max(1e-9, p + r):7.3f}{c['tp']:6d}{c['fp']:6d}{c['fn']:6d}")


def main() -> None:
    """Print the figures, and with `--misses` what is missed or spurious."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--misses", nargs="?", const="all")
    parser.add_argument("--only")
    args = parser.parse_args()
    names = json.loads(args.names.read_text(encoding="utf-8")) if args.names else None
    nlp = german.load()
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in ENTITY_TYPES}
    links: Counter[str] = Counter()
    seconds, words = 0.0, 0
    for path in sorted(args.gold.glob("*.gold.json")):
        stem = path.name.removesuffix(".gold.json")
        if (args.only and stem != args.only) or (names is not None and stem not in names):
            continue
        gold = json.loads(path.read_text(encoding="utf-8"))
        article, doc = load(path.with_name(f"{stem}.txt"), gold["article"], nlp, names and names[stem])
        start = time.perf_counter()
        linked = link_entities(doc, article)
        seconds, words = seconds + time.perf_counter() - start, words + len(doc)
        items = [e for e in linked if any(m.kind != "adjective" for m in e.mentions)]
        pairs = pair(items, gold["entities"], article.text)
        for i, item in enumerate(items):
            if i not in pairs:
                counts[item.entity.type]["fp"] += 1
                if args.misses in ("all", item.entity.type):
                    shown = [m.span.of(article.text) for m in item.mentions][:4]
                    print(f"{stem}: spurious {item.entity.type} {item.entity.label} <- {shown}")
            elif gold["entities"][pairs[i]]["mentions"]:
                counts[item.entity.type]["tp"] += 1
                wanted = gold["entities"][pairs[i]].get("wikidata")
                if wanted:
                    links["all"] += 1
                    links["right"] += wanted == item.entity.wikidata
                    links["wrong"] += item.entity.wikidata not in (None, wanted)
        for g, entity in enumerate(gold["entities"]):
            if entity["mentions"] and g not in pairs.values():
                counts[entity["type"]]["fn"] += 1
                if args.misses in ("all", entity["type"]):
                    print(f"{stem}: missed {entity['type']} {entity['name']} {entity['mentions'][:4]}")
    show(counts)
    print(f"links right {links['right']}/{links['all']}, wrong {links['wrong']}; {words / seconds:,.0f} words/s")


def load(path: Path, meta: dict[str, Any], nlp: Any, names: list[Any] | None) -> tuple[Article, Doc]:
    """Read and parse an article; `names` replace the recognised ones."""
    published = date.fromisoformat(meta["published"])
    article = read_article(Input("text", str(path), path.stem), ReadOptions(published, published))
    doc = german.parse(nlp, article)
    if names is None:
        encoder = load_encoder()
        doc.ents = find_names(encoder, doc, read_halfway(encoder, doc))
    else:
        spans = [doc.char_span(begin, end, label=kind, alignment_mode="expand") for begin, end, kind in names]
        doc.ents = [s for s in spans if s is not None]
    return article, doc


if __name__ == "__main__":
    main()
