"""An application that may be written to, and requests that write."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.test import TestResponse

from kg.settings import Settings
from kg.store import open_snapshot
from kg.web.app import create_app
from kg.web.tokens import SCOPES, make_token
from tests.gold import BASE, load_gold
from tests.web_site import build_site

TURTLE = "text/turtle"
MINE = f"{BASE}graphs/mine"
ARTICLE = f"{BASE}graph/article/04-aspides-hessen"
TEXT = "Dänemark schickt Soldaten nach Litauen\n\nDänemark hat im Mai 200 Soldaten nach Litauen entsandt."
"""An article."""


@dataclass
class Writing:
    """An application that may be written to, and its tokens by scope."""

    app: Flask
    store: Path
    tokens: Mapping[str, str]

    def close(self) -> None:
        """End its processes."""
        self.app.extensions["supervisor"].close()
        self.app.extensions["writes"].close()

    def send(self, method: str, path: str, scope: str | None = None, **arguments: Any) -> TestResponse:
        """Send a request, with the token for a scope."""
        headers = arguments.pop("headers", {})
        if scope:
            headers = {**headers, "Authorization": f"Bearer {self.tokens[scope]}"}
        return self.app.test_client().open(path, method=method, headers=headers, **arguments)

    def update(self, text: str, **parameters: str) -> TestResponse:
        path = "/sparql?" + urlencode({name.replace("_", "-"): value for name, value in parameters.items()})
        return self.send("POST", path, "update", data=text, content_type="application/sparql-update")

    def put(self, graph: str, body: str | bytes, media_type: str = TURTLE, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/graphs?graph={quote(graph)}"
        return self.send("PUT", path, "graphs", data=body, content_type=media_type, headers=named)

    def upload(self, body: str | bytes, kind: str, **parameters: str) -> TestResponse:
        return self.send("POST", f"/articles?{urlencode(parameters)}", "articles", data=body, content_type=kind)

    def ask(self, pattern: str) -> bool:
        answer = self.send("GET", f"/sparql?query={quote(f'ASK {{ {pattern} }}')}")
        found: bool = json.loads(answer.data)["boolean"]
        return found


def start_writing(path: Path) -> Writing:
    """Make an application over a store with three articles, and a token for each scope."""
    made = {scope: make_token(scope, [scope]) for scope in SCOPES}
    store = build_site(path, load_gold()[:3])
    entries = " ".join(entry for _, entry in made.values())
    app = create_app(store, Settings(tokens=entries, write_timeout=20.0, write_max_bytes=200_000))
    return Writing(app, store, {scope: secret for scope, (secret, _) in made.items()})


def program_graphs(writing: Writing) -> dict[str, int]:
    """Count what is in the graphs that follow from the articles."""
    with open_snapshot(writing.store) as store:
        return {
            str(graph): sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
            for graph in store.named_graphs()
            if "/graph/" in str(graph)
        }
