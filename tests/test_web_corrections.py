"""What the pages and the linked data say of people's corrections."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.curation.corrections import Correction
from kg.settings import Settings
from kg.web.app import create_app
from tests.curated import KIMM, article, claim, correction
from tests.gold import BASE
from tests.gold_store import fill_store
from tests.web_site import BREAKOUT, build_site

ARTICLES = [article("eins"), article("zwei", KIMM)]
READ = fill_store(ARTICLES, BASE)
MEETING, CALL, OTHER = claim(READ, "Meeting"), claim(READ, "PhoneCall"), claim(READ, "Meeting", "zwei")
HOSTILE = {"author": BREAKOUT, "reason": BREAKOUT}
CORRECTIONS = {
    "Verwerfung": correction("Rejection", MEETING, reason="Nur ein Traum"),
    "Korrektur des Stands": correction("StatusChange", CALL, status="denied"),
    "Korrektur einer Rolle": correction("RoleChange", OTHER, role="participant", **HOSTILE),
    "Zusammenlegung": correction("Merge", "person/kim-minho", meant="person/kim-min-ho", **HOSTILE),
    "Umbenennung": correction("Relabelling", "person/choi", label=f"Choi {BREAKOUT}", **HOSTILE),
    "Trennung": correction(
        "Split", "article/eins#char=65,68", read_as="person/kim-min-ho", meant="person/kim-2", label=BREAKOUT
    ),
}
IDLE = correction("Rejection", "claim/0123456789abcdef")


def path_of(one: Correction) -> str:
    return one.iri(BASE).replace(f"{BASE}id/", "/page/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site of two articles with a correction of each kind, and one that does not apply."""
    path = build_site(tmp_path_factory.mktemp("corrected") / "store", ARTICLES, [*CORRECTIONS.values(), IDLE])
    app = create_app(path, Settings())
    yield app
    app.extensions["supervisor"].close()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, path
    assert BREAKOUT not in response.text
    return response.text


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_correction_has_a_page_with_who_when_and_why(client: FlaskClient, kind: str) -> None:
    text = get(client, path_of(CORRECTIONS[kind]))
    assert f"<h1>{kind}</h1>" in text
    assert "26.\N{NO-BREAK SPACE}November 2026" in text
    assert "Was dadurch anders ist" in text
    assert "nachgelesen" in text or "Nur ein Traum" in text or "&lt;script&gt;" in text


def test_correction_that_does_not_apply_says_so(client: FlaskClient) -> None:
    assert "Die Korrektur greift zurzeit nicht" in get(client, path_of(IDLE))


def test_list_has_all_corrections(client: FlaskClient) -> None:
    text = get(client, "/corrections")
    assert all(f'href="{path_of(one)}"' in text for one in (*CORRECTIONS.values(), IDLE))
    assert 'href="/corrections"' in get(client, "/about")
    assert "What people have put right" in get(client, "/corrections?lang=en")


def test_article_marks_what_is_corrected_and_strikes_what_is_rejected(client: FlaskClient) -> None:
    text = get(client, "/page/article/eins")
    rejected, revised = text.partition('<ol class="claim-column">')[2].split("</li>")[:2]
    assert 'class="rejected"' in rejected
    assert f'href="{path_of(CORRECTIONS["Verwerfung"])}"' in rejected
    assert ">verworfen</a>" in rejected
    assert "Nur ein Traum" in rejected
    assert f'href="/page/{CALL}/corrected"' in revised
    assert ">korrigiert</a>" in revised
    assert "s-denied" in revised
    corrections = text.partition('<h2 id="corrections">')[2].partition("</section>")[0]
    assert {kind for kind in CORRECTIONS if f">{kind}</a>" in corrections} == {
        "Verwerfung",
        "Korrektur des Stands",
        "Trennung",
    }


def test_mention_leads_to_the_entity_that_is_meant(client: FlaskClient) -> None:
    text = get(client, "/page/article/eins")
    assert 'href="/page/person/kim-2"' in text
    text = get(client, "/page/article/zwei")
    assert 'class="mention" href="/page/person/kim-min-ho"' in text
    assert 'class="mention" href="/page/person/kim-minho"' not in text


def test_claim_as_read_leads_to_what_stands_and_back(client: FlaskClient) -> None:
    assert f'href="/page/{CALL}/corrected"' in get(client, f"/page/{CALL}")
    assert "So wurde es gelesen" in get(client, f"/page/{CALL}")
    assert f'href="/page/{CALL}"' in get(client, f"/page/{CALL}/corrected")
    assert "stellt der Artikel diese Behauptung nicht auf" in get(client, f"/page/{MEETING}")


def test_claim_that_stands_says_how_it_is_corrected(client: FlaskClient) -> None:
    assert f"kg correct reject {CALL} --reason" in get(client, f"/page/{CALL}/corrected")
    assert "kg correct" not in get(client, f"/page/{CALL}")


def test_event_shows_corrections_beside_the_claim(client: FlaskClient) -> None:
    rows = client.post(
        "/sparql",
        data={"query": f"SELECT ?e {{ <{BASE}id/{CALL}/corrected> <https://w3id.org/lagebild/ontology#about> ?e }}"},
        headers={"Accept": "text/csv"},
    ).text
    text = get(client, rows.split()[1].replace(f"{BASE}id/", "/page/"))
    assert ">Korrektur des Stands</a>" in text
    assert "von Ada, 26.\N{NO-BREAK SPACE}November 2026: nachgelesen" in text


def test_entity_shows_what_was_merged_into_it_and_its_old_name(client: FlaskClient) -> None:
    assert ">Zusammenlegung</a>" in get(client, "/page/person/kim-min-ho")
    assert ">Umbenennung</a>" in get(client, "/page/person/choi")
    assert ">Trennung</a>" in get(client, "/page/person/kim-2")


def test_merged_entity_leads_to_the_one_that_it_is(client: FlaskClient) -> None:
    text = get(client, "/page/person/kim-minho")
    assert 'href="/page/person/kim-min-ho"' in text
    assert "Nach einer Korrektur ist dies:" in text
    assert 'href="/page/person/kim-minho"' not in get(client, "/browse/people")


def test_search_finds_a_merged_entity_by_its_other_name(client: FlaskClient) -> None:
    text = get(client, "/search?q=Minho")
    assert 'href="/page/person/kim-min-ho"' in text
    assert 'href="/page/person/kim-minho"' not in text


def test_corrections_are_linked_data(client: FlaskClient) -> None:
    one = CORRECTIONS["Korrektur des Stands"]
    turtle = client.get(one.iri(BASE).replace(f"{BASE}id/", "/data/") + ".ttl").text
    assert 'dcterms:creator "Ada"' in turtle
    assert "lb:newStatus lb:denied" in turtle
    assert f"<{BASE}id/{CALL}>" in turtle
    copy = client.get(f"/data/{CALL}/corrected.ttl").text
    assert "prov:wasRevisionOf" in copy
    assert "lb:denied" in copy
    assert "lb:denied" not in client.get("/data/article/eins.ttl").text


def test_lists_pass_over_what_no_longer_counts(client: FlaskClient) -> None:
    assert client.get(f"/page/{MEETING}").status_code == 200
    for path in ("/events", "/page/person/kim-min-ho", "/page/person/choi"):
        text = get(client, path)
        assert f'href="/page/{MEETING}"' not in text
        assert f'href="/page/{CALL}"' not in text
