"""The small parts of the site: words for figures and dates, marks in texts, query texts, folded names."""

import pytest

from kg.folding import fold, fold_both
from kg.web.articles import Mark, mark_text
from kg.web.context import is_web_iri, last_part
from kg.web.querytext import examine
from kg.web.records import Figure
from kg.web.wording import word_counted, word_day, word_figure, word_number, word_period, word_position


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "german", "english"),
    [
        (None, 100_000, "upTo", "bis zu 100.000", "up to 100,000"),
        (10_000, None, "moreThan", "mehr als 10.000", "more than 10,000"),
        (240, None, "atLeast", "mindestens 240", "at least 240"),
        (None, 50, "fewerThan", "weniger als 50", "fewer than 50"),
        (4800, 4800, "about_", "rund 4.800", "about 4,800"),
        (700, 700, "exactly", "700", "700"),
        (300, 500, "range", "300–500", "300–500"),
        (10_000, None, "", "mindestens 10.000", "at least 10,000"),
        (None, 10_000, "", "bis zu 10.000", "up to 10,000"),
        (None, None, "", "", ""),
    ],
)
def test_figures_stay_as_open_as_they_are(
    low: int | None, high: int | None, qualifier: str, german: str, english: str
) -> None:
    figure = Figure("personnel", low, high, qualifier, "")
    assert (word_figure(figure, "de"), word_figure(figure, "en")) == (german, english)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("25.000 bis 30.000 zusätzliche Soldaten", "zusätzliche Soldaten"),
        ("etwa 15.000 Mann", "Mann"),
        ("15 000 Soldaten", "Soldaten"),
        ("zwischen 5 und 6 Tausend\nSoldaten", "Soldaten"),
        ("rund 1000 im Land stationierten französischen Soldaten", "Soldaten"),
        ("bis zu 3000", ""),
        ("Drei", ""),
        ("", ""),
    ],
)
def test_counted_are_those_whom_the_article_counts(text: str, counted: str) -> None:
    assert word_counted(Figure("personnel", 1, 1, "exactly", text)) == counted
    assert word_counted(Figure("quantity", 1, 1, "exactly", text)) == ""


@pytest.mark.parametrize(
    ("begin", "end", "german", "english"),
    [
        ("2024-11-18", "2024-11-18", "18. November 2024", "18 November 2024"),
        ("2024-11-18", "2024-11-24", "18.–24. November 2024", "18–24 November 2024"),
        ("2024-11-01", "2024-11-30", "November 2024", "November 2024"),
        ("2024-02-01", "2024-02-28", "1.–28. Februar 2024", "1–28 February 2024"),
        ("2024-03-01", "2024-05-31", "März – Mai 2024", "March – May 2024"),
        ("2023-12-01", "2024-01-31", "Dezember 2023 – Januar 2024", "December 2023 – January 2024"),
        ("2024-01-01", "2024-12-31", "2024", "2024"),
        ("2022-01-01", "2024-12-31", "2022–2024", "2022–2024"),
        ("2024-10-30", "2025-01-02", "30. Oktober 2024 – 2. Januar 2025", "30 October 2024 – 2 January 2025"),
        ("2024-11-18", "", "ab 18. November 2024", "from 18 November 2024"),
        ("", "2024-11-18", "bis 18. November 2024", "until 18 November 2024"),
        ("", "", "", ""),
        ("soon", "later", "soon–later", "soon–later"),
    ],
)
def test_periods_are_as_short_as_they_allow(begin: str, end: str, german: str, english: str) -> None:
    written = [word_period(begin, end, language).replace("\N{NO-BREAK SPACE}", " ") for language in ("de", "en")]
    assert written == [german, english]


def test_numbers_and_days() -> None:
    assert (word_number(1_234_567, "de"), word_number(1_234_567, "en")) == ("1.234.567", "1,234,567")
    assert word_day("2024-11-08", "de") == "8.\N{NO-BREAK SPACE}November 2024"  # no line begins with the month
    assert word_day("nonsense", "de") == "nonsense"


def test_positions() -> None:
    assert word_position("55.752", "37.6178", "de").replace("\N{NO-BREAK SPACE}", " ") == "55,75° N, 37,62° O"
    assert word_position("-33.45", "-70.667", "en").replace("\N{NO-BREAK SPACE}", " ") == "33.45° S, 70.67° W"
    assert word_position("here", "there", "en") == "here, there"


def test_marks_cut_a_text_into_pieces() -> None:
    text = "Titel\n\nKim schickt Truppen."
    marks = [
        Mark(7, 26, "evidence", claim=1),
        Mark(7, 10, "mention", target="kim"),
        Mark(11, 18, "trigger", claim=1),
        Mark(19, 26, "evidence", claim=2),
    ]
    title, sentence = mark_text(text, marks)
    assert [piece.text for piece in title] == ["Titel"]
    assert [piece.text for piece in sentence] == ["Kim", " ", "schickt", " ", "Truppen", "."]
    assert [piece.claims for piece in sentence] == [[1], [1], [1], [1], [1, 2], []]
    assert sentence[0].mention == marks[1]
    assert sentence[0].anchors == ["char=7,10", "char=7,26"]
    assert [piece.trigger for piece in sentence] == [False, False, True, False, False, False]
    assert [piece.closes for piece in sentence if piece.closes] == [[1, 2]]


def test_pieces_put_together_are_the_text() -> None:
    text = "Eins zwei drei.\nVier 🇩🇪 fünf.\n\n\nSechs."
    marks = [Mark(begin, begin + size, "mention", target="x") for begin in range(30) for size in (1, 4, 9)]
    paragraphs = ["".join(piece.text for piece in pieces) for pieces in mark_text(text, marks)]
    assert paragraphs == [line for line in text.split("\n") if line]


def test_the_shortest_of_nested_mentions_is_the_link() -> None:
    marks = [Mark(0, 12, "mention", target="summit"), Mark(0, 3, "mention", target="country")]
    (pieces,) = mark_text("G20 in Rio 24", marks)
    assert [piece.mention.target if piece.mention else None for piece in pieces] == ["country", "summit", None]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <http://x> WHERE { ?s ?p ?o }", True),
        ("SELECT * from named <http://x> WHERE { ?s ?p ?o }", True),
        ("PREFIX g: <http://g> ASK FROM g:x { ?s ?p ?o }", True),
        ("SELECT ?from WHERE { ?s ?p ?from }", False),
        ("SELECT * WHERE { ?s from:x ?o ; x:from ?p }", False),
        ("SELECT * WHERE { ?s ?p \"FROM <x>\" , '''a \"FROM\" ''' }", False),
        ("SELECT * WHERE { ?s ?p ?o } # FROM <x>", False),
        ("SELECT * WHERE { ?s <http://x/FROM> ?o }", False),
        ("SELECT * WHERE { ?s ?p 'it\\'s' } # '\nFROM", True),
    ],
)
def test_dataset_clauses_are_seen(query: str, expected: bool) -> None:
    assert examine(query).names_graphs is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { SERVICE <http://x> { ?s ?p ?o } }", True),
        ("SELECT * { service silent ?s { ?s ?p ?o } }", True),
        ("SELECT * { ?service ?p 'SERVICE' } # SERVICE", False),
        ("SELECT * { ?s schema:service ?o }", False),
    ],
)
def test_services_are_seen(query: str, expected: bool) -> None:
    assert bool(examine(query).services) is expected


def test_names_fold_to_plain_words() -> None:
    assert fold("  Álvaro-URIBE's  Größe ") == "alvaro uribe s grosse"
    assert list(fold_both("Türkei")) == ["turkei", "tuerkei"]
    assert list(fold_both("Mali")) == ["mali"]


def test_links_lead_to_the_web_only() -> None:
    assert is_web_iri("https://example.org/")
    assert not is_web_iri("javascript:alert(1)")
    assert not is_web_iri("http://[broken")
    assert last_part("http://example.org/a%20b/") == "a b"
