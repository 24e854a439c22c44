"""The main text of an HTML page and what the page says about it; trafilatura does the work."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.articles.markup import check_markup
from kg.articles.mending import close_elements
from kg.articles.metadata import Metadata, is_source, parse_date
from kg.errors import ArticleError

_OPTIONS: Mapping[str, Any] = {
    "include_comments": False,
    "include_tables": False,
    "with_metadata": True,
    # Guessing from any number on the page gives wrong days; the dateline is read from the text.
    "date_extraction_params": {"extensive_search": False, "original_date": True},
}


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its page shows it."""

    text: str
    """Headline, then paragraphs, with a blank line between any two."""
    metadata: Metadata


def read_page(html: str, name: str, url: str | None = None) -> Page:
    """Extract the article of a page; `url` is where it came from, if that is known.

    Raises:
        ArticleError: the page has no main text, or its markup cannot be parsed, or not in a reasonable time.
    """
    html = close_elements(html)
    check_markup(html, name)
    # Half a second of imports that only pages need.
    from trafilatura import bare_extraction  # noqa: PLC0415  # slow to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it logs is raised here as an error
    no_text = ArticleError(f"{name} has no article text in its HTML.", "Save the article as a .txt file and give that.")
    try:
        document = bare_extraction(html, url=url, **_OPTIONS)
    except Exception as error:
        # trafilatura and lxml raise errors of many kinds on broken markup; each means that the page is unreadable.
        raise no_text from error
    if document is None or isinstance(document, dict) or not (document.text or "").strip():
        raise no_text
    paragraphs = [line.strip() for line in (document.text or "").split("\n") if line.strip()]
    title = " ".join((document.title or "").split()) or None
    if title and paragraphs[0] != title:
        paragraphs.insert(0, title)
    address = url or document.url
    return Page(
        text="\n\n".join(paragraphs),
        metadata=Metadata(
            title=title,
            published=parse_date(document.date) if document.date else None,
            publisher=" ".join((document.sitename or "").split()) or None,
            source=address if address and is_source(address) else None,
        ),
    )
