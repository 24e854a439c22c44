"""Clients that others have written for the protocols that the server speaks."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from kg.rdf import reference_quads, to_quads
from kg.rollup import derive
from kg.store import Writer
from tests.gold import load_gold
from tests.live import LiveServer, free_port, start_server

COMUNICA = os.environ.get("LAGEBILD_COMUNICA", "")
"""Folder in which `npm install @comunica/query-sparql` was run."""
QUERY = """
PREFIX lb: <https://w3id.org/lagebild/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?claim ?status ?name ?most WHERE {
  ?claim lb:eventType lb:Deployment ; lb:status ?status ; lb:sender ?sender .
  ?sender rdfs:label ?name . FILTER(LANG(?name) = "de")
  OPTIONAL { ?claim lb:personnelMax ?most }
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server at the address that its data is named after, as these clients follow what they are told."""
    path, port = tmp_path_factory.mktemp("clients") / "store", free_port()
    base = f"http://127.0.0.1:{port}/"
    with Writer(path, base, derive) as writer:
        for each in load_gold()[:3]:
            known = reference_quads([item.entity for item in each.entities], base)
            writer.replace_article(each.article.stem, to_quads(each, base), known)
        writer.publish()
    with start_server(path, port) as found:
        yield found


@pytest.mark.skipif(not COMUNICA, reason="LAGEBILD_COMUNICA does not name the folder with Comunica")
def test_comunica_answers_a_query_from_fragments(server: LiveServer) -> None:
    from kg import Graph

    node = shutil.which("node") or pytest.skip("there is no Node")
    script = Path(__file__).parent / "clients" / "fragments.mjs"
    command = [node, str(script), COMUNICA, f"{server.url}/fragments"]
    done = subprocess.run(command, input=QUERY, capture_output=True, text=True, timeout=120, check=True)
    with Graph(server.url) as graph:
        expected = [
            {name: str(value) for name, value in row.items() if value is not None} for row in graph.query(QUERY)
        ]
    assert expected
    assert sorted(json.loads(done.stdout), key=str) == sorted(expected, key=str)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:The inplace keyword")  # the client's own
def test_reconciler_matches_a_table(server: LiveServer) -> None:
    reconciler = pytest.importorskip("reconciler")
    table = pd.Series(["Nordkorea", "Deutschland", "Deutchland"])
    found = reconciler.reconcile(table, type_id="Country", reconciliation_endpoint=f"{server.url}/reconcile", top_res=1)
    matched = {row["input_value"]: (row["id"], row["match"]) for row in found.to_dict("records")}
    assert matched["Nordkorea"] == ("country/KP", True)
    assert matched["Deutschland"] == ("country/DE", True)
    assert matched["Deutchland"] == ("country/DE", False)
