"""The figures as text and as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from kg.evaluation.count import Count
from kg.evaluation.gold import EVENT_TYPES, FIGURES, ROLES
from kg.evaluation.grouping import b_cubed, count_pairs
from kg.evaluation.scoring import Counts, Scores
from kg.model import ENTITY_TYPES


def format_report(scores: Scores) -> str:
    """Return the tables of figures, as lines."""
    absent = f", ABSENT from the graph: {', '.join(scores.absent)}" if scores.absent else ""
    lines = [f"{scores.articles} articles{absent}"]
    for title, counts, order in _tables(scores):
        lines += ["", f"{title:<14}{'P':>7}{'R':>7}{'F1':>7}{'right':>7}{'gold':>6}"]
        for name, count in _rows(counts, order):
            precision, recall, f1 = count.figures()
            lines.append(f"{name:<14}{precision:7.3f}{recall:7.3f}{f1:7.3f}{count.tp:7d}{count.gold:6d}")
    if scores.happenings:
        lines += ["", f"{'happenings':<14}{'P':>7}{'R':>7}{'F1':>7}   over {len(scores.happenings)} claims"]
        for name, figures in _happenings(scores).items():
            lines.append(f"{name:<14}" + "".join(f"{figure:7.3f}" for figure in figures))
    links, attribution = scores.links, scores.attribution.figures()[2]
    lines += [
        "",
        f"exact events  {_exact(scores):.3f}   attribution F1 {attribution:.3f}   "
        f"Wikidata links right {links['right']}/{links['all']}, wrong {links['wrong']}",
    ]
    return "\n".join(lines)


def to_json(scores: Scores) -> dict[str, Any]:
    """Return the figures as JSON can hold them."""
    out: dict[str, Any] = {"articles": scores.articles, "absent": scores.absent}
    for title, counts, order in _tables(scores):
        out[title] = {}
        for name, count in _rows(counts, order):
            precision, recall, f1 = count.figures()
            out[title][name] = {"p": precision, "r": recall, "f1": f1, "gold": count.gold}
    if scores.happenings:
        out["happenings"] = {"claims": len(scores.happenings)} | {
            name: dict(zip(("p", "r", "f1"), figures, strict=True)) for name, figures in _happenings(scores).items()
        }
    out["exact"] = _exact(scores)
    out["links"] = dict(scores.links)
    out["attribution"] = dict(zip(("p", "r", "f1"), scores.attribution.figures(), strict=True))
    return out


def _tables(scores: Scores) -> Iterator[tuple[str, Counts, Iterable[str]]]:
    yield "entities", scores.entities, ENTITY_TYPES
    yield "events", scores.events, EVENT_TYPES
    yield "slots", scores.slots, EVENT_TYPES
    yield "by slot", scores.by_slot, (*ROLES, *FIGURES, "time", "status")


def _happenings(scores: Scores) -> dict[str, tuple[float, float, float]]:
    return {"pairs": count_pairs(scores.happenings).figures(), "B-cubed": b_cubed(scores.happenings)}


def _rows(counts: Counts, order: Iterable[str]) -> Iterator[tuple[str, Count]]:
    total = Count()
    for name in order:
        if count := counts.get(name):
            total.tp, total.fp, total.fn = total.tp + count.tp, total.fp + count.fp, total.fn + count.fn
            yield name, count
    yield "all", total


def _exact(scores: Scores) -> float:
    gold = sum(count.gold for count in scores.events.values())
    return scores.exact / gold if gold else 0.0
