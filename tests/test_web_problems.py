"""Problem documents: their types have pages, requests have numbers, bugs show nothing of the program."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from kg.web.app import create_app
from kg.web.problems import KINDS, STATUS_OF, read_number

NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_a_page(client: FlaskClient, kind: str) -> None:
    response = client.get(f"/problems/{kind}")
    assert response.status_code == 200
    assert KINDS[kind] in response.text


def test_unknown_type_is_a_problem_itself(client: FlaskClient) -> None:
    response = client.get("/problems/none", headers={"Accept": "application/problem+json"})
    assert (response.status_code, response.json["type"]) == (404, "about:blank")  # type: ignore[index]  # it is JSON


def test_every_error_has_a_known_type() -> None:
    assert {kind for _, _, kind in STATUS_OF} <= set(KINDS)


@pytest.mark.parametrize("number", [NUMBER, "01234567-89ab-cdef-0123-456789abcdef"])
def test_number_that_comes_with_a_request_is_kept(client: FlaskClient, number: str) -> None:
    assert client.get("/about", headers={"X-Request-Id": number}).headers["X-Request-Id"] == number


@pytest.mark.parametrize("number", ["", "7", "<script>", "z" * 32, NUMBER + "0", f"{NUMBER}, {NUMBER}", "٣" * 32])
def test_what_is_no_number_is_replaced(number: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", read_number(number))
    assert read_number(number) != read_number(number)


def test_path_makes_no_line_of_its_own_in_the_log(app_with_bug: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app_with_bug.test_client().get("/bugs/a%0A2026-01-01 ERROR%0Da%E2%80%A8b?c", headers={"X-Request-Id": NUMBER})
    (record,) = caplog.records
    assert record.message == f'{NUMBER} GET "/bugs/a\\n2026-01-01 ERROR\\ra\\u2028b?c": a bug'


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_bug_shows_its_number_and_nothing_else(app_with_bug: Flask, accept: str) -> None:
    response = app_with_bug.test_client().get("/bug", headers={"Accept": accept, "X-Request-Id": NUMBER})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    if accept == "text/html":
        assert NUMBER in response.text
    else:
        problem = json.loads(response.data)
        assert problem["type"].endswith("/problems/internal-error")
        assert problem["instance"].replace("-", "").endswith(NUMBER)


@pytest.fixture
def app_with_bug(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = create_app(tmp_path_factory.mktemp("none"), Settings())

    @app.get("/bug")
    @app.get("/bugs/<_>")
    def bug(_: str = "") -> str:
        raise RuntimeError("secret")

    return app
