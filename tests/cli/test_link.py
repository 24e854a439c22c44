"""`kg link` against a server of the test's own."""

import re
from pathlib import Path

import pytest

from kg.reconciliation.deciding import decide
from kg.store import open_snapshot
from kg.vocab import OWL, WIKIDATA, Minter
from tests.cli.standin import export, run
from tests.gold import BASE, load_gold
from tests.services import Entry, Reply, in_turn, serve, wikibase
from tests.web_site import build_site


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {"CONTACT": "test@example.org", "INTERVAL": "0.001", "CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(f"LAGEBILD_LINK_{name}", value)
    monkeypatch.setenv("LAGEBILD_FETCH_PRIVATE", "1")
    return build_site(tmp_path / "graph", load_gold())


def first_organization(graph: Path) -> tuple[str, str]:
    from kg.reconciliation.subjects import unlinked

    with open_snapshot(graph) as store:
        subject = unlinked(store, frozenset({"Organization"}))[0]
    return subject.iri, subject.label


def linked(graph: Path) -> list[tuple[str, str]]:
    with open_snapshot(graph) as store:
        quads = store.quads_for_pattern(None, OWL.term("sameAs"), None, Minter(BASE).linked_graph)
        return [(str(quad.subject), str(quad.object)) for quad in quads]


def test_linking_goes_on_survives_a_build_and_is_taken_back(graph: Path) -> None:
    iri, label = first_organization(graph)
    wanted = [(f"<{iri}>", f"<{WIKIDATA.iri}Q7>")]
    with serve(wikibase(Entry("Q7", label, "Q43229"))) as (url, log):
        tried = run("link", "--store", graph, "--wikibase", url, "--only", "Organization", "--limit", 1, "--dry-run")
        assert tried.exit_code == 0
        assert tried.stderr.endswith("Would link 1 of 1.\n")
        assert linked(graph) == []
        asked = len(log)
        done = run("link", "--store", graph, "--wikibase", url, "--only", "Organization", "--limit", 1)
        assert done.exit_code == 0
        assert done.stderr.endswith("Linked 1 of 1.\n")
        assert len(log) == asked  # the cache had it all
        assert f"{WIKIDATA.iri}Q7" in done.stdout
        assert linked(graph) == wanted
        check_page(graph, iri)
        before = export(graph)
        build_site(graph, load_gold())  # all articles anew
        assert linked(graph) == wanted
        assert export(graph) == before
        assert run("link", "--store", graph, "--reject", iri).stderr == "1 link rejected.\n"
        assert linked(graph) == []
        assert run("link", "--store", graph, "--reject", iri).exit_code == 1
        run("link", "--store", graph, "--wikibase", url, "--only", "Organization")
        assert wanted[0][0] not in {entity for entity, _ in linked(graph)}


def check_page(graph: Path, iri: str) -> None:
    """See that the entity's page names the link and leads to it."""
    from kg.settings import Settings
    from kg.web.app import create_app

    app = create_app(graph, Settings())
    try:
        client = app.test_client()
        text = client.get(iri.replace(f"{BASE}id/", "/page/")).get_data(as_text=True)
        link = re.search(r'href="(/page/link/[0-9a-f]+)">verbunden am ', text)
        assert f'href="{WIKIDATA.iri}Q7"' in text
        assert link
        assert client.get(link[1]).status_code == 200
    finally:
        app.extensions["supervisor"].close()


def test_what_was_found_before_an_error_counts(graph: Path) -> None:
    _, label = first_organization(graph)
    answer = wikibase(Entry("Q7", label, "Q43229"))
    with serve(lambda asked: Reply(status=403) if answered(asked.parameters, label) else answer(asked)) as (url, _):
        result = run("link", "--store", graph, "--wikibase", url, "--only", "Organization", "--limit", 2)
    assert result.exit_code == 1
    assert "Linked 1 of 1." in result.stderr
    assert "answers 403" in result.stderr
    assert len(linked(graph)) == 1


def answered(parameters: dict[str, str], label: str) -> bool:
    """Tell whether a question is about another organisation than the first."""
    return parameters["action"] == "wbsearchentities" and parameters["search"] != label


def test_ctrl_c_keeps_what_was_found(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, label = first_organization(graph)

    def interrupted(subject, candidates, owners):  # type: ignore[no-untyped-def]  # stands in for decide
        if subject.label != label:
            raise KeyboardInterrupt
        return decide(subject, candidates, owners)

    monkeypatch.setattr("kg.reconciliation.run.decide", interrupted)
    with serve(wikibase(Entry("Q7", label, "Q43229"))) as (url, _):
        result = run("link", "--store", graph, "--wikibase", url, "--only", "Organization")
    assert result.exit_code == 130
    assert len(linked(graph)) == 1


def test_without_a_contact_nothing_is_asked(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAGEBILD_LINK_CONTACT")
    with serve(in_turn(Reply())) as (url, log):
        result = run("link", "--store", graph, "--wikibase", url)
    assert result.exit_code == 1
    assert "Set LAGEBILD_LINK_CONTACT" in result.stderr
    assert log == []


def test_wrong_options(graph: Path) -> None:
    assert run("link", "--store", graph, "--type", "Person").exit_code == 2
    assert run("link", "--store", graph, "--reject", "no iri").exit_code == 2
    assert run("link", "--store", graph, "--wikibase", "ftp://example.org/", "--limit", 1).exit_code == 1
