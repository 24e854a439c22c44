"""Problem documents: their types have pages, requests have numbers, bugs show nothing of the program."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from kg.web.app import create_app
from kg.web.problems import KINDS, STATUS_OF

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


def test_number_of_the_proxy_is_kept_and_any_other_replaced(client: FlaskClient) -> None:
    assert client.get("/about", headers={"X-Request-Id": NUMBER}).headers["X-Request-Id"] == NUMBER
    assert len(client.get("/about", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"]) == len(NUMBER)


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
    def bug() -> str:
        raise RuntimeError("secret")

    return app
