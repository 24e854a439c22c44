"""`kg correct`: what a researcher types, and what comes of it."""

import json
import re
from pathlib import Path

import pytest

from kg.cli.correct import command
from tests.cli.standin import export, run

KENYA, HAITI = "country/KE", "country/HT"


@pytest.fixture(autouse=True)
def author(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_AUTHOR", "Ada")


def correct(store: Path, *arguments: object, reason: str = "nachgelesen", status: int = 0) -> str:
    """Make a correction; the line that it prints, or that of its error."""
    result = run("correct", *arguments, "--store", store, "--reason", reason)
    assert result.exit_code == status, result.output
    return result.stderr if status else result.stdout


def ask(store: Path, query: str) -> list[str]:
    """The lines of an answer without the head."""
    prefixes = "PREFIX lb: <https://w3id.org/lagebild/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#> "
    prefixes += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    result = run("query", "-", "--store", store, "--format", "csv", stdin=prefixes + query)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[1:]


@pytest.fixture
def claim(store: Path) -> str:
    """The IRI of the claim of the article haiti."""
    found = ask(store, "SELECT ?c { ?c lb:eventType ?t ; lb:personnelMin 400 }")
    return found[0]


def test_rejected_claim_counts_no_more(store: Path, claim: str) -> None:
    line = correct(store, "reject", claim, reason="Ein Spiel")
    assert re.fullmatch(r"correction/[0-9a-f]{16}: claim/[0-9a-f]{16} is rejected\.\n", line)
    assert ask(store, "SELECT ?n { ?e a lb:Deployment ; lb:claimCount ?n }") == ["1"]
    counts = json.loads(run("stats", "--store", store, "--json").stdout)
    assert (counts["claims"], counts["corrections"]) == (1, {"applied": 1, "notApplicable": 0})


def test_correction_says_who_when_and_why(store: Path, claim: str) -> None:
    correct(store, "reject", claim, "--author", "Bo", "--date", "2025-01-31", reason="  Ein Spiel ")
    query = (
        "PREFIX dct: <http://purl.org/dc/terms/> SELECT ?a ?d ?r { ?c a lb:Rejection ; lb:reason ?r ; "
        "dct:creator ?a ; dct:created ?d }"
    )
    assert ask(store, query) == ["Bo,2025-01-31,Ein Spiel"]


def test_things_are_named_by_iri_page_or_key(store: Path, claim: str) -> None:
    for number, name in enumerate((claim, f"<{claim}>", claim.replace("/id/", "/page/"), claim.partition("/id/")[2])):
        line = correct(store, "set-status", name, ("planned", "denied")[number % 2])
        assert run("correct", "undo", line.partition(":")[0], "--store", store).exit_code == 0
    correct(store, "set-status", claim, "planned")
    line = correct(store, "set-status", f"{claim}/corrected", "denied", status=1)
    assert re.search(r"claim/\w+ was given another standing by Ada on .+\. First undo that: kg correct undo corr", line)


def test_role_and_status(store: Path, claim: str) -> None:
    correct(store, "set-role", claim, "destination", KENYA)
    correct(store, "set-status", claim, "denied")
    correct(store, "set-role", claim, "sender")
    found = ask(
        store, f"SELECT ?p ?v {{ <{claim}/corrected> ?p ?v VALUES ?p {{ lb:status lb:sender lb:destination }} }}"
    )
    assert sorted(line.rpartition(",")[2].rpartition("/")[2] for line in found) == ["KE", "ontology#denied"]


def test_merge_relabel_and_split(store: Path) -> None:
    correct(store, "relabel", HAITI, "Republik Haiti")
    correct(store, "split", "article/haiti", KENYA, "--new", "Kenia (Schiff)")
    labels = 'SELECT ?l { ?c a lb:Country ; rdfs:label ?l FILTER(LANG(?l) = "de") }'
    assert sorted(ask(store, labels)) == ["Kenia", "Kenia (Schiff)", "Republik Haiti"]
    correct(store, "merge", "country/kenia-schiff", HAITI)
    assert sorted(ask(store, labels)) == ["Kenia", "Republik Haiti"]


def test_new_entity_gets_an_iri_of_its_own(store: Path) -> None:
    assert "is country/kenia (Kenia)" in correct(store, "split", "article/haiti", KENYA, "--new", "Kenia")
    assert "is country/kenia-2 (Kenia)" in correct(store, "split", "article/mehr", KENYA, "--new", "Kenia")


def test_claims_of_one_event_and_of_two(store: Path, claim: str) -> None:
    count = "SELECT ?n { ?e a lb:Deployment ; lb:claimCount ?n }"
    event = ask(store, "SELECT ?e { ?e a lb:Deployment }")[0]
    line = correct(store, "other-event", claim, event)
    assert ask(store, count) == ["1", "1"]
    events = ask(store, "SELECT ?e { ?e a lb:Deployment }")
    assert "was said to be about another event by Ada" in correct(store, "same-event", *events, status=1)
    run("correct", "undo", line.partition(":")[0], "--store", store)
    correct(store, "same-event", *ask(store, "SELECT ?c { ?c lb:eventType ?t }"))
    assert ask(store, count) == ["2"]
    assert "has no event/0." in correct(store, "other-event", claim, "event/0", status=1)


def test_undoing_gives_the_graph_as_it_was(store: Path, claim: str) -> None:
    before = export(store)
    made = [
        correct(store, "relabel", HAITI, "Republik Haiti"),
        correct(store, "set-role", claim, "destination", KENYA),
        correct(store, "split", "article/mehr", HAITI, "--new", "Haiti (Schiff)"),
    ]
    assert export(store) != before
    keys = [line.partition(":")[0] for line in made]
    assert run("correct", "undo", *keys, "correction/0", "--store", store).exit_code == 1
    result = run("correct", "undo", *keys, "--store", store)
    assert result.exit_code == 0, (result.output, result.exception)
    assert result.stdout.splitlines()[0] == "Undone: country/HT is called Republik Haiti (de)."
    assert export(store) == before


def test_corrections_outlive_removal_and_rebuilding(store: Path, folder: Path, claim: str) -> None:
    correct(store, "set-status", claim, "denied")
    correct(store, "relabel", HAITI, "Republik Haiti")
    whole = export(store)
    run("remove", "haiti", "--store", store)
    listed = run("correct", "list", "--store", store)
    assert "No article of the store makes the claim" in listed.stdout
    assert listed.stderr == "2 corrections, 1 not applicable.\n"
    assert "2 corrections, 1 of them not applicable" in run("stats", "--store", store).stdout
    for _ in range(2):
        run("build", folder, "--store", store, "--published", "2024-07-01")
        assert export(store) == whole
    states = json.loads(run("correct", "list", "--store", store, "--json").stdout)
    assert [state["notApplicable"] for state in states] == [None, None]


def test_corrections_are_shared_as_a_file(store: Path, folder: Path, claim: str, tmp_path: Path) -> None:
    correct(store, "reject", claim, reason="“Ein Spiel”\nvon gestern")
    correct(store, "relabel", HAITI, "Republik Haiti")
    file, other = tmp_path / "corrections.ttl", tmp_path / "other"
    assert run("correct", "export", file, "--store", store).stderr == f"2 corrections written to {file}.\n"
    run("build", folder, "--store", other, "--published", "2024-07-01")
    assert run("correct", "import", file, "--store", other).stdout == "2 corrections added, 0 there already.\n"
    assert export(other) == export(store)
    text = run("correct", "export", "-", "--store", other).stdout
    assert text == file.read_text(encoding="utf-8")
    again = run("correct", "import", "-", "--store", other, stdin=text)
    assert again.stdout == "0 corrections added, 2 there already.\n"


def test_imported_correction_that_does_not_apply_is_named(store: Path, claim: str, tmp_path: Path) -> None:
    correct(store, "reject", claim)
    file = tmp_path / "corrections.ttl"
    run("correct", "export", file, "--store", store)
    file.write_text(file.read_text(encoding="utf-8").replace(claim, claim[:-3] + "000"), encoding="utf-8")
    result = run("correct", "import", file, "--store", store)
    assert (result.exit_code, result.stdout) == (0, "1 correction added, 0 there already.\n")
    assert re.fullmatch(r"Not applicable: claim/\w+ is rejected\. No article of the store makes .+\n", result.stderr)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "holds no correction"),
        (b"\x00\xff\xfe\x01", "is no Turtle"),
        (b"<urn:a> <urn:b> <urn:c> .", "holds no correction"),
        (b"@prefix : <urn:> . " + b"[ :a " * 400, "is no Turtle"),
        (b"@prefix lb: <https://w3id.org/lagebild/ontology#> . <urn:a> a lb:Correction .", "cannot be read"),
    ],
)
def test_wrong_file_adds_nothing(store: Path, tmp_path: Path, content: bytes, problem: str) -> None:
    before, file = export(store), tmp_path / "wrong.ttl"
    file.write_bytes(content)
    for name in (file, tmp_path / "none.ttl", tmp_path):
        result = run("correct", "import", name, "--store", store)
        assert result.exit_code == 1
        assert re.fullmatch(r"Error: .+\n", result.stderr)
    assert problem in run("correct", "import", file, "--store", store).stderr
    assert export(store) == before


def test_corrections_of_another_base_are_refused(store: Path, claim: str, tmp_path: Path) -> None:
    correct(store, "reject", claim)
    file = tmp_path / "corrections.ttl"
    run("correct", "export", file, "--store", store)
    file.write_text(file.read_text().replace("http://localhost:8000/id/claim", "https://example.org/id/claim"))
    result = run("correct", "import", file, "--store", store)
    assert "whose IRIs begin with http://localhost:8000/id/" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("reject", "claim/none"), "No article of the store makes the claim claim/none."),
        (("reject", "https://example.org/id/claim/1"), "names nothing in this store"),
        (("reject", "claim/../../etc"), "No article of the store makes the claim claim/../../etc."),
        (("merge", KENYA, KENYA), "Kenia is to be merged with itself."),
        (("merge", KENYA, "person/x"), "The store has no entity person/x. Copy its IRI from its page."),
        (("merge", KENYA, "country/KEN"), "The store has no entity country/KEN. Did you mean country/KE?"),
        (("relabel", KENYA, "  "), "must not be empty"),
        (("relabel", KENYA, "x" * 2001), "must not be longer than 2,000 characters"),
        (("relabel", KENYA, "a\x1bb"), "must not hold control characters"),
        (("split", "article/haiti", KENYA, "--new", "\t"), "must not be empty"),
        (("set-role", "claim/none", "sender", KENYA), "No article of the store makes the claim"),
    ],
)
def test_what_is_wrong_is_one_line(store: Path, arguments: tuple[str, ...], problem: str) -> None:
    before = export(store)
    line = correct(store, *arguments, status=1)
    assert re.fullmatch(r"Error: .+\n", line)
    assert problem in line
    assert export(store) == before


def test_author_and_reason_are_needed(store: Path, claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--reason must not be empty. Say why in a few words." in correct(
        store, "reject", claim, reason=" ", status=1
    )
    assert run("correct", "reject", claim, "--store", store).exit_code == 2
    monkeypatch.delenv("LAGEBILD_AUTHOR")
    assert "--author must not be empty. Give it, or set LAGEBILD_AUTHOR." in correct(store, "reject", claim, status=1)


def test_split_needs_one_other(store: Path) -> None:
    for more in ((), (HAITI, "--new", "x")):
        assert "Say who it is: OTHER, or --new NAME." in correct(
            store, "split", "article/haiti", KENYA, *more, status=2
        )


@pytest.mark.parametrize("arguments", [("list",), ("undo", "correction/1"), ("export", "-"), ("merge", KENYA, HAITI)])
def test_without_a_store_there_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    more = ("--reason", "x") if arguments[0] == "merge" else ()
    result = run("correct", *arguments, *more, "--store", tmp_path / "none")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: .+\n", result.stderr)


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_subcommand_has_help_with_an_example(name: str) -> None:
    result = run("correct", name, "--help")
    assert re.search(rf"Examples?:\n +kg correct {name} ", result.output)
    assert str(command.commands[name].short_help) in run("correct", "--help").output
