"""How long each server takes for each question: asked in turn, by the same client, over connections that stay open."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from benchmarks.line import Line, RefusedError
from benchmarks.service import cpu_of, memory_of
from benchmarks.side_by_side.engines import Engine
from benchmarks.side_by_side.questions import TABLE, Question

BUDGET_SECONDS: Final = 20.0
"""Time for one server and one question; who has used it up is asked no more."""
LEAST: Final = 3
"""Measured answers, whatever time they take."""


@dataclass(slots=True)
class Timed:
    """What one server took for one question."""

    seconds: list[float] = field(default_factory=list)
    error: str = ""
    """Why it has no times."""
    rows: int | None = None
    """Rows of a table that was asked for."""
    cpu: float = 0.0
    """Seconds that the server's processes worked for all of its answers, the first one included."""

    @property
    def middle(self) -> float:
        """The median in seconds."""
        return median(self.seconds)

    @property
    def high(self) -> float:
        """The time that nineteen of twenty answers took at most, in seconds."""
        return quantiles(self.seconds, n=20, method="inclusive")[-1] if len(self.seconds) > 1 else self.seconds[0]

    @property
    def cpu_each(self) -> float:
        """Seconds of processor time an answer, which other work on the machine hardly changes."""
        return self.cpu / (len(self.seconds) + 1)

    @property
    def is_done(self) -> bool:
        """Whether it is to be asked no more."""
        return bool(self.error) or (len(self.seconds) >= LEAST and sum(self.seconds) > BUDGET_SECONDS)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up."""

    engine: Engine
    line: Line
    pid: int
    port: int

    @property
    def worked(self) -> float:
        """Seconds of a processor that it has used."""
        return cpu_of(self.pid, self.port)


@dataclass(frozen=True, slots=True)
class Served:
    """What was measured."""

    times: Mapping[str, Mapping[str, Timed]]
    """By question and engine; engines without an answer to a question are not there."""
    memory: Mapping[str, int]
    """Bytes of each server's processes after all questions."""
    missing: Mapping[str, str]
    """Engines that could not be measured, with the reason."""


def measure_serving(engines: Sequence[Engine], questions: Sequence[Question], graph: Path, folder: Path) -> Served:
    """Start all servers over the same graph and ask them everything.

    Args:
        engines: what to compare.
        questions: what to ask.
        graph: an N-Quads file.
        folder: where they may keep their data.
    """
    missing = {engine.name: engine.why_not for engine in engines if engine.why_not}
    with _all_running([engine for engine in engines if engine.name not in missing], graph, folder) as running:
        times = {question.name: measure_question(question, running) for question in questions}
        memory = {each.engine.name: memory_of(each.pid) for each in running if each.engine.path}
    return Served(times, memory, missing)


def measure_question(question: Question, running: Sequence[Running]) -> dict[str, Timed]:
    """Ask all servers in turn; the first answer of each is not counted."""
    asked = [each for each in running if question.path(each.engine, 0) is not None]
    times = {each.engine.name: Timed() for each in asked}
    before = {each.engine.name: each.worked for each in asked}
    for number in range(question.rounds + 1):
        for each in asked:
            timed = times[each.engine.name]
            if not timed.is_done:
                _ask(question, each, number, timed)
    for each in asked:
        times[each.engine.name].cpu = each.worked - before[each.engine.name]
    return times


def _ask(question: Question, running: Running, number: int, timed: Timed) -> None:
    path = question.path(running.engine, number)
    assert path is not None
    try:
        taken = running.line.take(path, question.accept)
    except (OSError, RefusedError) as error:
        timed.error = str(error) or type(error).__name__
        return
    if number:
        timed.seconds.append(taken.seconds)
    elif question.accept == TABLE:
        timed.rows = count_rows(taken.body)


def count_rows(body: bytes) -> int:
    """Return the number of rows of a table in JSON."""
    return len(json.loads(body)["results"]["bindings"])


@contextmanager
def _all_running(engines: Sequence[Engine], graph: Path, folder: Path) -> Iterator[list[Running]]:
    with ExitStack() as stack:
        running = []
        for number, engine in enumerate(engines):
            own = folder / str(number)
            own.mkdir()
            port, pid = stack.enter_context(engine.serve(graph, own))
            running.append(Running(engine, Line(port), pid, port))
            stack.callback(running[-1].line.close)
        yield running
