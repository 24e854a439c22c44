"""How answers slow down as the graph grows: `python -m benchmarks.scaling [--articles N]… [--keep DIR] [--write]`.

Made-up news of some sizes are loaded and served. A client over one connection asks each of the example queries, and for
the pages of the entity that is named most, of another one, of an event and of an article, the front page and a search;
each so that no cache knows it. `--keep` leaves the graphs in DIR/N/news.nq, the stores in DIR/N/store and what loading
took in DIR/N/loading.json; what is there already is taken as it is. `--write` puts table and plot into
docs/benchmarks.md. The exit status is 1 where a question of the largest graph takes longer than a second, though its
answer is small.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote

import click
import pyoxigraph as ox

from benchmarks.generator.graph import GraphWriter
from benchmarks.generator.news import Newsroom, Plan
from benchmarks.generator.world import HUB
from benchmarks.line import Line, RefusedError
from benchmarks.report import IMAGES, describe_machine, make_table, replace_section
from benchmarks.service import ROOT, Service, memory_of
from kg.queries import load_queries
from kg.remote import QuadStore
from kg.settings import Settings
from kg.store import open_snapshot
from kg.vocab import LB, RDFS, SCHEMA

SIZES: Final = (1_000, 10_000, 100_000)
LOOK: Final = 0.25
"""Seconds between two looks at the memory that loading takes."""
ROUNDS: Final = 3
"""How often each question is asked; the median counts."""
ENOUGH: Final = 5.0
"""Seconds after which a question is not asked again."""
TIMEOUT: Final = 20
"""Seconds after which a query is given up."""
SETTLED: Final = 60.0
"""Seconds that a server gets at most to make ready what it keeps ready."""
IDLE: Final = 0.1
"""Seconds that a server which waits for questions works in one second, at most."""
LIMIT: Final = 1.0
"""Seconds that an answer is to take at most, unless it is large."""
LARGE: Final = 1_000_000
"""Bytes of an answer that is large."""

_PREFIXES: Final = "\n".join(f"PREFIX {each.prefix}: <{each.iri}>" for each in (LB, RDFS, SCHEMA))

Ask = Callable[[Line, str], bytes]
"""Asks a question over a connection, given what makes it another than the last time; returns the answer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a question took in a graph of one size."""

    seconds: float
    """As the client sees it."""
    processor: float
    """Of the server, which other work on the machine hardly changes."""
    size: int
    """Bytes of the answer."""


@dataclass(frozen=True, slots=True)
class Loading:
    """What `kg load` took, from the file to the published store with its index of words."""

    seconds: float
    processor: float
    """Seconds of all its processes together, which other work on the machine hardly changes."""
    memory: int
    """Bytes of all its processes at most."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A graph of one size, and all that was measured in it."""

    articles: int
    statements: int
    loading: Loading | None
    """None if the store was there already and nothing tells of its loading."""
    questions: Mapping[str, Measured | None]
    """None where there was no answer."""


def measure(articles: int, folder: Path, *, hub_claims: int | None = None) -> Grown:
    """Make up a graph, load and serve it, and ask all questions; what is in the folder already is not made again."""
    source, store, figures = folder / "news.nq", folder / "store", folder / "loading.json"
    folder.mkdir(parents=True, exist_ok=True)
    if not (store / "current").exists():
        if not source.exists():
            quads = GraphWriter(Settings().base_iri).quads(Newsroom(Plan(articles, 1, hub_claims)))
            ox.serialize(quads, str(source), ox.RdfFormat.N_QUADS)
        figures.write_text(json.dumps(asdict(load(source, store))), encoding="ascii")
    loading = Loading(**json.loads(figures.read_text("ascii"))) if figures.exists() else None
    with open_snapshot(store) as graph:
        statements = len(graph)
    return Grown(articles, statements, loading, ask_all(store))


def load(source: Path, store: Path) -> Loading:
    """Have `kg load` fill a store in a process of its own."""
    command = [sys.executable, "-m", "kg.cli", "load", str(source), "--store", str(store), "--derived"]
    begun, most = time.perf_counter(), 0
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not (found := os.wait4(process.pid, os.WNOHANG))[0]:
        most = max(most, memory_of(process.pid))
        time.sleep(LOOK)
    _, status, used = found
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Loading(time.perf_counter() - begun, used.ru_utime + used.ru_stime, most)


def ask_all(store: Path) -> Mapping[str, Measured | None]:
    """Serve a store and ask all questions."""
    service = Service(store, {"CLIENT_PER_SECOND": "0", "QUERY_TIMEOUT": str(TIMEOUT)})
    try:
        service.wait_until_up()
        _wait_until_idle(service)
        line = Line(service.port)
        return {name: _ask(ask, line, service) for name, ask in list_questions(store)}
    finally:
        service.stop()


def _wait_until_idle(service: Service) -> None:
    """Wait until a server that has just started makes no more pages ready."""
    end, worked = time.monotonic() + SETTLED, -1.0
    while time.monotonic() < end and service.worked - worked > IDLE:
        worked = service.worked
        time.sleep(1.0)


def list_questions(store: Path) -> Iterator[tuple[str, Ask]]:
    """Yield all questions by name."""
    with open_snapshot(store) as graph:
        event = _choose(graph, "?this lb:claimCount ?n")["this"].value.removeprefix(f"{Settings().base_iri}id/")
        person = _choose(graph, "{ SELECT ?this (COUNT(*) AS ?n) { ?a schema:mentions ?this . ?this a lb:Person }"
                                " GROUP BY ?this } ?this rdfs:label ?name")["name"]  # fmt: skip
    for query in load_queries():
        yield f"queries/{query.name}.rq", _asking_query(query.text.replace('"Wladimir Putin"@de', str(person)))
    pages = {"the hub": HUB, "another state": "country/SD", "an event": event, "an article": "article/meldung-00000001"}
    for name, key in pages.items():
        yield f"page of {name}", _asking_page(f"/page/{key}")
    yield "front page", _asking_page("/")
    yield "search", _asking_page(f"/search?q={quote('Russland Soldaten')}")


def _choose(graph: QuadStore, pattern: str) -> ox.QuerySolution:
    """Return that which a pattern gives the largest `?n`."""
    rows = graph.query(
        f"{_PREFIXES} SELECT * {{ {pattern} }} ORDER BY DESC(?n) LIMIT 1", use_default_graph_as_union=True
    )
    assert isinstance(rows, ox.QuerySolutions)
    first: ox.QuerySolution = next(rows)
    return first


def _asking_query(text: str) -> Ask:
    return lambda line, mark: (
        line.take(f"/sparql?query={quote(f'{text}#{mark}')}", "application/sparql-results+json, text/turtle").body
    )


def _asking_page(path: str) -> Ask:
    return lambda line, mark: line.take(f"{path}{'&' if '?' in path else '?'}n={mark}", "text/html").body


def _ask(ask: Ask, line: Line, service: Service) -> Measured | None:
    times, sizes, worked, begun = list[float](), list[int](), service.worked, time.perf_counter()
    for number in range(ROUNDS):
        asked = time.perf_counter()
        try:
            sizes.append(len(ask(line, str(number))))
        except RefusedError as error:
            click.echo(str(error), err=True)
            return None
        times.append(time.perf_counter() - asked)
        if time.perf_counter() - begun > ENOUGH:
            break
    return Measured(median(times), (service.worked - worked) / len(times), sizes[-1])


def make_report(grown: Sequence[Grown]) -> str:
    """Return the tables of what was measured."""
    names = list(grown[-1].questions)
    sizes = [f"{each.articles:,} articles" for each in grown]
    loads = [(f"{each.articles:,}", f"{each.statements:,}", *_tell_loading(each)) for each in grown]
    head = ("articles", "statements", "loaded, indexed and published in", "statements a second",
            "statements a second of a processor", "MB at most")  # fmt: skip
    rows = [(name, *(_cell(each.questions.get(name)) for each in grown), _size(grown[-1], name)) for name in names]
    return "\n\n".join([
        make_table(head, loads),
        "Milliseconds until the client has the whole answer / milliseconds of the server's processors:",
        make_table(("", *sizes, "answer"), rows),
        _judge(grown[-1]),
    ])  # fmt: skip


def _cell(measured: Measured | None) -> str:
    return "–" if measured is None else f"{1000 * measured.seconds:.0f} / {1000 * measured.processor:.0f}"


def _tell_loading(grown: Grown) -> Sequence[str]:
    took = grown.loading
    if took is None:
        return "–", "–", "–", "–"
    speeds = (f"{grown.statements / each:,.0f}" for each in (took.seconds, took.processor))
    return f"{took.seconds:.0f} s", *speeds, f"{took.memory / 1e6:,.0f}"


def _size(grown: Grown, name: str) -> str:
    measured = grown.questions[name]
    return "–" if measured is None else f"{measured.size / 1000:,.0f} kB"


def _judge(grown: Grown) -> str:
    """Name what takes longer than it may."""
    slow = [name for name, found in grown.questions.items() if found is None or _is_slow(found)]
    return f"Over {LIMIT:g} s at {grown.articles:,} articles though the answer is small: {', '.join(slow) or 'none'}."


def _is_slow(measured: Measured) -> bool:
    return measured.seconds > LIMIT and measured.size < LARGE


def plot(grown: Sequence[Grown], path: Path) -> None:
    """Draw the time of each question against the size of the graph, a panel for each."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - likewise

    from benchmarks.side_by_side.plots import OTHERS, OURS, save  # noqa: PLC0415 - only the extra `bench` has it

    names, articles, columns = list(grown[-1].questions), [each.articles for each in grown], 6
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(2.0 * columns, 1.3 * rows + 0.6), layout="constrained")
    panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    for axes, name in zip(panels, names, strict=False):
        found = [each.questions.get(name) for each in grown]
        times = [float("nan") if each is None else each.seconds for each in found]
        is_slow = found[-1] is None or _is_slow(found[-1])
        axes.plot(articles, times, marker="o", markersize=3, color=OURS if is_slow else OTHERS)
        axes.axhline(LIMIT, linewidth=0.6, linestyle="--", color="black")
        axes.set(xscale="log", yscale="log")
        axes.set_title(name.removeprefix("queries/").removesuffix(".rq"), fontsize=7, loc="left")
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    figure.supxlabel("articles")
    figure.supylabel("seconds; the dashed line is one second")
    save(figure, path)


@click.command(help=__doc__)
@click.option("--articles", type=click.IntRange(10), multiple=True, default=SIZES, help="Size of a graph.")
@click.option("--hub-claims", type=click.IntRange(0), help="Claims of the state that is named most.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Folder of the graphs and stores.")
@click.option("--write", is_flag=True, help="Put table and plot into docs/benchmarks.md.")
def main(articles: Sequence[int], hub_claims: int | None, keep: Path | None, *, write: bool) -> None:
    """Measure and print."""
    grown = list[Grown]()
    for number in sorted(articles):
        with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as folder:
            grown.append(measure(number, Path(folder) / str(number), hub_claims=hub_claims))
    report = f"{make_report(grown)}\n\n{describe_machine()}."
    click.echo(report)
    if write:
        plot(grown, IMAGES / "scaling.svg")
        replace_section("scaling", f"{report}\n\n![Time against size](images/scaling.svg)")
    sys.exit(any(found is None or _is_slow(found) for found in grown[-1].questions.values()))


if __name__ == "__main__":
    main()
