"""The interface in German and English."""

import re
from pathlib import Path

from flask import Flask

from kg.web.app import create_app
from kg.web.columns import LONGEST, UNITS
from kg.web.i18n import load_messages
from tests.pages import HTML


def test_language_by_parameter_cookie_and_header(site_app: Flask) -> None:
    assert '<html lang="de">' in site_app.test_client().get("/about").text
    english = site_app.test_client()
    assert '<html lang="en">' in english.get("/about?lang=en", headers=HTML).text
    assert '<html lang="en">' in english.get("/about", headers=HTML).text
    assert (
        '<html lang="en">' in site_app.test_client().get("/about", headers={"Accept-Language": "en-GB,de;q=0.5"}).text
    )
    assert '<html lang="de">' in site_app.test_client().get("/about", headers={"Accept-Language": "fr"}).text
    assert "North Korea" in english.get("/page/country/KP", headers=HTML).text


def test_every_message_is_in_both_languages() -> None:
    for key, text in load_messages().items():
        assert set(text) == {"de", "en"}, key
        assert set(re.findall(r"{\w+}", text["de"])) == set(re.findall(r"{\w+}", text["en"])), key


def test_every_message_is_used() -> None:
    folder = Path(create_app.__code__.co_filename).parent
    source = "".join(path.read_text(encoding="utf-8") for path in [*folder.glob("*.py"), *folder.glob("templates/*")])
    scripts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("frontend/query/**/*.js"))
    source += re.sub(r'\bt\("', '"editor.', scripts)
    families = {
        "about",
        "nav",
        "front",
        "error",
        "ontology",
        "graphs",
        "group",
        "problem",
        "part",
        "why",
    }  # also put together from parts
    built = {"claim.personnel", "claim.quantity", "entity.role_attributedTo", "entity.role_relayedBy"}
    built |= {f"editor.view_{view}" for view in ("table", "chart", "map", "timeline", "graph", "response")}
    built |= {f"search.{what}{kind}" for what in ("", "all_") for kind in ("entity", "event", "claim", "article")}
    built |= {f"columns.{by}{unit}" for by in ("", "by_") for unit in (*UNITS, LONGEST[0])}
    unused = [
        key
        for key in load_messages()
        if f'"{key}"' not in source and key not in built and key.split(".")[0] not in families
    ]
    assert unused == []
