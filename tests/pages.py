"""What tests of pages share: fetching them, their links and tags, and asking the graph for what they should show."""

import json
from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.gold import BASE

HTML = {"Accept": "text/html"}
LB = "https://w3id.org/lagebild/ontology#"


class Page(HTMLParser):
    """The links, ids and tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        link = values.get("href") or values.get("src") or values.get("action")
        if link:
            self.links.append(link)


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return response.text


def select(client: FlaskClient, query: str) -> list[str]:
    """Return the values of the variable ?x."""
    body = client.post("/sparql", data={"query": f"PREFIX lb: <{LB}> {query}"}).data
    return [row["x"]["value"] for row in json.loads(body)["results"]["bindings"]]


def path_of(iri: str) -> str:
    return iri.replace(f"{BASE}id/", "/page/")
