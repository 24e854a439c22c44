"""The command line, with a stand-in for the language pipeline: what it does, prints, and how it fails."""

import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from kg import building
from kg.cli.main import COMMANDS, main
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, Mention, Reason, Span
from kg.store import Writer

KENYA = Entity("country/KE", "Country", "Kenia", iso="KE", wikidata="Q114")
HAITI = Entity("country/HT", "Country", "Haiti", iso="HT", wikidata="Q790")
TEXT = "Kenia schickt Polizisten\n\nDie Regierung von Kenia hat am Dienstag 400 Polizisten nach Haiti geschickt.\n"


class StandIn:
    """Finds Kenia, Haiti, a number of policemen, and one claim where all three are."""

    nlp = SimpleNamespace(meta={"lang": "de", "name": "standin", "version": "1"})

    def extract(self, article: Article) -> Extraction:
        if "Absturz" in article.text:
            raise KeyError("the parser's fault")
        entities = []
        for entity in (HAITI, KENYA):
            spans = [Span(m.start(), m.end()) for m in re.finditer(entity.label, article.text)]
            if spans:
                mentions = tuple(Mention(span, "name", entity.type) for span in spans)
                entities.append(EntityInArticle(entity, mentions))
        number = re.search(r"(\d+) Polizisten", article.text)
        claims = []
        if number and len(entities) == 2:
            figure = Figure(Span(*number.span()), int(number[1]), int(number[1]), "exactly")
            sentence = Span(article.text.rindex("\n", 0, number.start()) + 1, article.text.index(".", number.end()) + 1)
            claims.append(
                Claim(
                    "Deployment",
                    "occurred",
                    trigger=figure.span,
                    evidence=sentence,
                    roles={"sender": (KENYA.key,), "destination": (HAITI.key,)},
                    personnel=figure,
                    reasons=(Reason("sender", "Kenia", "subject of the verb"),),
                )
            )
        return Extraction(article, tuple(entities), tuple(claims))

    def read(self, article: Article) -> SimpleNamespace:
        lines = re.finditer(r"[^\n]+", article.text)
        sentences = [SimpleNamespace(start_char=line.start(), end_char=line.end()) for line in lines]
        return SimpleNamespace(doc=SimpleNamespace(sents=sentences))


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_extractor", lambda _: StandIn())
    monkeypatch.setitem(sys.modules, "kg.pipeline", SimpleNamespace(load=lambda _: StandIn()))
    monkeypatch.delenv("LAGEBILD_STORE", raising=False)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "haiti.txt").write_text(TEXT, encoding="utf-8")
    (folder / "haiti.meta.json").write_text('{"published": "2024-06-25"}')
    (folder / "mehr.txt").write_text(TEXT.replace("400", "600"), encoding="utf-8")
    return folder


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Path:
    store = tmp_path / "store"
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert result.exit_code == 0, result.output
    return store


def export(store: Path) -> str:
    target = store.with_name("graph.nq")
    result = run("export", "--store", store, "-o", target)
    assert result.exit_code == 0, result.output
    return target.read_text(encoding="utf-8")


def test_help_is_fast_and_lists_every_command() -> None:
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "kg.cli", "--help"], capture_output=True, text=True, check=True)
    assert time.monotonic() - started < 1.0  # 0.1 s on an idle machine
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    with click.Context(main) as context:
        command = main.get_command(context, name)
    assert command is not None
    assert command.short_help == COMMANDS[name][1]
    result = run(name, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Examples?:\n.*kg {name} ", result.output, re.DOTALL)


def test_build_says_what_came_out(folder: Path, tmp_path: Path) -> None:
    result = run("build", folder, "--store", tmp_path / "store", "--published", "2024-07-01")
    assert "2 articles built" in result.stdout
    assert re.search(r"Deployment +2 +2", result.stdout)
    assert "Country 4" in result.stdout


def test_dates_are_stated_and_given(store: Path) -> None:
    graph = export(store)
    assert re.search(r"article/haiti> <http://purl.org/dc/terms/issued> \"2024-06-25\"", graph)
    assert re.search(r"article/haiti> <https://w3id.org/lagebild/ontology#dateBasis> \S+#stated> ", graph)
    assert re.search(r"article/mehr> <http://purl.org/dc/terms/issued> \"2024-07-01\"", graph)
    assert re.search(r"article/mehr> <https://w3id.org/lagebild/ontology#dateBasis> \S+#given> ", graph)


def test_building_again_replaces(store: Path, folder: Path) -> None:
    before = export(store)
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert "2 of them replaced" in result.stdout
    assert export(store) == before
    (folder / "mehr.txt").write_text(TEXT.replace("400", "700"), encoding="utf-8")
    run("build", folder / "mehr.txt", "--store", store, "--published", "2024-07-01")
    after = export(store)
    assert '"700"' in after
    assert '"600"' not in after


def test_the_order_of_inputs_does_not_matter(store: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    other = tmp_path / "x" / "store"
    run("build", folder / "mehr.txt", folder / "haiti.txt", "--store", other, "--published", "2024-07-01")
    assert export(other) == export(store)


def test_a_bad_article_is_left_out_and_said(folder: Path, tmp_path: Path) -> None:
    (folder / "leer.txt").touch()
    (folder / "absturz.txt").write_text(TEXT + "Absturz.", encoding="utf-8")
    result = run("build", folder, tmp_path / "fehlt.txt", "--store", tmp_path / "store", "--published", "2024-07-01")
    assert result.exit_code == 1
    assert "2 articles built" in result.stdout
    left_out = [line for line in result.stderr.splitlines() if line.startswith("Left out: ")]
    assert len(left_out) == 3
    assert any("leer.txt holds no words." in line for line in left_out)
    assert any("absturz.txt made the program fail (KeyError" in line for line in left_out)
    assert any("fehlt.txt does not exist." in line for line in left_out)
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.split() == ["haiti", "mehr"]


def test_the_standard_input(tmp_path: Path) -> None:
    result = run("build", "-", "--store", tmp_path / "store", "--published", "2024-07-01", stdin=TEXT)
    assert result.exit_code == 0
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.startswith("stdin-")


def test_two_inputs_of_one_stem(folder: Path, tmp_path: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "haiti.txt").write_text(TEXT, encoding="utf-8")
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert "both be article 'haiti'" in result.stderr


@pytest.mark.parametrize(
    "iri", ["x", "http://", "http://example.org", "ftp://example.org/", "http://exa mple.org/", "http://a/#"]
)
def test_base_iris_that_are_none(folder: Path, tmp_path: Path, iri: str) -> None:
    result = run("build", folder, "--store", tmp_path / "store", "--base-iri", iri)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert not (tmp_path / "store").exists()


def test_a_store_keeps_its_base_iri(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("build", folder, "--store", store, "--base-iri", "https://example.org/g/")
    assert run("build", folder, "--store", store).exit_code == 0
    assert "<https://example.org/g/graph/article/haiti>" in export(store)
    assert run("build", folder, "--store", store, "--base-iri", "https://other.org/").exit_code == 1


def test_an_interrupted_build_keeps_what_was_finished(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Writer.replace_article

    def interrupted(self: Writer, stem: str, *arguments: object) -> None:
        if stem == "mehr":
            raise KeyboardInterrupt
        original(self, stem, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Writer, "replace_article", interrupted)
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 130
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.split() == ["haiti"]


def test_remove(store: Path) -> None:
    result = run("remove", "haiti", "--store", store)
    assert (result.exit_code, result.stdout) == (0, "1 article removed, 1 left.\n")
    assert "article/haiti" not in export(store)


def test_removing_all_leaves_nothing(store: Path) -> None:
    run("remove", "haiti", "mehr", "--store", store)
    assert export(store) == ""


def test_removing_an_unknown_article_removes_nothing(store: Path) -> None:
    before = export(store)
    result = run("remove", "mehr", "haitii", "--store", store)
    assert result.exit_code == 1
    assert "Did you mean 'haiti'?" in result.stderr
    assert export(store) == before


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


def test_ask_and_construct(store: Path) -> None:
    assert run("query", "--store", store, "-", stdin="ASK { ?s ?p ?o }").stdout == "yes\n"
    construct = run("query", "--store", store, "-", stdin="CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }")
    assert "<http://localhost:8000/id/country/KE>" in construct.stdout


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT nonsense", "cannot be read"),
        ("", "cannot be read"),
        ("SELECT * WHERE " + "{" * 5000 + "}" * 5000, "nested too deeply"),
        ("INSERT DATA { <http://x/> <http://x/> 1 }", "cannot be read"),
    ],
    ids=["syntax", "empty", "deep", "update"],
)
def test_bad_queries_are_one_line(store: Path, query: str, message: str) -> None:
    result = run("query", "--store", store, "-", stdin=query)
    assert result.exit_code == 1
    assert message in result.stderr
    assert re.fullmatch(r"Error: .+\n", result.stderr)


def test_a_query_that_takes_too_long(store: Path) -> None:
    everything = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6)) + " }"
    result = run("query", "--store", store, "-", "--timeout", "0.5", stdin=everything)
    assert result.exit_code == 1
    assert "stopped after 0.5 seconds" in result.stderr


def test_stats(store: Path) -> None:
    result = run("stats", "--store", store)
    assert result.stdout.startswith("2 articles, 2 claims, ")
    assert json.loads(run("stats", "--store", store, "--json").stdout)["claimsByType"] == {"Deployment/occurred": 2}


def test_explain(folder: Path) -> None:
    lines = run("explain", folder / "haiti.txt").stdout.splitlines()
    assert lines[0] == "Kenia schickt Polizisten (2024-06-25, stated)"
    assert lines[2] == "Die Regierung von Kenia hat am Dienstag 400 Polizisten nach Haiti geschickt."
    assert lines[3].split() == ["Deployment,", "occurred", "(confidence", "1.00)"]
    assert "    sender       Kenia   [„Kenia“: subject of the verb]" in lines
    assert "    personnel    400 Polizisten (exactly 400)" in lines
    assert lines[-1] == "1 claims, 2 entities"


def test_explain_all_shows_noise(folder: Path) -> None:
    (folder / "haiti.txt").write_text(TEXT + "\nSchreibe einen Kommentar\n", encoding="utf-8")
    assert "[noise] Schreibe einen Kommentar" in run("explain", "--all", folder / "haiti.txt").stdout
    assert "Kommentar" not in run("explain", folder / "haiti.txt").stdout


def test_explain_what_cannot_be_read(tmp_path: Path) -> None:
    result = run("explain", tmp_path / "missing.txt")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr


def test_evaluate(store: Path, folder: Path, tmp_path: Path) -> None:
    export(store)
    entity = {"id": "ke", "type": "Country", "name": "Kenia", "mentions": ["Kenia"], "wikidata": "Q114"}
    gold = {"entities": [entity], "events": []}
    (folder / "haiti.gold.json").write_text(json.dumps(gold))
    arguments = ("evaluate", store.with_name("graph.nq"), folder, "--json", tmp_path / "out.json", "--misses")
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("haiti: spurious Country ['haiti']\n")
    assert re.search(r"^Country +0\.500 +1\.000 +0\.667 +1 +1$", result.stdout, re.MULTILINE)
    assert json.loads((tmp_path / "out.json").read_text())["links"] == {"all": 1, "right": 1, "wrong": 0}
    assert run(*arguments, "--only", "other").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats",),
        ("export", "-o", "out.nq"),
        ("query", "-"),
        ("remove", "haiti"),
        ("validate",),
    ],
)
def test_without_a_store_there_is_one_clean_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--store", tmp_path / "none", stdin="ASK { ?s ?p ?o }")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: .+\n", result.stderr)
    assert not (tmp_path / "none").exists()


def test_a_wrong_command_line_is_status_2() -> None:
    assert run("build").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_a_wrong_setting_is_one_clean_line(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_FETCH_TIMEOUT", "soon")
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert "LAGEBILD_FETCH_TIMEOUT='soon'" in result.stderr


def test_output_into_a_closed_pipe_is_no_traceback(store: Path) -> None:
    command = f"{sys.executable} -m kg.cli stats --store {store} --articles | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_binary_on_the_standard_input(tmp_path: Path) -> None:
    result = run("build", "-", "--store", tmp_path / "store", stdin=io.BytesIO(b"\x00\x01\x02").getvalue())
    assert result.exit_code == 1
    assert "binary" in result.stderr


NASTY = {
    "leer.txt": b"",
    "bild.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "zeile.txt": b"Soldaten " * 1_200_000,
    "suppe.html": b"<p><b><table><div>" * 3000 + b"</i></p>&amp;&#0;<script>",
    "english.txt": b"The government of Kenya said on Tuesday that it has sent 400 officers to the island.",
    "dos.txt": TEXT.replace("hat", "hat für").encode("cp850"),
    "kaputt.html": b"\xef\xbb\xbf\xff\xfe<html>",
    "meta.txt": TEXT.encode(),
    "meta.meta.json": b'{"published": "gestern"}',
}


def test_nasty_inputs_are_left_out_and_the_store_stays_whole(store: Path, folder: Path) -> None:
    before = export(store)
    for name, content in NASTY.items():
        (folder / name).write_bytes(content)
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert result.exit_code == 1
    assert "2 articles built, 2 of them replaced" in result.stdout
    left_out = re.findall(r"^Left out: .*?([\w.]+\.(?:txt|html|meta\.json))", result.stderr, re.MULTILINE)
    assert sorted(left_out) == sorted(NASTY.keys() - {"meta.txt"})
    assert export(store) == before


def test_an_article_without_a_date_is_marked_as_assumed(folder: Path, tmp_path: Path) -> None:
    run("build", folder, "--store", tmp_path / "store")
    assert re.search(
        r"article/mehr> <https://w3id.org/lagebild/ontology#dateBasis> \S+#assumed> ", export(tmp_path / "store")
    )


def test_the_store_may_be_a_setting(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_STORE", str(store))
    assert run("stats", "--articles").stdout.split() == ["haiti", "mehr"]
