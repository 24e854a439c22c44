"""The page of an entity: its activity over time, whom it deals with, its figures on an axis, its query."""

import re
from dataclasses import replace
from itertools import combinations
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.fulltext.activity import Group, Tie
from kg.vocab import RDFS, SKOS
from kg.web.context import Names, current_graph, names_for
from kg.web.entities import other_names, tell_apart
from kg.web.graph import Term
from kg.web.groups import Kind, count_kinds, share_out
from kg.web.placemap import map_claims
from kg.web.ties import HEIGHT, MOST_TIES, WIDTH, draw_spokes, shorten
from tests.gold import BASE
from tests.pages import Page, get, select
from tests.test_web_events import CLAIM

KOREA = f"{BASE}id/country/KP"


def test_strip_counts_every_claim_once(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP")
    months = text[text.index('<figure class="over-time">') : text.index("</figure>")]
    counted = sum(int(cell.partition("</td>")[0]) for cell in months.split("</th><td>")[1:])
    roles = "sender attacker speaker participant host recipient addressee target beneficiary against destination"
    paths = "|".join(f"lb:{role}" for role in [*roles.split(), "origin", "place", "attributedTo", "relayedBy"])
    standing = f"?c {paths} <{KOREA}> ; lb:eventType ?t"
    assert [str(counted)] == select(client, f"SELECT (COUNT(DISTINCT ?c) AS ?x) {{ {standing} }}")


def test_whom_it_deals_with_is_a_picture_and_a_list(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP")
    assert '<svg class="ties"' in text
    ties = text[text.index("tie-list") : text.index("</section>", text.index("tie-list"))]
    assert "/page/country/RU" in Page(ties).links
    assert "/page/country/KP" not in Page(ties).links


def test_map_shows_the_places_of_the_claims_as_links(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP")
    drawn = text[text.index('<figure class="places">') :].partition("</figure>")[0]
    assert {"/page/country/KP", "/page/country/RU"} <= set(Page(drawn).links)
    assert re.search(r"<title>Nordkorea → Russland, eingetreten: \d</title>", drawn)


def test_a_withdrawal_leads_back_to_who_withdraws(site_app: Flask) -> None:
    claim = replace(CLAIM, type="Withdrawal", roles={"sender": (f"{BASE}id/country/RU",), "origin": (KOREA,)})
    with site_app.test_request_context("/"):
        found = map_claims(current_graph(), [claim, claim], KOREA, names_for([]))
        assert map_claims(current_graph(), [], KOREA, names_for([])) is None
    assert found
    assert [arc.title for arc in found.arcs] == ["KP → RU, eingetreten: 1"]
    assert {dot.iri for dot in found.dots} == {KOREA, f"{BASE}id/country/RU"}


def test_figures_have_their_axis_inside_the_column(client: FlaskClient) -> None:
    assert re.search(r'<text x="[\d.]+%" y="11" class="first">', get(client, "/page/country/KP"))


def test_one_group_is_shown_alone(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP?type=Deployment&role=sender")
    assert 'class="ties"' not in text
    assert 'class="over-time"' not in text
    assert '<svg class="interval' in text


def test_query_gives_what_is_shown(client: FlaskClient) -> None:
    link = next(link for link in Page(get(client, "/page/country/KP")).links if link.startswith("/sparql?query="))
    query = unquote(link.partition("=")[2])
    found = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert found.status_code == 200
    assert found.text.count(f"{KOREA},") == found.text.count("\r\n") - 1 > 1


def test_spokes_stay_inside_and_the_strongest_is_thickest() -> None:
    ties = [Tie("a", 5, {"Attack": 4, "Aid": 1}), *(Tie(other, 1, {"Aid": 1}) for other in "bcdefghij")]
    spokes = draw_spokes(ties, str)
    assert max(spokes, key=lambda spoke: spoke.width).tie.other == "a"
    assert all(0 < spoke.x < WIDTH and 0 < spoke.label_y < HEIGHT for spoke in spokes)
    assert len({(spoke.x, spoke.y) for spoke in spokes}) == 10
    assert draw_spokes([], str) == []


@pytest.mark.parametrize("number", range(1, MOST_TIES + 1))
def test_names_of_spokes_keep_clear_of_each_other(number: int) -> None:
    ties = [Tie(str(place), 1, {"Aid": 1}) for place in range(number)]
    spokes = draw_spokes(ties, lambda other: f"Jean-Marie Nr. {other}")
    assert all(0 < spoke.label_y < HEIGHT for spoke in spokes)
    wide = 5.8 * len("Jean-Marie Nr. 1")
    for one, other in combinations(spokes, 2):
        assert abs(one.x - other.x) >= wide or abs(one.label_y - other.label_y) >= 13


def test_long_names_are_cut() -> None:
    assert shorten("Ukraine") == "Ukraine"
    assert shorten("Südkoreanisches Außenministerium") == "Südkoreanisches…"
    assert shorten("Ursula von der Leyen") == "Ursula von… Leyen"
    assert shorten("Zentralafrikanische Regierung") != shorten("Zentralafrikanische Republik")


def test_other_cases_of_a_name_are_no_other_names() -> None:
    names = ("Russland", "Russlands", "Rußland", "Russische Föderation", "Russischen Föderation", "RF")
    values = {
        RDFS.iri + "label": [Term("Russland", "literal", "de")],
        SKOS.iri + "altLabel": [Term(name, "literal", "de") for name in names],
    }
    assert other_names(values) == ["RF", "Russische Föderation", "Rußland"]


def test_names_that_differ_in_capitals_are_one() -> None:
    names = ("von der Leyen", "Von der Leyen", "Frau von der Leyen", "ursula Von der leyen")
    values = {
        RDFS.iri + "label": [Term("Ursula von der Leyen", "literal", "de")],
        SKOS.iri + "altLabel": [Term(name, "literal", "de") for name in names],
    }
    assert other_names(values) == ["Frau von der Leyen", "von der Leyen"]


def kinds(**counts: int) -> dict[Kind, int]:
    return {Kind(*name.split("_")): count for name, count in counts.items()}


def test_what_is_done_comes_before_what_is_said() -> None:
    counted = [Group("Statement", "speaker", 9), Group("Deployment", "attributedTo", 8), Group("Attack", "target", 7)]
    wanted = [Group("Deployment", "destination", 1), Group("Deployment", "sender", 1)]
    assert list(count_kinds([*counted, *wanted])) == [
        *(("Deployment", "sender"), ("Deployment", "destination"), ("Attack", "target")),
        *(("Deployment", "attributedTo"), ("Statement", "speaker")),
    ]


def test_many_claims_are_shared_out() -> None:
    much = kinds(Deployment_sender=90, Attack_target=2, Meeting_participant=20, Statement_speaker=90)
    assert list(share_out(much, 9).values()) == [8, 1]
    assert list(share_out(much, 16).values()) == [8, 2, 3, 3]
    assert list(share_out(much, 30).values()) == [12, 2, 12, 4]
    assert list(share_out(much, 500).values()) == [48, 2, 20, 48]
    assert share_out({}) == {}


def test_figures_come_first_among_claims_of_one_day(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP?lang=de")
    group = text[text.index('id="Deployment-sender"') :]
    group = group[: group.index("</ol>")]
    told = [
        ("figure" in row, day)
        for row in group.split('<li class="claim">')[1:]
        for day in re.findall(r'datetime="([^"]+)"', row)[:1]
    ]
    assert len(told) > 3
    assert told == sorted(told, key=lambda each: (each[1], each[0]), reverse=True)


def test_things_of_one_name_are_told_apart(site_app: Flask) -> None:
    body, place, city = (f"{BASE}id/{key}" for key in ("organization/kreml", "place/kreml", "place/moskau"))
    name = Names({body: {"de": "Kreml"}, place: {"de": "Kreml"}, city: {"de": "Moskau"}}, "de")
    with site_app.app_context():
        assert tell_apart([city, place, body], name) == [(body, "Organization"), (place, "Place"), (city, "")]


def test_names_without_an_english_form_are_marked_as_german(client: FlaskClient) -> None:
    name = Names(
        {"a": {"de": "Region Kursk", "en": "Kursk region"}, "b": {"de": "Basis al-Tanf"}, "c": {"en": "X"}}, "en"
    )
    assert [name.is_foreign(iri) for iri in ("a", "b", "c", "d")] == [False, True, False, False]
    assert not replace(name, language="de").is_foreign("b")
    text = get(client, "/page/country/KP?lang=en")
    assert "<bdi>North Korea</bdi>" in text
    assert '<bdi lang="de">' not in get(client, "/page/country/KP?lang=de")
