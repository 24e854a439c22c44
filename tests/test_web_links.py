"""Links between the pages: all of them lead somewhere, on any host."""

from urllib.parse import unquote, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests.gold import BASE
from tests.pages import HTML, Page


def test_all_internal_links_resolve(client: FlaskClient) -> None:
    pages: dict[str, Page] = {}
    waiting, fragments = ["/"], set()
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        response = client.get(path, headers=HTML)
        assert response.status_code in {200, 303}, path
        pages[path] = Page(response.text if response.content_type.startswith("text/html") else "")
        response.close()  # a dump is left unread, and there are but so many at once
        for link in pages[path].links:
            target = urlsplit(urljoin(f"http://localhost{path}", link))
            if target.hostname != "localhost" or "lang=" in target.query or target.path in {"/sparql", "/data"}:
                continue
            bare = target._replace(scheme="", netloc="", fragment="").geturl()
            if target.fragment:
                fragments.add((path, bare, unquote(target.fragment)))
            if not target.path.startswith(("/static/", "/data/")):
                waiting.append(bare)
    assert len(pages) > 300
    for source, path, fragment in fragments:
        assert path not in pages or fragment in pages[path].ids, f"{source} links to {path}#{fragment}"


def test_links_stay_on_any_host(site_app: Flask, site_store: object) -> None:
    page = site_app.test_client().get("/page/country/KP", headers=HTML, base_url="https://graph.example.org/")
    asked = [link for link in Page(page.text).links if link.startswith("/sparql?query=")]
    assert all(f"<{BASE}id/country/KP>" in unquote(link) for link in asked)  # a query names things by the store's IRIs
    assert not [link for link in Page(page.text).links if "localhost" in link and link not in asked]
