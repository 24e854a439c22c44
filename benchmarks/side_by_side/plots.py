"""The results as pictures: SVG that is the same for the same figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

OURS, OTHERS = "#0b5394", "#9aa5b1"
mpl.rcParams.update({"svg.hashsalt": "lagebild", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def plot_bars(panels: Mapping[str, Mapping[str, float]], unit: str, ours: str, path: Path) -> None:
    """Draw a panel of bars for each question, one bar for each engine, on a logarithmic scale.

    Args:
        panels: question to engine to figure, in the order in which they are drawn.
        unit: what the figures are.
        ours: the engine that stands out.
        path: the SVG file to write.
    """
    engines = list(dict.fromkeys(engine for figures in panels.values() for engine in figures))
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(3.2 * columns + 1.6, (0.26 * len(engines) + 0.75) * rows), layout="constrained")
    for number, (title, figures) in enumerate(panels.items(), 1):
        _draw_panel(figure.add_subplot(rows, columns, number), title, [(e, figures.get(e)) for e in engines], ours)
    figure.supxlabel(unit)
    save(figure, path)


def _draw_panel(axes: Any, title: str, bars: Sequence[tuple[str, float | None]], ours: str) -> None:
    names = [engine for engine, figure in bars if figure is not None]
    values = [figure for _, figure in bars if figure is not None]
    drawn = axes.barh(names, values, color=[OURS if name == ours else OTHERS for name in names])
    axes.bar_label(drawn, [f" {value:.3g}" for value in values], fontsize=8)
    axes.set_title(title, loc="left", fontsize=9, fontweight="bold")
    axes.set_xscale("log")
    axes.set_xlim(min(values) / 3, max(values) * 6)
    axes.invert_yaxis()


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG without a date, so that the same figures give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
