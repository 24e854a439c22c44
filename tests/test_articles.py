"""Files become articles, or errors that name their remedy."""

import codecs
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.articles import ReadOptions, read_inputs
from kg.articles.dateline import find_dateline
from kg.articles.decode import clean_text, decode_text
from kg.articles.metadata import KEYS
from kg.articles.noise import find_noise
from kg.errors import ArticleError
from kg.model import Article
from kg.settings import Settings

TODAY = date(2025, 6, 1)
OPTIONS = ReadOptions(today=TODAY)
TEXT = """\
Kenia schickt Polizisten nach Haiti

Die Regierung in Nairobi hat am Dienstag 400 Polizisten für die Mission gestellt.
"""
ENGLISH = """\
Kenya sends police to Haiti

The government of Kenya said on Tuesday that it has sent 400 officers to the island.
"""
PAGE = """<html><head><title>Kenia schickt Polizisten</title>
<meta property="og:site_name" content="Beispielblatt">
<meta property="article:published_time" content="2024-06-25T10:00:00+02:00"></head>
<body><nav><a href="/">Start</a></nav><article><h1>Kenia schickt Polizisten</h1>
<p>Die Regierung in Nairobi hat am Dienstag 400 Polizisten für die Mission in Haiti gestellt. Das teilte sie mit.</p>
<p>Weitere 600 Polizisten sollen im Herbst folgen, sagte Präsident William Ruto bei der Verabschiedung der Truppe.</p>
</article><footer>Impressum</footer></body></html>"""


def read_one(path: Path | str, options: ReadOptions = OPTIONS) -> Article:
    (result,) = read_inputs([str(path)], options)
    assert isinstance(result, Article), result
    return result


def read_error(path: Path | str, options: ReadOptions = OPTIONS) -> ArticleError:
    (result,) = read_inputs([str(path)], options)
    assert isinstance(result, ArticleError), result
    assert result.message
    assert result.remedy
    return result


def write(folder: Path, raw: bytes | str, name: str = "haiti.txt", metadata: dict[str, object] | None = None) -> Path:
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    if metadata:
        path.with_suffix(".meta.json").write_text(json.dumps(metadata), encoding="utf-8")
    return path


def test_a_text_with_metadata(tmp_path: Path) -> None:
    metadata = {
        "title": "Polizisten",
        "published": "2024-06-25",
        "publisher": "Blatt",
        "source": "https://example.org/h",
    }
    article = read_one(write(tmp_path, TEXT, metadata={"language": "de", **metadata}))
    assert (article.stem, article.title, article.publisher) == ("haiti", "Polizisten", "Blatt")
    assert (article.published, article.date_basis) == (date(2024, 6, 25), "stated")
    assert (article.source, article.language) == ("https://example.org/h", "de")
    assert article.text == TEXT.rstrip("\n")


def test_without_a_date_it_is_given_or_assumed(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    assert (read_one(path).published, read_one(path).date_basis) == (TODAY, "assumed")
    given_date = read_one(path, ReadOptions(today=TODAY, published=date(2024, 7, 1)))
    assert (given_date.published, given_date.date_basis) == (date(2024, 7, 1), "given")


def test_the_title_is_the_first_line(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, TEXT)).title == "Kenia schickt Polizisten nach Haiti"
    assert len(read_one(write(tmp_path, TEXT.replace("\n", " ") * 9)).title) <= 250


def test_a_page(tmp_path: Path) -> None:
    article = read_one(write(tmp_path, PAGE, "seite.html"))
    assert article.text.split("\n\n")[0] == article.title == "Kenia schickt Polizisten"
    assert len(article.text.split("\n\n")) == 3
    assert (article.published, article.date_basis, article.publisher) == (date(2024, 6, 25), "stated", "Beispielblatt")
    assert "Impressum" not in article.text


def test_metadata_beside_a_page_wins(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, PAGE, "seite.html", {"publisher": "Anderes Blatt"})).publisher == "Anderes Blatt"


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("ü", "u\u0308").encode(),
        TEXT.replace("400 ", "400\u00a0").encode(),
        TEXT.replace("Polizisten", "Poli\u00adzisten").encode(),
    ],
    ids=["utf8-bom", "utf16le", "utf16be", "cp1252", "latin1", "crlf", "cr", "nfd", "nbsp", "soft-hyphen"],
)
def test_encodings_and_spellings_give_the_same_text(tmp_path: Path, raw: bytes) -> None:
    assert read_one(write(tmp_path, raw)).text == TEXT.rstrip("\n")


@pytest.mark.parametrize("declared", ["base64", "hex", "rot13", "undefined", "punycode", "no-such", "a\0b"])
def test_a_codec_that_is_none_of_text_is_passed_over(declared: str) -> None:
    assert decode_text("Für Kiew".encode(), "page", declared) == "Für Kiew"


def test_a_page_in_latin_1_says_so(tmp_path: Path) -> None:
    raw = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').encode("cp1252")
    assert "für die Mission" in read_one(write(tmp_path, raw, "seite.html")).text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "no words"),
        (b" \n\t\n 123 \n", "no words"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (TEXT.encode("utf-16-le"), "binary"),
        (b"\x01\x02\x03\x04\x05 abc", "control characters"),
        (ENGLISH, "English"),
        ("xyz qrst " * 30, "no German"),
        (codecs.BOM_UTF8 + b"\xff\xfe\xfd", "damaged"),
        (TEXT.encode("cp850"), "neither UTF-8"),
        (TEXT.encode().decode("cp1252"), "wrong encoding"),
        ("der die das " * 1000, "longer than 5000"),
    ],
    ids=[
        "empty",
        "blank",
        "png",
        "utf16-no-bom",
        "controls",
        "english",
        "gibberish",
        "broken-utf8",
        "dos",
        "mojibake",
        "long",
    ],
)
def test_what_is_no_article_is_an_error_with_a_remedy(tmp_path: Path, raw: bytes | str, message: str) -> None:
    options = ReadOptions(today=TODAY, settings=Settings(article_max_chars=5000))
    assert message in read_error(write(tmp_path, raw), options).message


def test_a_word_of_absurd_length(tmp_path: Path) -> None:
    address = "https://example.org/" + "a" * 980
    assert address in read_one(write(tmp_path, f"{TEXT}\n{address}\n")).text
    error = read_error(write(tmp_path, f"{TEXT}\n{address}a\n"))
    assert "haiti.txt has more than 1000 characters without a space." in error.message
    assert "without a space" in read_error(write(tmp_path, "Nordkorea" * 10_000)).message


def test_ten_megabytes_of_one_line(tmp_path: Path) -> None:
    assert "longer than" in read_error(write(tmp_path, "Soldaten " * 1_200_000)).message


def test_the_default_limit_is_named_with_its_setting(tmp_path: Path) -> None:
    error = read_error(write(tmp_path, "der die das " * 17_000))
    assert "longer than 200000 characters" in error.message
    assert "LAGEBILD_ARTICLE_MAX_CHARS" in error.remedy
    assert len(read_one(write(tmp_path, "der die das " * 16_000)).text) == 191_999


def test_a_page_may_have_much_more_markup_than_text(tmp_path: Path) -> None:
    script = f"<script>{'x = 1; ' * 500_000}</script></head>"
    assert "400 Polizisten" in read_one(write(tmp_path, PAGE.replace("</head>", script), "seite.html")).text


@pytest.mark.parametrize("raw", ["<html></html>", "<html><body><img src=x></body></html>", "<" * 5000, "<div>" * 5000])
def test_a_page_without_text(tmp_path: Path, raw: str) -> None:
    read_error(write(tmp_path, raw, "seite.html"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(str.encode), ending=st.sampled_from(["txt", "html"]))
def test_any_bytes_are_an_article_or_an_error(tmp_path: Path, raw: bytes, ending: str) -> None:
    (result,) = read_inputs([str(write(tmp_path, raw, f"x.{ending}"))], OPTIONS)
    assert isinstance(result, Article | ArticleError)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(PAGE.replace(">", ">\0").split("\0")), max_size=60), cut=st.integers(0, 99))
def test_tag_soup_is_an_article_or_an_error(tmp_path: Path, parts: list[str], cut: int) -> None:
    (result,) = read_inputs([str(write(tmp_path, "".join(parts)[cut:], "x.html"))], OPTIONS)
    assert isinstance(result, Article | ArticleError)


@given(text=st.text(max_size=300))
def test_clean_text_is_stable(text: str) -> None:
    try:
        cleaned = clean_text(text, "x")
    except ArticleError:
        return
    assert clean_text(cleaned, "x") == cleaned
    assert "\r" not in cleaned


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"published": "25.06.2024"}, "published is '25.06.2024'"),
        ({"published": 20240625}, "published is 20240625"),
        ({"publisher": ""}, "publisher is ''"),
        ({"source": "ftp://example.org/x"}, "source is"),
        ({"language": "en"}, "language is 'en'"),
        ({"publishd": "2024-06-25"}, "'publishd' is unknown"),
    ],
)
def test_bad_metadata_names_file_and_key(tmp_path: Path, metadata: dict[str, object], message: str) -> None:
    error = read_error(write(tmp_path, TEXT, metadata=metadata))
    assert "haiti.meta.json" in error.message
    assert message in error.message


@pytest.mark.parametrize("raw", ["{", "[]", "\xff", "[" * 100_000])
def test_metadata_that_is_no_object(tmp_path: Path, raw: str) -> None:
    path = write(tmp_path, TEXT)
    path.with_suffix(".meta.json").write_bytes(raw.encode("latin-1"))
    assert "haiti.meta.json" in read_error(path).message


def test_null_and_foreign_keys_are_left_alone(tmp_path: Path) -> None:
    article = read_one(write(tmp_path, TEXT, metadata={"published": None, "rights": "CC0"}))
    assert article.date_basis == "assumed"
    assert set(KEYS) == {"title", "published", "publisher", "source", "language"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("JINAN, 22. Dezember (Xinhua) -- Ein Bataillon ist da.", date(2024, 12, 22)),
        ("Berlin, 12.3.2024 - Die Regierung prüft das.", date(2024, 3, 12)),
        ("Wien – 9. Jänner 2024. Der Minister reist ab.", date(2024, 1, 9)),
        ("Bamako/Dakar. 10. Juni 2025 – Die Junta schweigt.", date(2025, 6, 10)),
        ("NEW YORK, 18. September 2014 – Der Rat hat beraten.", date(2014, 9, 18)),
        ("MOSKAU/WASHINGTON, 28. März - Zwei Flugzeuge kamen an.", date(2025, 3, 28)),
        ("London/Brüssel, 11. Okt. (sda) Drei Stunden lang redeten sie.", date(2024, 10, 11)),
        ("Stand: 03.05.2023, 14:10 Uhr", date(2023, 5, 3)),
        ("Veröffentlicht am 3. Mai 2023 um 8 Uhr", date(2023, 5, 3)),
        ("Veröffentlicht am: 18/03/2023 - Luanda", date(2023, 3, 18)),
        ("Gesendet am 3. Mai 2023, 18 Uhr", date(2023, 5, 3)),
        ("Diese Nachricht wurde am 12.03.2024 im Programm Erste Welle gesendet.", date(2024, 3, 12)),
        ("Von unserem Korrespondenten | 21. April 2011 | Seite empfehlen", date(2011, 4, 21)),
        ("Montag, 17. Oktober 2022", date(2022, 10, 17)),
        ("Dienstag, Februar 27, 2024 | 3 Min. gelesen", date(2024, 2, 27)),
        ("2024-02-27 08:15", date(2024, 2, 27)),
        ("Aktualisiert 2024.02.27 08:15 | Ressort Technik", date(2024, 2, 27)),
        ("27 Februar, 2024, 10:15", date(2024, 2, 27)),
        ("Zuletzt aktualisiert: Dienstag, 27 Feb 2024, 09:10 GMT", date(2024, 2, 27)),
        ("Interview vom 3. Mai 2023", date(2023, 5, 3)),
        ("Newsblog zum Krieg im Sudan vom 12.03.2024", date(2024, 3, 12)),
        ("Politik | Sendung vom Freitag, den 3. Mai 2024", date(2024, 5, 3)),
        ("Von MUSTER, A. | Hanoi — 27. Februar 2024 12:00 Mittag", date(2024, 2, 27)),
    ],
)
def test_datelines(line: str, expected: date) -> None:
    dateline = find_dateline(f"Eine Überschrift\n\n{line}\n\nEin Satz.", ())
    assert dateline is not None
    assert dateline.resolve(TODAY) == expected


@pytest.mark.parametrize(
    ("foot", "expected"),
    [
        (["Stand: 21.01.2025, 14:30 Uhr", *"abcde"], date(2025, 1, 21)),
        (["Veröffentlicht am Dienstag, den 21. Januar 2025", *"abcde"], date(2025, 1, 21)),
        (["(Zuletzt geändert: Di., 21.01.2025)", *"abcde"], date(2025, 1, 21)),
        (["Nach dem Stand vom 3. Mai war der Stand: 21.01.2025, so der Minister.", *"abcde"], None),
        (["Veröffentlicht am 21.01.2025", "Ein anderer Artikel", "Veröffentlicht am 3.2.2025", *"abcde"], None),
        (["Stand: 21.01.2025", *"abcdefghijklmn"], None),
    ],
)
def test_a_labelled_date_in_the_foot_is_a_dateline_if_it_is_the_only_one(
    foot: list[str], expected: date | None
) -> None:
    sentences = ["Ein Satz."] * 10
    dateline = find_dateline("\n\n".join(["Eine Überschrift", *sentences, *foot]), ())
    assert (dateline and dateline.resolve(date(2025, 6, 1))) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Am 12. März 2024 haben die Truppen das Land verlassen.",
        "Gemeint war der 25. Februar 1988, ein Donnerstag.",
        "Der Vertrag vom 3. Mai 2023 gilt nicht mehr.",
        "Seit 27 Februar 2024 ist nichts geschehen.",
        "Trump nennt Interview vom 3. Mai falsch",
        "Zum Artikel vom 3. Mai 2024",
        "Bis zum 31. Februar will Kenia, so heißt es, abziehen.",
    ],
)
def test_a_date_in_a_sentence_is_no_dateline(line: str) -> None:
    assert find_dateline(f"Eine Überschrift\n\n{line}", ()) is None


def test_lines_of_the_page_do_not_push_a_dateline_out_of_the_head() -> None:
    page = [
        "Diese Seite verwendet Cookies.",
        "Alle akzeptieren",
        "Startseite | Politik | Ausland",
        "Lesen Sie auch:",
    ] * 3
    text = "\n".join(["Sender", *page, "Eine Überschrift", "Stand: 03.07.2024, 14:12 Uhr", "Ein Satz."])
    dateline = find_dateline(text, find_noise(text))
    assert dateline is not None
    assert (dateline.day, dateline.month, dateline.year) == (3, 7, 2024)


def test_a_dateline_without_a_year_does_not_claim_to_be_stated(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("Die Regierung", "NAIROBI, 25. Juni (KNA) -- Die Regierung"))
    assert (read_one(path).published, read_one(path).date_basis) == (date(2024, 6, 25), "assumed")
    given_date = read_one(path, ReadOptions(today=TODAY, published=date(2023, 7, 1)))
    assert (given_date.published, given_date.date_basis) == (date(2023, 6, 25), "given")


def test_noise_lines_are_marked(tmp_path: Path) -> None:
    article = read_one(write(tmp_path, TEXT + "\nSchreibe einen Kommentar\n"))
    assert [span.of(article.text) for span in article.noise] == ["Schreibe einen Kommentar"]
