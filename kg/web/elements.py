"""Pieces of HTML that a page holds by the hundred: calling a template's macro for each costs more than the piece."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from kg.web.context import Names, href


def show_name(iri: str, name: Names) -> Markup:
    """Return a name in its own writing direction; a screen reader says a German one in German."""
    lang = ' lang="de"' if name.is_foreign(iri) else ""
    return _trusted(f"<bdi{lang}>{escape(name(iri))}</bdi>")


def show_names(iris: Iterable[str], name: Names) -> Markup:
    """Return names with commas between them."""
    return _trusted(", ".join(show_name(iri, name) for iri in iris))


def link_names(iris: Iterable[str], name: Names) -> Markup:
    """Return names that lead to their pages, with commas between them."""
    return _trusted(", ".join(f'<a href="{escape(href(iri))}">{show_name(iri, name)}</a>' for iri in iris))


def _trusted(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - whatever goes in is escaped above
