"""The servers that are measured: each loads the same N-Quads file and answers SPARQL over the union of its graphs."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.latency import start_hello
from benchmarks.line import Line, RefusedError
from benchmarks.service import Service, free_port

START_SECONDS: Final = 600.0
"""Time that a server has to load the graph and to answer; rdflib reads some 15,000 quads a second."""
OURS: Final = "Lagebild"
_ANY_ROW: Final = "/sparql?query=SELECT%20%2A%20WHERE%20%7B%3Fa%20%3Fb%20%3Fc%7D%20LIMIT%201"


@dataclass(frozen=True, slots=True)
class Engine:
    """A server that can be started over a graph."""

    name: str
    serve: Callable[[Path, Path], AbstractContextManager[tuple[int, int]]]
    """Loads a graph (an N-Quads file) into a folder of its own and serves it: port and process id."""
    path: str = "/sparql"
    """Where it takes queries; empty where it takes none."""
    page: str = "/sparql"
    """Its page for people."""
    entity_page: str = ""
    """Where it has the page of an entity, whose key follows."""
    why_not: str = ""
    """Why it cannot be measured on this machine; empty where it can."""


def list_engines(store: Path) -> Sequence[Engine]:
    """Return all engines; the first is this program, which serves `store`, that holds the same graph already."""
    in_memory, over_oxigraph = (partial(_serve_rdflib, name) for name in ("default", "oxigraph"))
    no_rdflib = _lacks("rdflib-endpoint")
    no_oxrdflib = no_rdflib or ("" if find_spec("oxrdflib") else "the package `oxrdflib` is not installed")
    no_virtuoso = "" if shutil.which("virtuoso-t") else "Debian's package `virtuoso-opensource-7` is not installed"
    return (
        Engine(OURS, partial(_serve_lagebild, store), entity_page="/page/"),
        Engine("oxigraph serve", _serve_oxigraph, "/query", "/", why_not=_lacks("oxigraph")),
        Engine("rdflib-endpoint, in memory", in_memory, "/", "/", why_not=no_rdflib),
        Engine("rdflib-endpoint, over Oxigraph", over_oxigraph, "/", "/", why_not=no_oxrdflib),
        Engine("Virtuoso", _serve_virtuoso, why_not=no_virtuoso),
        Engine("hello, Flask", partial(_serve_hello, "Flask"), "", "/", "/?"),
        Engine("hello, ASGI", partial(_serve_hello, "function"), "", "/", "/?"),
    )


@contextmanager
def _serve_lagebild(store: Path, _graph: Path, _folder: Path) -> Iterator[tuple[int, int]]:
    service = Service(store)
    try:
        service.wait_until_up()
        yield service.port, service.process.pid
    finally:
        service.stop()


@contextmanager
def _serve_hello(kind: str, _graph: Path, _folder: Path) -> Iterator[tuple[int, int]]:
    """Serve a hello by the server that this program uses: what a page costs that holds nothing."""
    process, port = start_hello(kind)
    try:
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def _serve_oxigraph(graph: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Serve by the engine that this program uses, without anything around it."""
    oxigraph, port = str(_script("oxigraph")), free_port()
    subprocess.run([oxigraph, "load", "--location", folder, "--file", graph], check=True, capture_output=True)
    command = [oxigraph, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running([*command, "--union-default-graph"], folder) as process:
        yield _when_up(process, port, "/query"), process.pid


@contextmanager
def _serve_rdflib(store: str, graph: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Serve by rdflib behind FastAPI and uvicorn, with one of its stores."""
    port = free_port()
    command = [str(_script("rdflib-endpoint")), "serve", "--store", store, "--host", "127.0.0.1", "--port", str(port)]
    with _running([*command, str(graph)], folder) as process:
        yield _when_up(process, port, "/"), process.pid


@contextmanager
def _serve_virtuoso(graph: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Serve by OpenLink Virtuoso 7, as Debian packages it, with its limit on rows lifted."""
    port, sql_port = free_port(), free_port()
    shutil.copy(graph, folder / "graph.nq")
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(folder=folder, port=port, sql_port=sql_port))
    with _running(["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")], folder) as process:
        _when_up(process, port, "/sparql")
        orders = f"ld_dir('{folder}', 'graph.nq', 'urn:graph'); rdf_loader_run(); checkpoint;"
        isql = ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={orders}"]
        subprocess.run(isql, check=True, capture_output=True)
        yield port, process.pid


VIRTUOSO_INI: Final = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryExecutionTime = 60
"""
"""The buffers are what its manual advises for 2 GB of memory."""


def _script(name: str) -> Path | None:
    """Return a program that a package has put beside this Python."""
    path = Path(sys.executable).parent / name
    return path if path.exists() else None


def _lacks(package: str) -> str:
    return "" if _script(package) else f"the package `{package}` is not installed"


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _when_up(process: subprocess.Popen[bytes], port: int, path: str) -> int:
    """Wait until a server answers; return its port.

    Raises:
        RefusedError: it has ended, or does not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RefusedError(f"{process.args!r} has ended with {process.returncode}")
        try:
            Line(port).take(_ANY_ROW.replace("/sparql", path))
        except (OSError, RefusedError):
            time.sleep(0.1)
        else:
            return port
    raise RefusedError(f"{process.args!r} does not answer")
