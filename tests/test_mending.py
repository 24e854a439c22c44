"""Elements of pages that are opened and never closed."""

import time

import pytest

from kg.articles.mending import close_elements
from kg.articles.page import read_page

_TEXT = "".join(
    f"<p>Die Regierung hat am Dienstag beschlossen, Kiew weitere Waffen zu liefern, Teil {i} von allen.</p>\n"
    for i in range(6)
)
_CODE = "var kennung = 'Code';"


@pytest.mark.parametrize(
    "page",
    [
        f"<body><article><h1>Waffen für Kiew\n{_TEXT}</article></body>",
        f"<body><article><h1>Waffen für Kiew\n<div>{_TEXT}</div></article></body>",
        f"<head><title>Waffen für Kiew</head><body><article><h1>Waffen für Kiew</h1>{_TEXT}</article></body>",
        f"<head><script>{_CODE}\n</head><body><article><h1>Waffen für Kiew</h1>{_TEXT}</article></body>",
        f"<head><style>p {{ color: Code }}</head><body><article><h1>Waffen für Kiew</h1>{_TEXT}</article></body>",
        f"<body><article><h1>Waffen für Kiew</h1><script>{_CODE}\n{_TEXT}</article></body>",
        f"<body><article><h1>Waffen für Kiew</h1>{_TEXT}<script>{_CODE} if (a < b) {{ x = '<p>Code</p>'",
    ],
)
def test_what_is_left_open_neither_swallows_the_article_nor_becomes_text(page: str) -> None:
    text = read_page(f"<html>{page}", "page").text
    assert text.count("Teil") == 6
    assert text.startswith("Waffen für Kiew\n\nDie Regierung")
    assert "Code" not in text


@pytest.mark.parametrize(
    "page",
    [
        "<script>a = 1;\n<p>b</p></script><h1>A <div>b</div></h1><title>t</title>",
        "<script>a = '<h1>b<p>c';</script><p>d</p>",
        "<script>a = '<h1>b<p>c'",
    ],
)
def test_what_is_closed_or_code_stays_as_it_is(page: str) -> None:
    assert close_elements(page) == page


@pytest.mark.parametrize("piece", ["<script>", "<h1>", "<title>", "<h1 ", "; ", "}</head"])
def test_mending_takes_no_longer_than_reading(piece: str) -> None:
    begin = time.process_time()
    close_elements("<script>" + piece * (300_000 // len(piece)))
    assert time.process_time() - begin < 3
