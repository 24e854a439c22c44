"""A query in a worker: asked of a snapshot, and its answer written in the format that is wanted."""

import json
import signal
import socket
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.dump import write_compressed
from kg.errors import QueryError, StoreError
from kg.jsonld import NoCompactFormError, write_compacted
from kg.remote import QuadStore
from kg.remote.interface import Results
from kg.sparql_columns import name_columns
from kg.sparql_tokens import find_undeclared, to_reason
from kg.vocab import prefix_map
from kg.worker_output import (
    FrameWriter,
    FullError,
    NotRdf11Error,
    TableWriter,
    TripleLimit,
    check_rdf_11,
    describe_cut,
    send_frame,
)
from kg.worker_reader import SnapshotReader

TABLES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}

REMARKS = {
    ox.RdfFormat.TURTLE: b"# truncated: %b\n",
    ox.RdfFormat.N_TRIPLES: b"# truncated: %b\n",
    ox.RdfFormat.RDF_XML: b"<!-- truncated: %b -->\n",
}
"""How a graph that was cut says so; in JSON-LD there is no room for it."""


def answer(job: Mapping[str, Any], reader: SnapshotReader, sock: socket.socket) -> None:
    """Run one job and send its frames; the kernel ends the process when the job's time is up.

    The clock stops before the last frame goes out: who has that may send the next job, and a process that does not get
    a processor meanwhile would be ended by what was left of this job's time.
    """
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    try:
        if job["snapshot"] is None:  # as nearly always
            store = reader.open(own=job["own"])
            (_dump if job["dump"] else _answer_query)(job, store, reader.name, sock)
        else:
            with reader.pinned(job["snapshot"], own=job["own"]) as (store, name):
                (_dump if job["dump"] else _answer_query)(job, store, name, sock)
    except (NotRdf11Error, NoCompactFormError) as error:
        _send_error(sock, "version", str(error))
    except QueryError as error:  # a store elsewhere has refused it
        _send_error(sock, "refused", error.message.rstrip("."))
    except (SyntaxError, ValueError, RuntimeError) as error:
        behind = find_undeclared(error)
        _send_error(sock, "undeclared" if behind else "refused", behind or to_reason(error))
    except (StoreError, OSError) as error:
        _send_error(sock, "failed", str(error))
    finally:
        _stop_clock()


def _stop_clock() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def _answer_query(job: Mapping[str, Any], store: QuadStore, snapshot: str, sock: socket.socket) -> None:
    """Send the answer to a query; its end frame says which limit it reached."""
    results = run_query(job, store)
    kind = "table" if isinstance(results, ox.QuerySolutions | ox.QueryBoolean) else "graph"
    output = _begin(sock, kind, job[kind], snapshot)
    end = {} if job[kind] is None else _serialize(job, results, output)
    _stop_clock()
    output.end(json.dumps(end).encode() if end else b"{}")


def _dump(job: Mapping[str, Any], store: QuadStore, snapshot: str, sock: socket.socket) -> None:
    """Send a dump; its end frame says nothing."""
    output = _begin(sock, "dump", job["dump"], snapshot)
    write_compressed(store, job["dump"], cast("IO[bytes]", output))
    _stop_clock()
    output.end(b"{}")


def _begin(sock: socket.socket, kind: str, format_name: str | None, snapshot: str) -> FrameWriter:
    return FrameWriter(sock, _make_head(kind, format_name, snapshot))


@lru_cache
def _make_head(kind: str, format_name: str | None, snapshot: str) -> bytes:
    return json.dumps({"kind": kind, "format": format_name, "snapshot": snapshot}).encode()


def run_query(job: Mapping[str, Any], store: QuadStore) -> Results:
    """Ask a store the query of a job (`Job.message`); errors are the engine's."""
    default, named, query = job["default_graphs"], job["named_graphs"], job["query"]
    if "*" in query and not job["network"]:
        query = name_columns(query, lambda: _list_variables(job))
    return store.query(
        query,
        base_iri=job["base_iri"],
        use_default_graph_as_union=job["union"],
        default_graph=None if default is None else [ox.NamedNode(iri) for iri in default],
        named_graphs=None if named is None else [ox.NamedNode(iri) for iri in named],
        substitutions={ox.Variable(name): _to_term(value) for name, value in job["bindings"].items()} or None,
    )


def _list_variables(job: Mapping[str, Any]) -> list[str]:
    """Return the variables of a query's answer, which are the same over any data."""
    found = ox.Store().query(job["query"], base_iri=job["base_iri"])
    return [variable.value for variable in found.variables] if isinstance(found, ox.QuerySolutions) else []


def _to_term(value: Any) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(value["iri"]) if isinstance(value, Mapping) else ox.Literal(value)


def _serialize(job: Mapping[str, Any], results: Results, output: FrameWriter) -> dict[str, Any]:
    """Send the answer; return what its end frame says of a limit that it reached."""
    if isinstance(results, ox.QueryBoolean):
        results.serialize(cast("IO[bytes]", output), TABLES[job["table"]])
        end = {}
    elif not isinstance(results, ox.QuerySolutions):
        end = _serialize_graph(job, results, output)
    else:
        table = TableWriter(output, job["table"], job["max_rows"], job["max_bytes"])
        try:
            results.serialize(cast("IO[bytes]", table), TABLES[job["table"]])
            table.finish()
            end = {}
        except FullError as full:
            end = {"limit": full.limit, "allowed": full.allowed, "closed": full.closed}
    return end


def _serialize_graph(job: Mapping[str, Any], results: Iterable[ox.Triple], output: FrameWriter) -> dict[str, Any]:
    rdf_format, prefixes = GRAPHS[job["graph"]], job["prefixes"]
    checks = job["only_rdf_11"] or rdf_format is ox.RdfFormat.JSON_LD  # which has no triple terms in any version
    found: Iterable[ox.Triple] = check_rdf_11(results) if checks else results
    if prefixes:
        triples = sorted(found, key=str)  # a document about one thing: small, and the same bytes every time
        ox.serialize(triples, cast("IO[bytes]", output), rdf_format, prefixes=prefixes)
        return {}
    limited = TripleLimit(found, output, job["max_rows"], job["max_bytes"])
    if job["is_compacted"]:
        write_compacted(limited, cast("IO[bytes]", output), prefix_map())
    else:
        ox.serialize(iter(limited), cast("IO[bytes]", output), rdf_format)
    if not limited.limit:
        return {}
    remark = REMARKS.get(rdf_format)
    if remark is not None:
        output.write(remark % describe_cut(limited.limit, limited.allowed).encode())
    return {"limit": limited.limit, "allowed": limited.allowed, "closed": remark is not None}


def _send_error(sock: socket.socket, reason: str, message: str) -> None:
    _stop_clock()
    send_frame(sock, b"X", json.dumps({"reason": reason, "message": message}).encode())
