"""The crawl: it finds nothing wrong with a whole site, and finds what is wrong."""

import gzip
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient

from benchmarks.crawl import services, things
from benchmarks.crawl.__main__ import crawl_all
from benchmarks.crawl.asking import Ask, Reply
from tests.gold import BASE

KOREA = f"{BASE}id/country/KP"
Change = Callable[[str, str, Reply], Reply]


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    def ask(method: str, path: str, headers: Mapping[str, str]) -> Reply:
        response = client.open(path, method=method, headers=dict(headers))
        found = {name.lower(): response.headers.getlist(name) for name, _ in response.headers}
        return Reply(response.status_code, found, response.data)

    return ask


@pytest.fixture
def dump(ask: Ask) -> things.Dump:
    return things.Dump(gzip.decompress(ask("GET", "/dump.nq.gz", {}).body), BASE)


def test_a_whole_site_answers_as_it_should(ask: Ask, dump: things.Dump) -> None:
    found = list(crawl_all(ask, dump, 1))
    assert {"type=Deployment", "status=denied", "country=KP"} <= {
        query for name, query, _ in found if name == "/feed.atom"
    }
    assert {name.partition(" ")[0] for name, _, _ in found} >= {"/id/claim/…", "/graph/…", "/fragments", "/reconcile"}
    assert [fault for _, _, faults in found for fault in faults] == []


def without(header: str) -> Change:
    def change(method: str, path: str, reply: Reply) -> Reply:
        return reply._replace(headers={name: values for name, values in reply.headers.items() if name != header})

    return change


def never_304(method: str, path: str, reply: Reply) -> Reply:
    return reply._replace(status=200) if reply.status == 304 else reply


def shorter(method: str, path: str, reply: Reply) -> Reply:
    """Leave out the last statement of N-Triples and Turtle, where it ends in a line of its own."""
    is_rdf = path.startswith("/data/") and path.endswith((".ttl", ".nt")) and reply.body
    return reply._replace(body=b"\n".join(reply.body.rstrip().split(b"\n\n")[:-1])) if is_rdf else reply


def with_a_body(method: str, path: str, reply: Reply) -> Reply:
    return reply._replace(body=b"x") if method == "HEAD" else reply


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (without("vary"), "does not vary by Accept"),
        (without("link"), "lacks the link"),
        (without("location"), "not 303"),
        (never_304, "with its ETag is 200"),
        (with_a_body, "is not GET without its body"),
        (shorter, "is not the same in all formats"),
        (shorter, "statements, such as"),
    ],
)
def test_what_is_wrong_with_a_thing_is_found(ask: Ask, dump: things.Dump, change: Change, fault: str) -> None:
    def worse(method: str, path: str, headers: Mapping[str, str]) -> Reply:
        return change(method, path, ask(method, path, headers))

    assert any(fault in found for found in things.check_thing(worse, dump, KOREA))


def test_what_is_wrong_with_the_services_is_found(ask: Ask, dump: things.Dump) -> None:
    query, claims = next(services.feeds(dump))
    assert not list(services.check_feed(ask, dump, query, claims))
    assert list(services.check_feed(ask, dump, query, claims - {min(claims)}))
    assert list(services.check_feed(ask, dump, "type=Deployment", claims))
    assert list(services.check_feed(ask, dump, "country=KP", claims))
    assert list(services.check_entity(ask, ("country/KP", "Country", "Russland")))
