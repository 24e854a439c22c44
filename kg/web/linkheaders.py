"""What else there is about a thing, in `Link` headers (RFC 8288), as Signposting (https://signposting.org) has them.

alternate    the same in another format               cite-as   the IRI to cite (RFC 8574)
describedby  what describes this                      license   under which licence it is, if a setting says so
describes    the thing that a description is about    type      the thing's classes (RFC 6903)
prev, next   pages beside this one
"""

from collections.abc import Iterable

from flask import Response, current_app

from kg.web.context import base_iri, current_graph, link
from kg.web.negotiation import GRAPHS, HTML, Choice


def link_page(response: Response, key: str, classes: Iterable[str]) -> None:
    """Say beside a page what else there is about the thing that it shows, and of which classes (IRIs) that is."""
    for offer in GRAPHS:
        _add(response, f"/data/{key}.{offer.name}", "alternate", type=offer.media_types[0])
    _add(response, f"/data/{key}.{GRAPHS[0].name}", "describedby", type=GRAPHS[0].media_types[0])
    _link_thing(response, key, classes)


def link_description(response: Response, key: str, choice: Choice) -> None:
    """Say beside the data of a thing what else there is about it."""
    _add(response, f"/page/{key}", "alternate", type=HTML.media_types[0])
    for offer in GRAPHS:
        if offer is not choice.format:
            _add(response, f"/data/{key}.{offer.name}", "alternate", type=offer.media_types[0])
    _add(response, "/.well-known/void", "describedby", type=GRAPHS[0].media_types[0])
    iri = f"{base_iri()}id/{key}"
    _add(response, iri, "describes")
    _link_thing(response, key, [row["class"].value for row in current_graph().select("classes", this=iri)])


def link_pages(response: Response, number: int, *, has_more: bool) -> None:
    """Say which pages stand beside page `number` of this address."""
    if number > 1:
        _add(response, link(page=number - 1 if number > 2 else None), "prev")
    if has_more:
        _add(response, link(page=number + 1), "next")


def _link_thing(response: Response, key: str, classes: Iterable[str]) -> None:
    _add(response, f"{base_iri()}id/{key}", "cite-as")
    for each in classes:
        _add(response, each, "type")
    if license_iri := current_app.config["SETTINGS"].data_license:
        _add(response, license_iri, "license")


def _add(response: Response, target: str, relation: str, **parameters: str) -> None:
    more = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    response.headers.add("Link", f'<{target}>; rel="{relation}"{more}')
