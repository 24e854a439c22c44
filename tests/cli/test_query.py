"""`kg query`."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.standin import run

QUERY = """PREFIX lb: <https://w3id.org/lagebild/ontology#>
SELECT ?min ?text { ?claim a lb:Claim ; lb:personnelMin ?min ; lb:personnelText ?text } ORDER BY ?min"""


def test_query_as_a_table(store: Path) -> None:
    result = run("query", "--store", store, "-", stdin=QUERY)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == ["min", "text"]
    assert ["400", "400", "Polizisten"] in lines
    assert result.stderr == "2 rows\n"


def test_query_from_a_file_as_csv_and_json(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(QUERY)
    assert run("query", "--store", store, path, "--format", "csv").stdout.split() == [
        "min,text",
        "400,400",
        "Polizisten",
        "600,600",
        "Polizisten",
    ]
    rows = json.loads(run("query", "--store", store, path, "-f", "json").stdout)["results"]["bindings"]
    assert [row["min"]["value"] for row in rows] == ["400", "600"]


def test_relative_iris_are_those_of_the_data(store: Path) -> None:
    query = "PREFIX lb: <https://w3id.org/lagebild/ontology#> ASK { ?claim ?role ?x FILTER(?x = <id/country/HT>) }"
    assert run("query", "--store", store, "-", stdin=query).stdout == "yes\n"


def test_ask_and_construct(store: Path) -> None:
    assert run("query", "--store", store, "-", stdin="ASK { ?s ?p ?o }").stdout == "yes\n"
    construct = run("query", "--store", store, "-", stdin="CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }")
    assert "<http://localhost:8000/id/country/KE>" in construct.stdout


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT nonsense", "cannot be read"),
        ("", "cannot be read"),
        ("SELECT * { ?s nowhere:is ?o }", "the name before 1:25 has a prefix that is not declared. Declare it"),
        ("INSERT DATA { <http://x/> <http://x/> 1 }", "The query is an update. Send it to a server"),
    ],
    ids=["syntax", "empty", "prefix", "update"],
)
def test_bad_queries_are_one_line(store: Path, query: str, message: str) -> None:
    result = run("query", "--store", store, "-", stdin=query)
    assert result.exit_code == 1
    assert message in result.stderr
    assert re.fullmatch(r"Error: .+\n", result.stderr)


def test_missing_file_is_one_line(store: Path, tmp_path: Path) -> None:
    result = run("query", "--store", store, tmp_path / "none.rq")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "none.rq cannot be read: No such file or directory. Give a file with a SPARQL query, or -.\n"
    )


def test_a_deeply_nested_query_is_answered(store: Path) -> None:
    result = run("query", "--store", store, "-", "--format", "csv", stdin="ASK " + "{" * 5000 + "}" * 5000)
    assert (result.exit_code, result.stdout.strip()) == (0, "true")


def test_a_query_that_takes_too_long(store: Path) -> None:
    everything = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6)) + " }"
    result = run("query", "--store", store, "-", "--timeout", "0.5", stdin=everything)
    assert result.exit_code == 1
    assert "stopped after 0.5 s" in result.stderr
