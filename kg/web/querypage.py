"""The query page at /sparql: a form, the examples, and an answer as a table with names in place of IRIs."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, current_app
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryResultsFormat, parse_query_results

from kg.errors import LagebildError, StoreError
from kg.queries import Query, load_queries
from kg.settings import Settings
from kg.snapshots import published_on
from kg.vocab import LB, RDFS
from kg.web.cache import mark
from kg.web.context import base_iri, language, page, supervisor, words_for
from kg.web.explaining import MOST_COUNTED, Explanation
from kg.web.i18n import load_messages, section
from kg.web.negotiation import GRAPHS, TABLES
from kg.web.problems import ProblemError, as_problem
from kg.worker_jobs import Answer, Job

MOST_ROWS = 500
MOST_BYTES = 2_000_000
"""What a page shows of an answer; the formats for programs give all of it."""
START = f"""PREFIX {LB.prefix}: <{LB.iri}>
PREFIX {RDFS.prefix}: <{RDFS.iri}>
SELECT ?event ?name ?status WHERE {{
  ?event a lb:Deployment ; rdfs:label ?name ; lb:status ?status .
  FILTER(LANG(?name) = "de")
}}
LIMIT 25
"""

_NOTHING: Mapping[str, Any] = {
    "problem": None,
    "explanation": None,
    "cited": "",
    "columns": (),
    "rows": (),
    "boolean": None,
    "truncated": False,
    "is_graph": False,
}
"""What the page shows of an answer, where there is none."""

Cell = NamedNode | BlankNode | Literal | None


def show(job: Job) -> Response:
    """Show the form, and where there is a query its answer.

    Raises:
        QueryError: the query is refused, or cannot be answered; see `refuse`.
    """
    if not job.query.strip():
        response = _render("")
        with suppress(StoreError):  # the form is there without a graph too
            mark(supervisor().snapshot())
        return response
    return _render(job.query, _run(job), job.snapshot)


def show_explanation(query: str, explanation: Explanation) -> Response:
    """Show the form, and what the query would touch."""
    response = _render(query, {"explanation": explanation, "most_counted": MOST_COUNTED})
    response.headers["Cache-Control"] = "no-store"
    return response


def show_cited(query: str, address: str, until: date) -> Response:
    """Show the form, and the address that was made for the query."""
    response = _render(query, {"cited": address, "cited_until": until.isoformat()})
    response.status_code = 201
    response.headers.update({"Cache-Control": "no-store", "Location": address})
    return response


def refuse(query: str, error: ProblemError | LagebildError) -> Response:
    """Show the form with a query that is not answered, and above it why."""
    problem = as_problem(error) if isinstance(error, LagebildError) else error
    response = _render(query, {"problem": problem})
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _render(query: str, values: Mapping[str, Any] = _NOTHING, snapshot: str | None = None) -> Response:
    shown: dict[str, Any] = {**_NOTHING, **values}
    terms = (cell.value for row in shown["rows"] for cell in row if isinstance(cell, NamedNode))
    settings: Settings = current_app.config["SETTINGS"]
    start = START.replace('"de"', f'"{language()}"')
    response = page(
        "sparql.html",
        query=query or start,
        start=start,
        asked=bool(query.strip()),
        worded=section("problem"),
        kept_on=published_on(snapshot).isoformat() if snapshot else "",
        groups=group_examples(),
        base=base_iri(),
        messages=script_messages(),
        seconds=settings.query_timeout,
        memory=settings.query_memory_mb,
        cites=bool(settings.permalink_days),
        name=words_for(sorted(set(terms))),
        downloads=[offer.name for offer in (GRAPHS if shown["is_graph"] else TABLES)],
        has_editor=(Path(current_app.static_folder or "") / "vendor" / "query.js").exists(),
        is_iri=lambda cell: isinstance(cell, NamedNode),
        **shown,
    )
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "no-cache"
    return response


def script_messages() -> dict[str, str]:
    """Return the words of the page's script.

    Those of the editor, those of problems as `problem.KIND`, and as `told.SENTENCE` the English sentences of problem
    documents.
    """
    spoken = language()
    words = {key: load_messages()[f"editor.{key}"][spoken] for key in section("editor")}
    words |= {f"problem.{key}": load_messages()[f"problem.{key}"][spoken] for key in section("problem")}
    if spoken != "en":
        told = (load_messages()[f"told.{key}"] for key in section("told"))
        words |= {f"told.{_plain(each['en'])}": _plain(each[spoken]) for each in told}
    return words


def _plain(message: str) -> str:
    """Return a message in which braces stand for themselves, but for those of placeholders."""
    return message.replace("{{", "{").replace("}}", "}")


def group_examples() -> list[tuple[str, list[Query]]]:
    """Return the example queries by group, groups in the order of the site's messages."""
    groups: dict[str, list[Query]] = {name: [] for name in section("group")}
    for query in load_queries():
        groups.setdefault(query.group, []).append(query)
    return [(group, queries) for group, queries in groups.items() if queries]


def _run(job: Job) -> dict[str, object]:
    """Run the query and return the beginning of its answer."""
    answer = supervisor().queries_for(job).ask(job)
    body, whole = _read_lines(answer)
    if answer.kind == "graph":
        text = "?subject\t?property\t?value\n" + "".join(
            line[:-2].replace(" ", "\t", 2) + "\n" for line in body if line[0] != "#"
        )
        return {**_table(text, whole), "is_graph": True}
    if body and body[0].strip() in {"true", "false"}:
        return {"boolean": body[0].strip() == "true"}
    return _table("".join(line + "\n" for line in body), whole)


def _read_lines(answer: Answer) -> tuple[list[str], bool]:
    """Read whole lines up to the limit of a page; tell whether these are all."""
    data = bytearray()
    for chunk in answer.chunks:
        data += chunk
        if len(data) > MOST_BYTES or data.count(b"\n") > MOST_ROWS + 1:
            answer.close()
            break
    else:
        lines = data.decode().split("\n")
        return (lines if lines[-1] else lines[:-1]), not answer.truncated
    return data[: data.rfind(b"\n")].decode().split("\n")[: MOST_ROWS + 1], False


def _table(text: str, whole: bool) -> dict[str, object]:
    results = parse_query_results(text.encode(), format=QueryResultsFormat.TSV)
    if isinstance(results, QueryBoolean):
        return {"boolean": bool(results)}
    rows: Sequence[Sequence[Cell]] = [list(solution) for solution in results]
    columns = [variable.value for variable in results.variables]
    return {"columns": columns, "rows": rows[:MOST_ROWS], "truncated": not whole or len(rows) > MOST_ROWS}
