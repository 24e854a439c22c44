"""The SPARQL 1.1 Protocol at /sparql: queries by GET, by form and by direct POST, updates by POST with a token.

The union of all graphs is queried unless the protocol or the query names a dataset.
"""

from flask import Blueprint, Response, current_app, request

from kg.errors import LagebildError
from kg.sparql_tokens import QUERY_FORMS, find_form
from kg.web import querypage
from kg.web.answers import answer_job
from kg.web.context import writes
from kg.web.description import describe_service
from kg.web.explaining import explain, to_response
from kg.web.jobs import make_job
from kg.web.limits import check_query, check_size
from kg.web.negotiation import GRAPHS, HTML, TABLES, Choice, Format, by_name, negotiate
from kg.web.problems import ProblemError, not_acceptable
from kg.web.protocol import Operation, make_operation, read_parameters, values
from kg.web.querytext import makes_graph
from kg.web.tokens import require
from kg.write_jobs import RunUpdate

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query, run an update, or show the query page to a browser.

    A browser gets a query that is not answered back in the form, so that nobody has to write it again.
    """
    parameters = read_parameters()
    try:
        return _do(make_operation(parameters, current_app.config["SETTINGS"]))
    except (ProblemError, LagebildError) as error:
        queries, formats = values(parameters, "query"), values(parameters, "format")
        if not (queries and wants_page(formats[0] if formats else None)):
            raise
        return querypage.refuse(queries[0], error)


def _do(asked: Operation) -> Response:
    if asked.update is not None:
        return _update(asked)
    if asked.query is None:
        return _describe(asked)
    if asked.explains:
        check_size(asked.query, current_app.config["SETTINGS"])
        explanation = explain(asked)
        if wants_page(asked.format):
            return querypage.show_explanation(asked.query, explanation)
        return to_response(explanation)
    check_query(asked.query, current_app.config["SETTINGS"])
    if wants_page(asked.format):
        return querypage.show(make_job(asked, by_name("tsv", TABLES), by_name("nt", GRAPHS)))
    return answer(asked)


def wants_page(format_name: str | None) -> bool:
    """Tell whether the answer to a query is wanted as a page."""
    choice = choose(format_name, (*TABLES, *GRAPHS, HTML))
    return choice is not None and choice.format is HTML


def _describe(asked: Operation) -> Response:
    """Describe the service to whoever comes without a query (Service Description, section 2), a browser by its form."""
    choice = choose(asked.format, (*GRAPHS, HTML))
    if choice and choice.format is HTML:
        return querypage.show(make_job(asked, None, None))
    if request.method == "POST":
        raise ProblemError(400, "There is no query.", "Send one in the parameter `query`.")
    if choice is None:
        raise not_acceptable((*GRAPHS, HTML))
    return describe_service(choice)


def _update(asked: Operation) -> Response:
    if find_form(asked.update or "") in QUERY_FORMS:
        remedy = "Send it as `query` or with the type application/sparql-query."
        raise ProblemError(400, "The update is a query.", remedy, "malformed-query")
    require("update")
    writes().run(RunUpdate(asked.update or "", asked.default_graphs, asked.named_graphs))
    return Response(status=204)


def answer(asked: Operation) -> Response:
    """Run the query and stream its answer in the format that was negotiated."""
    table, graph = choose(asked.format, TABLES), choose(asked.format, GRAPHS)
    if table is None and graph is None:
        raise not_acceptable(GRAPHS if makes_graph(asked.query or "") else TABLES)
    return answer_job(make_job(asked, table, graph), table, graph)


def choose(name: str | None, offers: tuple[Format, ...]) -> Choice | None:
    """Choose the format that the URL names, else the one that Accept asks for."""
    return by_name(name, offers) if name else negotiate(request.headers.get("Accept"), offers)
