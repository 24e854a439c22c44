"""Pages that would keep their reader busy: refused before they are parsed, and soon."""

import time
from contextlib import suppress

import pytest

from kg.articles.markup import MAX_ATTRIBUTES, MAX_ATTRIBUTES_IN_ALL, MAX_TAGS, check_markup
from kg.articles.page import read_page
from kg.errors import ArticleError

PAGE = "<html><head><title>Lage</title></head><body><p>Der Minister sprach.</p>{}</body></html>"
MANY = " ".join(f"a{number}" for number in range(MAX_ATTRIBUTES + 1))
QUOTED = MANY.replace(" ", '="b" ')


@pytest.mark.parametrize(
    "tag",
    [
        f"<p {MANY}>",
        f"<p {MANY.replace(' ', '=b ')}>",
        f"<p {QUOTED}>",
        f"<p {MANY.replace(' ', '/')}>",
        f"<p {MANY}",  # and never ends
        f"<p title='>' {MANY}>",
        f'<p title=">" {MANY}>',
        f'<p a==" {MANY}>',  # a quote within a value
        f'<p "a="{MANY}">',  # some parsers see a value here, some do not
        f"<script {MANY}></script>",
        f"<script></script><p {MANY}>",
        f"<!--><p {MANY}>",  # which is a whole comment
        f"<!-- > --><p {MANY}>",
    ],
    ids=lambda tag: tag[:20],
)
def test_many_attributes_in_one_tag_are_refused(tag: str) -> None:
    with pytest.raises(ArticleError, match="page has more than 3,000 attributes in a tag"):
        check_markup(PAGE.format(tag), "page")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<p>" * (MAX_TAGS + 1), "20,000 tags"),
        ("<b><p>x" * MAX_TAGS, "20,000 tags"),
        (f"<p{' a=b' * 100}>" * (MAX_ATTRIBUTES_IN_ALL // 100 + 1), "100,000 attributes"),
    ],
)
def test_many_tags_or_attributes_in_all_are_refused(body: str, what: str) -> None:
    with pytest.raises(ArticleError, match=f"page has more than {what}"):
        read_page(PAGE.format(body), "page")


@pytest.mark.parametrize(
    "harmless",
    [
        f"<p>{'word ' * 50_000}</p>",
        f"<img src='data:image/png;base64,{'QUJD' * 100_000}'>",
        f'<div data-article="{"word = (a) / b; " * 5_000}">x</div>',
        f"<script>if (a<b) {{{'c = d; ' * 10_000}}}</script>",
        f"<script>{'<p>' * (MAX_TAGS + 1)}</script>",
        f"<!-- {'<p a b c>' * (MAX_TAGS + 1)} -->",
        "<p class=a id=b>x</p>" * (MAX_TAGS - 10),
    ],
    ids=lambda body: body[:20],
)
def test_what_costs_nothing_may_be_long(harmless: str) -> None:
    check_markup(PAGE.format(harmless), "page")


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<a b='", '<a b="', "<!--", "<!-- --", "<script>", "= ", "<a =", "<a b= "]
)
def test_it_is_soon_told(piece: str) -> None:
    begin = time.process_time()
    with suppress(ArticleError):
        check_markup(PAGE.format(piece * (300_000 // len(piece))), "page")
    assert time.process_time() - begin < 3  # where signs are looked at again and again, minutes
