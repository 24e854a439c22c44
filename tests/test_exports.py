"""The tables of claims: their cells, what they say, and that they can be read back."""

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.exports import VIEWS, csv_lines, export
from kg.exports.cells import defuse, join, one_line, restore, split
from kg.exports.plover import AUXILIARY, CODINGS, QUADS
from kg.frames import load_frames
from kg.model import STATUSES
from kg.store import open_snapshot
from kg.vocab import LABEL, LB, PROV
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store
from tests.web_site import BREAKOUT

CODEBOOK = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text(encoding="utf-8")
FORMULA = re.compile(r"(?:^|;)[ \u00a0]*[=+\-@＝＋－＠]")


@pytest.fixture(scope="module")
def store() -> Store:
    return fill_store(load_gold(), BASE)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows(store: Store, name: str, language: str = "de") -> list[dict[str, str]]:
    return read("".join(csv_lines(VIEWS[name], store, BASE, language)))


@pytest.mark.parametrize("name", VIEWS)
def test_codebook_describes_each_column_in_order(name: str) -> None:
    section = CODEBOOK.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    described = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|", section, re.MULTILINE)
    assert [row[0] for row in described] == [column.name for column in VIEWS[name].columns]
    assert all(meaning.strip() and values.strip() for _, meaning, values in described)


def test_codebook_has_the_codings() -> None:
    for kind, coding in CODINGS.items():
        cells = f"| {kind} | {coding.type} | {coding.mode} | {coding.context} | ".replace("|  |", "| |").replace(
            "|  |", "| |"
        )
        assert cells in CODEBOOK


def test_every_event_type_but_statements_is_coded() -> None:
    assert {*CODINGS, "Deployment", "Statement"} == set(load_frames())
    assert {*AUXILIARY, "occurred"} == set(STATUSES)
    assert {coding.type for coding in CODINGS.values()} | {"MOBILIZE"} == set(QUADS)


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), min_size=1))
def test_entries_of_a_cell_can_be_told_apart(entries: list[str]) -> None:
    assert split(join(entries)) == ([] if entries == [""] else entries)


@given(st.text(st.sampled_from("=+-@＝';| a\n\t\u00a0")))
def test_no_cell_is_a_formula_and_nothing_is_lost(text: str) -> None:
    line = one_line(text)
    assert not FORMULA.search(defuse(line))
    assert restore(defuse(line)) == line


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "＝1", "a;=1", "a; =1", "'=1", "\t=1"])
def test_formulas_are_defused(text: str) -> None:
    assert defuse(one_line(text)).count("'") == text.count("'") + 1


@pytest.mark.parametrize("text", ["Ruanda; Kongo", "500-1000", "a = b", "„-“"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


def test_deployments_have_figure_standing_source_and_sentence(store: Store) -> None:
    found = [row for row in rows(store, "deployments.csv") if row["personnel_max"] == "30000"]
    assert found
    for row in found:
        assert (row["sender"], row["sender_iri"], row["sender_country"]) == ("Nordkorea", f"{BASE}id/country/KP", "KP")
        assert (row["personnel_min"], row["status"]) == ("25000", "possible")
        assert row["sentence"] and row["title"]
        assert row["evidence_iri"].startswith(row["article_iri"] + "#char=")


@pytest.mark.parametrize("name", VIEWS)
def test_there_is_one_row_for_each_claim(store: Store, name: str) -> None:
    wanted = [claim.type for extraction in load_gold() for claim in extraction.claims]
    found = rows(store, name)
    assert len(found) == len({row["claim_iri"] for row in found})
    assert len(found) == sum(kind in VIEWS[name].types for kind in wanted)


@pytest.mark.parametrize("name", VIEWS)
def test_rows_go_by_date_article_and_place_in_it(store: Store, name: str) -> None:
    keys = [
        (row["published"], row["article"], int(re.findall(r"#char=(\d+),", row["evidence_iri"])[0]), row["claim_iri"])
        for row in rows(store, name)
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", VIEWS)
def test_order_of_the_articles_does_not_matter(store: Store, name: str) -> None:
    other = fill_store(load_gold()[::-1], BASE)
    assert [*csv_lines(VIEWS[name], other, BASE)] == [*csv_lines(VIEWS[name], store, BASE)]


@pytest.mark.parametrize("name", VIEWS)
def test_names_iris_and_countries_stand_in_one_order(store: Store, name: str) -> None:
    for row in rows(store, name):
        for column in row:
            if f"{column}_iri" in row and column not in {"article", "evidence"}:
                assert len(split(row[column])) == len(split(row[f"{column}_iri"]))
            if f"{column}_country" in row and len(split(row[column])) > 1:
                assert len(split(row[f"{column}_country"])) == len(split(row[column]))


def test_plover_takes_actors_and_recipients_from_the_manual(store: Store) -> None:
    found = rows(store, "plover.csv")
    for row in found:
        assert row["quad"] == str(QUADS[row["event_type"]])
        assert row["auxiliary"] == AUXILIARY.get(row["status"], "")
        if row["event_type"] in {"CONSULT", "AGREE", "RETREAT"}:
            assert not row["recipient"]
        if row["lagebild_type"] == "Deployment":
            assert row["event_type"] == "MOBILIZE" or row["recipient"]
    assert {"AID", "MOBILIZE", "RETREAT", "CONSULT", "SANCTION", "AGREE"} <= {row["event_type"] for row in found}
    assert {row["event_date_basis"] for row in found if not row["date_begin"]} == {"published"}


def test_plover_agrees_with_the_query_of_that_name(store: Store) -> None:
    from tests.test_queries import rows as query_rows

    roots = {row["claim"]: row["root"] for row in query_rows(store, "plover")}
    assert {row["claim_iri"]: row["event_type"] for row in rows(store, "plover.csv")} == roots


@pytest.mark.parametrize("name", VIEWS)
def test_what_others_have_written_into_the_store_does_not_count(name: str) -> None:
    store = fill_store(load_gold(), BASE)
    before = [*csv_lines(VIEWS[name], store, BASE)]
    claim = read("".join(before))[0]["claim_iri"]
    guest = NamedNode("https://example.org/mine")
    for subject, predicate, value in (
        (claim, LB.term("status"), LB.term("denied")),
        (claim, PROV.term("wasInvalidatedBy"), guest),
        (claim + "0", PROV.term("wasDerivedFrom"), NamedNode(read("".join(before))[0]["article_iri"])),
        (claim + "0", LB.term("eventType"), LB.term("Deployment")),
        (f"{BASE}id/country/KP", LABEL, Literal("Anders", language="de")),
    ):
        store.extend([Quad(NamedNode(subject), predicate, value, guest), Quad(NamedNode(subject), predicate, value)])
    assert [*csv_lines(VIEWS[name], store, BASE)] == before


def test_names_in_english(store: Store) -> None:
    senders = {row["sender_iri"]: row["sender"] for row in rows(store, "deployments.csv", "en")}
    assert senders[f"{BASE}id/country/KP"] == "North Korea"


@pytest.mark.parametrize("name", VIEWS)
def test_pandas_reads_what_csv_reads(store: Store, name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    number = export(VIEWS[name], store, BASE, target)
    frame = pd.read_csv(target, dtype=str, keep_default_na=False)
    assert len(frame) == number
    assert frame.to_dict("records") == rows(store, name)


@pytest.mark.parametrize("name", VIEWS)
def test_hostile_text_stays_inside_its_cell(site_store: Path, name: str) -> None:
    with open_snapshot(site_store) as store:
        lines = [*csv_lines(VIEWS[name], store, BASE)]
    assert all(line.endswith("\r\n") and line.count("\n") == 1 for line in lines)
    [row] = [row for row in read("".join(lines)) if row["article"] == "hostile"]
    assert restore(row["title"]) == BREAKOUT


@pytest.mark.parametrize("name", VIEWS)
def test_download_is_the_export(client: FlaskClient, site_store: Path, name: str) -> None:
    with open_snapshot(site_store) as store:
        wanted = "".join(csv_lines(VIEWS[name], store, BASE, "en"))
    response = client.get(f"/export/{name}?lang=en")
    assert response.get_data(as_text=True) == wanted
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    again = client.get(f"/export/{name}?lang=en", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/export/{name}", headers={"If-None-Match": response.headers["ETag"]})
    assert other.status_code == 200


def test_download_of_an_unknown_table_is_no_error_of_the_server(client: FlaskClient) -> None:
    assert client.get("/export/people.csv").status_code == 404
    assert client.get("/export/plover.csv?lang=fr").status_code == 400


def test_download_streams(client: FlaskClient) -> None:
    response = client.get("/export/plover.csv", buffered=False)
    assert response.is_streamed
    response.close()


@pytest.mark.parametrize(
    ("path", "name"), [("/events", "plover"), ("/events?type=Deployment", "deployments"), ("/about", "deployments")]
)
def test_pages_lead_to_the_tables(client: FlaskClient, path: str, name: str) -> None:
    assert f'href="/export/{name}.csv?lang=de"' in client.get(path).get_data(as_text=True)
