"""The client for Python: the same rows from a store on this machine and from a server; the notebook."""

import ast
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import Literal, NamedNode

from kg import Graph
from kg.client.events import COLUMNS
from kg.client.values import to_value
from kg.errors import QueryError, QueryTimeoutError, SettingError, StoreError
from kg.exports import VIEWS, csv_lines
from kg.exports.cells import restore
from kg.store import open_snapshot
from kg.vocab import XSD
from tests.gold import BASE
from tests.live import make_empty_store, start_server

ROOT = Path(__file__).parent.parent
CODEBOOK = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
NOTEBOOK = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def local(site_store: Path) -> Iterator[Graph]:
    with Graph(site_store) as graph:
        yield graph


@pytest.fixture(scope="module")
def remote(site_store: Path) -> Iterator[Graph]:
    with start_server(site_store, RESULT_MAX_ROWS="5000") as server, Graph(server.url) as graph:
        yield graph


@pytest.fixture(params=["local", "remote"])
def graph(request: pytest.FixtureRequest) -> Graph:
    found: Graph = request.getfixturevalue(request.param)
    return found


def test_deployments_are_the_rows_of_the_table(graph: Graph, site_store: Path) -> None:
    with open_snapshot(site_store) as store:
        table = csv.DictReader(io.StringIO("".join(csv_lines(VIEWS["deployments.csv"], store, BASE)), newline=""))
        wanted = [{name: restore(cell) for name, cell in row.items()} for row in table]
    rows = graph.deployments()
    assert [*rows.columns] == [column.name for column in VIEWS["deployments.csv"].columns]
    found = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]
    hostile = [row["article"] for row in wanted].index("hostile")
    del found[hostile], wanted[hostile]  # whose line breaks a table does not keep
    assert [{**row, "confidence": float(row["confidence"])} for row in found] == [
        {**row, "confidence": float(row["confidence"])} for row in wanted
    ]


def test_values_are_numbers_and_days(graph: Graph) -> None:
    rows = graph.deployments(country="KP", status="possible")
    assert {(row["personnel_min"], row["personnel_max"]) for row in rows} >= {(25_000, 30_000)}
    for row in rows:
        assert isinstance(row["published"], date)
        assert isinstance(row["confidence"], float)
        assert row["sentence"] and row["claim_iri"] and row["article_iri"]
        assert row["source_url"] is None or str(row["source_url"]).startswith("http")


def test_pandas_takes_the_rows(local: Graph) -> None:
    rows = local.claims()
    frame = pd.DataFrame(rows)
    assert [*frame.columns] == [*rows.columns]
    assert len(frame) == frame["claim_iri"].nunique() > 100
    assert set(frame["event_type"]) <= set(VIEWS["claims.csv"].types)
    nothing = local.claims(since="2900-01-01")
    assert [*pd.DataFrame(nothing, columns=nothing.columns).columns] == [*rows.columns]


def test_filters_narrow(local: Graph) -> None:
    everything = local.claims()
    for kind in ("Withdrawal", "Attack"):
        assert local.claims(type=kind) == [row for row in everything if row["event_type"] == kind]
    assert local.withdrawals() == local.claims(type="Withdrawal")
    assert local.claims(status="denied") == [row for row in everything if row["status"] == "denied"]
    early = local.claims(until="2024-06-30")
    late = local.claims(since=date(2024, 7, 1))
    assert 0 < len(early) < len(everything) and 0 < len(late) < len(everything)
    assert {row["claim_iri"] for row in early + late} == {row["claim_iri"] for row in everything}
    for row in late:
        assert (row["date_end"] or row["date_begin"] or row["published"]) >= date(2024, 7, 1)


def test_a_country_counts_by_what_belongs_to_it(local: Graph) -> None:
    by_name, by_code = local.claims(country="Russland"), local.claims(country="RU")
    assert by_name == by_code == local.claims(entity=f"{BASE}id/country/RU") != []
    for row in by_code:
        codes = [str(cell).split("|") for name, cell in row.items() if name.endswith("_country") and cell]
        assert "RU" in {code for each in codes for code in each} or "RU" in str(row)


def test_pages_make_up_the_whole(local: Graph) -> None:
    whole = local.events(type="Deployment")
    pages = [row for begin in range(0, len(whole), 7) for row in local.events(type="Deployment", limit=7, offset=begin)]
    assert pages == whole


def test_events_are_described_and_have_their_first_claim(local: Graph) -> None:
    section = CODEBOOK.partition("\n## Events\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in COLUMNS]
    events = local.events()
    assert [*events.columns] == [column.name for column in COLUMNS]
    assert len({row["event_iri"] for row in events}) == len(events)
    several = [row for row in events if row["claim_count"] != 1]
    assert several
    for row in several[:5]:
        claims = local.claims(str(row["event_iri"]))
        assert len(claims) == row["claim_count"]
        assert (row["claim_iri"], row["sentence"]) == (claims[0]["claim_iri"], claims[0]["sentence"])


def test_entities_by_name_code_key_and_iri(graph: Graph) -> None:
    names = ("Nordkorea", "North Korea", "KP", "country/KP", f"{BASE}id/country/KP")
    found = [graph.entity(name) for name in names]
    assert all(entity == found[0] for entity in found)
    assert (found[0].type, found[0].iso_code, found[0].name) == ("Country", "KP", "Nordkorea")


@pytest.mark.parametrize("name", ["", "Nirgendland", "a b/c", "country/ZZ", '" } INSERT', "x\n", "<script>"])
def test_what_no_entity_is_called_is_told(local: Graph, name: str) -> None:
    with pytest.raises(SettingError, match="no entity"):
        local.entity(name)


def test_queries_give_rows_triples_and_yes_or_no(graph: Graph) -> None:
    lb = "PREFIX lb: <https://w3id.org/lagebild/ontology#> "
    rows = graph.query(
        lb + "SELECT ?min ?end WHERE { ?c lb:personnelMin ?min OPTIONAL { ?c lb:end ?end } } ORDER BY ?min"
    )
    assert rows.columns == ("min", "end")
    assert all(isinstance(row["min"], int) for row in rows)
    assert {type(row["end"]) for row in rows} == {date, type(None)}
    assert graph.query(lb + "ASK { ?c a lb:Claim }") == [{"answer": True}]
    triples = graph.query(lb + "CONSTRUCT WHERE { ?c lb:begin ?day } LIMIT 3")
    assert triples.columns == ("subject", "predicate", "object")
    assert {type(row["object"]) for row in triples} == {date}
    with pytest.raises(QueryError):
        graph.query("SELECT")


def test_an_answer_that_was_cut_is_an_error(remote: Graph) -> None:
    with pytest.raises(StoreError, match="part of the answer"):
        remote.query("SELECT * WHERE { ?s ?p ?o . ?s ?q ?r }")


def test_a_query_that_takes_too_long_is_stopped(site_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_QUERY_TIMEOUT", "0.2")
    with Graph(site_store) as graph, pytest.raises(QueryTimeoutError):
        graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"status": "sure"}, "no status 'sure'"),
        ({"since": "gestern"}, "no day"),
        ({"limit": -1}, "negative"),
        ({"country": "Nirgendland"}, "no entity"),
    ],
)
def test_wrong_filters_are_told(local: Graph, wanted: dict[str, object], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        local.claims(**wanted)


def test_what_is_no_graph_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        Graph(tmp_path / "none")
    with pytest.raises(SettingError, match="no names in 'fr'"):
        Graph(tmp_path, language="fr")
    with pytest.raises(SettingError, match="password"):
        Graph("https://name:secret@example.org/sparql")
    with Graph(make_empty_store(tmp_path / "empty")) as graph:
        assert graph.deployments() == []
        assert graph.events() == []


def test_values_that_do_not_fit_their_type_are_text() -> None:
    def typed(text: str, kind: str) -> object:
        return to_value(Literal(text, datatype=XSD.term(kind)))

    assert (typed("07", "integer"), typed("x", "integer"), typed("0.5", "decimal")) == (7, "x", 0.5)
    assert (typed("2024-02-30", "date"), typed("1", "boolean"), typed("no", "boolean")) == ("2024-02-30", True, "no")
    assert typed("2024-02-03T04:05:06", "dateTime") == datetime(2024, 2, 3, 4, 5, 6)
    assert (to_value(None), to_value(NamedNode("http://a/b"))) == (None, "http://a/b")


def test_the_package_stays_light() -> None:
    code = "import sys, kg; sys.exit('pyoxigraph' in sys.modules or not hasattr(kg, 'Graph'))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_the_notebook_runs_and_keeps_no_outputs(site_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_STORE", str(site_store))
    cells = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    names: dict[str, object] = {}
    shown = []
    for cell in cells:
        *body, last = ast.parse("".join(cell["source"])).body
        if isinstance(last, ast.Expr):
            last = ast.Assign([ast.Name("_", ast.Store())], last.value)
        exec(compile(ast.fix_missing_locations(ast.Module([*body, last], [])), cell["id"], "exec"), names)  # noqa: S102 - our own notebook
        shown.append(names.pop("_", None))
    frames = [value for value in shown if isinstance(value, pd.DataFrame | pd.Series)]
    assert len(frames) >= 5
    assert all(len(frame) for frame in frames)
