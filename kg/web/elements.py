"""Pieces of HTML that a page holds by the hundred: calling a template's macro for each costs more than the piece."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from kg.web.context import Names, href
from kg.web.i18n import Language, translate
from kg.web.records import Article, Claim
from kg.web.terms import define_term, name_term
from kg.web.wording import word_counted, word_day, word_figure, word_units


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


@lru_cache
def show_standing(status: str, language: Language) -> Markup:
    """Return the badge of a standing."""
    meaning, word = escape(define_term(status, language)), escape(name_term(status, language))
    return _trusted(f'<span class="status s-{escape(status)}" title="{meaning}">{word}</span>')


def show_amount(claim: Claim, language: Language) -> Markup:
    """Return how many or how much a claim tells of: figures with what is counted, units, goods."""
    figures = ", ".join(
        f'<span class="figure">{escape(word_figure(figure, language))}</span>{_unit(word_counted(figure))}'
        for figure in claim.figures
    )
    units = "".join(map(_unit, word_units(claim)))
    return _trusted(figures + units + "".join(_goods(claim.items)))


def show_source(claim: Claim, name: Names, language: Language) -> Markup:
    """Return who says what a claim tells, and who passed it on."""
    according, relayed = (escape(translate(language, key)) for key in ("claim.according_to", "claim.relayed"))
    if claim.sources:
        html = f"{according} {link_names(claim.sources, name)}"
    elif claim.source_text:
        html = f'{according} <span lang="de">„{escape(claim.source_text)}“</span>'
    else:
        html = str(escape(translate(language, "claim.itself")))
    if claim.relayed_by:
        html += f", {relayed} {link_names(claim.relayed_by, name)}"
    return _trusted(html)


def cite(article: Article, language: Language) -> Markup:
    """Return the publisher of an article, else its title, and its day."""
    html = f'<cite><a href="{escape(href(article.iri))}">{escape(article.publisher or article.title)}</a></cite>'
    return _trusted(f"{html}, {show_day(article.issued, language)}" if article.issued else html)


def show_day(iso: str, language: Language) -> Markup:
    """Return a day in words."""
    return _trusted(f'<time datetime="{escape(iso)}">{escape(word_day(iso, language))}</time>')


def quote_sentences(claim: Claim, language: Language) -> Markup:
    """Return the sentences that a claim was read from; each leads to its place in the article."""
    title = escape(translate(language, "claim.in_article"))
    links = (f'<a href="{escape(href(span.iri))}" title="{title}">{escape(span.text)}</a>' for span in claim.evidence)
    return _trusted("".join(f'<blockquote lang="de">{link}</blockquote>' for link in links))


def _unit(words: str) -> str:
    return f' <span class="unit" lang="de">{escape(words)}</span>' if words else ""


def _goods(items: tuple[str, ...]) -> Iterator[str]:
    """Yield what is delivered, with commas after all but the last."""
    return map(_unit, (*(f"{item}," for item in items[:-1]), *items[-1:]))


def _trusted(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - whatever goes in is escaped above
