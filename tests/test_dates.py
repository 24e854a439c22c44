"""German time expressions against the day of publication, each rule by the sentence that it is for."""

import json
import os
from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.dates import find_times, find_timexes
from kg.dates.lexicon import load_date_words
from kg.dates.periods import add_months, containing, easter, season

NLP = spacy.blank("de")
FRIDAY = date(2024, 11, 15)


def times(text: str, published: date = FRIDAY) -> list[tuple[str, str, str]]:
    return [(time.span.of(text), str(time.begin), str(time.end)) for time in find_times(NLP.make_doc(text), published)]


def one(text: str, published: date = FRIDAY) -> tuple[str, str]:
    found = times(text, published)
    assert len(found) == 1, found
    return found[0][1:]


def day(iso: str) -> tuple[str, str]:
    return iso, iso


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er lud für den 9. Dezember zu einem Gipfel ein.", day("2024-12-09")),
        ("Das Treffen am 9. Dezember 2024 in Wien.", day("2024-12-09")),
        ("Am Freitag, dem 9. August 2024, flog er ab.", day("2024-08-09")),
        ("Stand: 09.12.2024", day("2024-12-09")),
        ("Stand: 9.12.24", day("2024-12-09")),
        ("Stand: 2024-12-09", day("2024-12-09")),
        ("Am 11. 9. 2001 brannten die Türme.", day("2001-09-11")),
        ("Am 5. Jänner 2023 kam er zurück.", day("2023-01-05")),
        ("Der Angriff am 24. Dezember vorigen Jahres traf das Lager.", day("2023-12-24")),
        ("Im August 2021 fiel Kabul.", ("2021-08-01", "2021-08-31")),
        ("Im Jahr 2014 annektierte Russland die Krim.", ("2014-01-01", "2014-12-31")),
        ("Die Saison 2013/14 war vorbei.", ("2013-01-01", "2014-12-31")),
        ("In den 1990er Jahren dienten sie dort.", ("1990-01-01", "1999-12-31")),
        ("In den neunziger Jahren dienten sie dort.", ("1990-01-01", "1999-12-31")),
        ("Im 19. Jahrhundert war das anders.", ("1800-01-01", "1899-12-31")),
        ("Im dritten Quartal 2023 stieg die Zahl.", ("2023-07-01", "2023-09-30")),
        ("Im Sommer 2022 besuchte er sie.", ("2022-06-01", "2022-08-31")),
        ("An Silvester sprach der Kanzler.", day("2023-12-31")),
        ("Zu Ostern 2024 reiste er nach Rom.", ("2024-03-31", "2024-04-01")),
    ],
)
def test_calendar_names(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Abkommen läuft bis Ende 2027.", ("2024-11-15", "2027-12-31")),
        ("Ende 2027 soll das Mandat auslaufen.", ("2027-01-01", "2027-12-31")),
        ("Mitte Dezember wollen sie sich treffen.", ("2024-12-01", "2024-12-31")),
        ("Anfang dieses Monats telefonierten sie.", ("2024-11-01", "2024-11-30")),
        ("Sie zieht die Truppen bis zum Jahresende ab.", ("2024-11-15", "2024-12-31")),
        ("Allenfalls Ende Woche telefoniert er mit Xi.", ("2024-11-15", "2024-11-17")),
        ("Zu Wochenbeginn hatte er gewarnt.", day("2024-11-11")),
    ],
)
def test_a_part_keeps_the_precision_of_its_period(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am Mittwoch telefonierte er mit Putin.", day("2024-11-13")),
        ("Am Mittwoch wird er in Paris erwartet.", day("2024-11-20")),
        ("Am Mittwoch fliegt er nach Beirut.", day("2024-11-20")),
        ("Am Freitag haben sie unterzeichnet.", day("2024-11-15")),
        ("Am vergangenen Freitag haben sie unterzeichnet.", day("2024-11-08")),
        ("Am kommenden Freitag treffen sie sich.", day("2024-11-22")),
        ("Am Mittwoch voriger Woche telefonierten sie.", day("2024-11-06")),
        ("Am Montag vor einer Woche trafen sie sich.", day("2024-11-04")),
        ("Am Montag in zwei Wochen treffen sie sich.", day("2024-12-02")),
        ("Am Dienstag in acht Tagen wird gewählt.", day("2024-11-26")),
        ("Noch am Mittwochabend beriet das Kabinett.", day("2024-11-13")),
        ("In den frühen Morgenstunden des Freitag begann der Angriff.", day("2024-11-15")),
        ("In der Nacht zum Dienstag rückten sie aus.", ("2024-11-11", "2024-11-12")),
        ("Eine für Montag anberaumte Sitzung hat er abgesagt.", day("2024-11-18")),
        ("Seit Mittwoch gilt eine Waffenruhe.", ("2024-11-13", "2024-11-15")),
        ("Das Treffen dauert von Montag bis Mittwoch.", ("2024-11-18", "2024-11-20")),
        (
            "Ob am Gipfel vom kommenden Donnerstag und Freitag etwas zustande kommt, ist offen.",
            ("2024-11-21", "2024-11-22"),
        ),
    ],
)
def test_weekdays_look_back_or_ahead_with_the_verb(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Im Mai hatte er Peking besucht.", ("2024-05-01", "2024-05-31")),
        ("Im Mai soll er Peking besuchen.", ("2025-05-01", "2025-05-31")),
        ("Im Dezember zogen sie ab.", ("2023-12-01", "2023-12-31")),
        ("Am 9. Dezember zogen sie ab.", day("2023-12-09")),
        ("Am 9. Dezember wird gewählt.", day("2024-12-09")),
        ("Im letzten Dezember zog er ab.", ("2023-12-01", "2023-12-31")),
        ("Im heurigen Juni kehrten sie heim.", ("2024-06-01", "2024-06-30")),
        ("Im vorigen Frühjahr berief er sie ab.", ("2024-03-01", "2024-05-31")),
        ("Die zum 1. Januar geplante Erhöhung findet nicht statt.", day("2025-01-01")),
    ],
)
def test_a_missing_year_follows_the_tense(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Derzeit stehen dort 900 Soldaten.", day("2024-11-15")),
        ("Gegenwärtig und nicht erst seither.", day("2024-11-15")),
        ("Heute entscheidet der Rat.", day("2024-11-15")),
        ("Gestern Abend tagte das Kabinett.", day("2024-11-14")),
        ("Vorgestern tagte das Kabinett.", day("2024-11-13")),
        ("Er reist morgen nach Kiew.", day("2024-11-16")),
        ("Morgen reist er nach Kiew.", day("2024-11-16")),
        ("Vergangene Woche trafen sie sich.", ("2024-11-04", "2024-11-10")),
        ("Kommende Woche treffen sie sich.", ("2024-11-18", "2024-11-24")),
        ("In diesem Monat wurden sie verlegt.", ("2024-11-01", "2024-11-30")),
        ("Die Soldaten sollen noch diese Woche heimkehren.", ("2024-11-15", "2024-11-17")),
        ("Am Wochenende kündigten sie das an.", ("2024-11-09", "2024-11-10")),
        ("Im kommenden Jahr holt er das nach.", ("2025-01-01", "2025-12-31")),
        ("Im neuen Jahr löst eine Fregatte sie ab.", ("2025-01-01", "2025-12-31")),
        ("Im Vorjahr waren es weniger.", ("2023-01-01", "2023-12-31")),
        ("Vor drei Jahren entsandte Prag Soldaten.", ("2021-01-01", "2021-12-31")),
        ("Vor neun Tagen sprachen sie miteinander.", day("2024-11-06")),
        ("In sechs Monaten sollen sie zu Hause sein.", ("2025-05-01", "2025-05-31")),
        ("Binnen zwei Wochen soll die Truppe wachsen.", ("2024-11-15", "2024-11-29")),
        ("In den vergangenen zehn Tagen kamen sie an.", ("2024-11-05", "2024-11-15")),
        ("In den kommenden drei Jahren soll es fließen.", ("2024-11-15", "2027-12-31")),
        ("Seit zwei Wochen gilt ein Embargo.", ("2024-11-01", "2024-11-15")),
        ("Den vierten Tag in Folge greift Israel an.", ("2024-11-12", "2024-11-15")),
    ],
)
def test_what_counts_from_publication(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bis Ende November soll ein Bataillon kommen.", ("2024-11-15", "2024-11-30")),
        ("Bis zum 19. Dezember müsste er fragen.", ("2024-11-15", "2024-12-19")),
        ("Spätestens im Juni wollen sie sich wiedersehen.", ("2024-11-15", "2025-06-30")),
        ("Seit August beteiligt sich Deutschland.", ("2024-08-01", "2024-11-15")),
        ("Seit 2014 kämpfen sie dort.", ("2014-01-01", "2024-11-15")),
        ("Zwischen 2014 und 2017 zogen sie ab.", ("2014-01-01", "2017-12-31")),
        ("Von 1990 bis 2011 stand das Heer dort.", ("1990-01-01", "2011-12-31")),
        ("Sie zogen zwischen dem 7. und 9. März ab.", ("2024-03-07", "2024-03-09")),
        ("Die Lieferung im August und September hatte alarmiert.", ("2024-08-01", "2024-09-30")),
        ("Die am 23. und am 25. Februar verhängten Sanktionen gelten.", ("2024-02-23", "2024-02-25")),
        ("Der Beitrag steigt für dieses und das kommende Jahr.", ("2024-01-01", "2025-12-31")),
    ],
)
def test_bounds_and_ranges(text: str, expected: tuple[str, str]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am 7. Januar traf es ihn, neun Tage später auch den Armeechef.", day("2024-01-16")),
        ("Am Montag sprach Macron. Borrell hatte tags zuvor angerufen.", day("2024-11-10")),
        ("Am Montag sprach Macron. Am Vortag hatte Borrell angerufen.", day("2024-11-10")),
        ("Am Donnerstag kam Barrot. Am gleichen Tag kündigte Dakar.", day("2024-11-14")),
        ("1993 gingen die Tschechen, zwei Jahre darauf die Polen.", ("1995-01-01", "1995-12-31")),
        ("Ende Februar tagten sie. Tags darauf fuhr er fort.", ("2024-02-01", "2024-02-29")),
        ("Sie hatten sich im Mai 2023 darauf geeinigt.", ("2023-05-01", "2023-05-31")),
        ("2021 begann es. Im Mai darauf endete es.", ("2021-05-01", "2021-05-31")),
        ("2021 begann es. Im Mai haben sie sich darauf geeinigt.", ("2024-05-01", "2024-05-31")),
        ("2021 begann es. Nun haben sie sich im Mai darauf geeinigt.", ("2024-05-01", "2024-05-31")),
        ("2021 begann es. Nun haben sie sich im Mai darauf verständigt.", ("2024-05-01", "2024-05-31")),
    ],
)
def test_what_counts_from_the_expression_before(text: str, expected: tuple[str, str]) -> None:
    assert times(text)[-1][1:] == expected


def test_a_story_of_an_earlier_year_keeps_its_year() -> None:
    text = "Am 29. Oktober 1956 sprangen sie ab. Mitte November trafen die Dänen ein. Am 3. Januar zogen sie ab."
    assert [time[1:] for time in times(text)] == [
        day("1956-10-29"),
        ("1956-11-01", "1956-11-30"),
        day("1957-01-03"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Im Januar 2023 kamen sie. Sie waren bis November dort.", ("2023-11-01", "2023-11-30")),
        ("Im Oktober 2022 kamen sie. Sie blieben bis März.", ("2023-03-01", "2023-03-31")),
    ],
)
def test_the_end_of_what_is_told_is_after_its_beginning(text: str, expected: tuple[str, str]) -> None:
    assert times(text)[-1][1:] == expected


def test_the_story_ends_with_the_news() -> None:
    text = "Am 5. März 2010 unterschrieben sie. Am Montag trafen sie sich. Im Mai hatten sie gestritten."
    assert times(text)[-1][1:] == ("2024-05-01", "2024-05-31")


def test_the_span_covers_the_preposition() -> None:
    text = "Er war seit dem 5. Mai in Wien und am Freitag in Graz."
    assert [words for words, _, _ in times(text)] == ["seit dem 5. Mai", "am Freitag"]


@pytest.mark.parametrize(
    "text",
    [
        "Die Truppen kämpfen mit, so der Minister.",
        "Karl Mai schrieb Bücher, Theresa May trat zurück.",
        "Frau August leitet das Amt.",
        "Guten Morgen, Berlin!",
        "Sie schickten 1.000 Soldaten und 2024 Soldaten.",
        "Rund 2000 Mann und mehr als 1960 Panzer.",
        "Die Mitte-Präsidentin und das Ende vom Lied.",
        "Sie blieben drei Jahre lang, zwei Tage im Monat, jeden Freitag.",
        "Freitags tagt er, täglich ruht er.",
        "Das berichtet die Bild am Sonntag.",
        "Er ist 16 Jahre alt.",
        "Die Panzerhaubitze 2000 schießt.",
        "Das steht in Artikel 5 und in der Resolution 1701.",
    ],
)
def test_no_date(text: str) -> None:
    assert times(text) == []


@pytest.mark.parametrize("published", [FRIDAY, date.min, date.max])
@pytest.mark.parametrize(
    "text",
    [
        "9999999 Wochen später",
        "99999999999999999999 Tage vor Heiligabend",
        "1000 Jahre zuvor und 1000 Jahre zuvor und 1000 Jahre zuvor",
        "in den nächsten 900 Jahren",
        "den 31. Tag in Folge",
        "im Herbst darauf",
        "gestern und morgen",
    ],
)
def test_what_no_calendar_has_is_no_date(text: str, published: date) -> None:
    assert all(begin <= end for _, begin, end in times(text, published))


def test_times_before_the_entries_of_a_ticker_date_them() -> None:
    text = "+++ 12:40 Der Minister sagt ab +++\n9:15 Es endet 2:10.\nDienstag, 21:40 Uhr: Feuer\n22:10 Um 23:15 kam er."
    friday, tuesday = "2024-11-15", "2024-11-12"
    assert [found[:2] for found in times(text)] == [
        ("12:40", friday), ("9:15", friday), ("Dienstag", tuesday), ("22:10", tuesday)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("am 9. Dezember 2024", "DATE", "2024-12-09"),
        ("vergangene Woche", "DATE", "2024-W45"),
        ("am Wochenende war", "DATE", "2024-W45-WE"),
        ("im Sommer 2022", "DATE", "2022-SU"),
        ("gestern Abend", "TIME", "2024-11-14TEV"),
        ("um 20.30 Uhr", "TIME", "2024-11-15T20:30"),
        ("drei Jahre lang", "DURATION", "P3Y"),
        ("eine halbe Stunde", "DURATION", "PT0.5H"),
        ("drei Jahre und vier Monate", "DURATION", "P3Y4M"),
        ("jahrelang", "DURATION", "PXY"),
        ("jeden Montag", "SET", "XXXX-WXX-1"),
        ("täglich", "SET", "P1D"),
        ("damals", "DATE", "PAST_REF"),
    ],
)
def test_timex_values(text: str, kind: str, value: str) -> None:
    found = find_timexes(NLP.make_doc(text), FRIDAY)
    assert [(timex.type, timex.value) for timex in found] == [(kind, value)]


def test_periods() -> None:
    assert easter(2024) == date(2024, 3, 31)
    assert easter(2038) == date(2038, 4, 25)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert containing("week", date(2024, 12, 30)).value == "2025-W01"
    assert season(2023, "WI", 12, 3).end == date(2024, 2, 29)


_WORDS = st.sampled_from(
    [form.capitalize() for name in ("months", "units", "seasons", "weekdays") for form in load_date_words()[name]]
    + ["am", "im", "bis", "seit", "vor", "in", "zwei", "einem", "31.", "29.", "2023", "vergangenen", "ersten", "9999"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, max_size=8), st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_any_words_give_ordered_intervals(words: list[str], published: date) -> None:
    for time in find_times(NLP.make_doc(" ".join(words)), published):
        assert time.begin is not None
        assert time.end is not None
        assert time.begin <= time.end


def _bound(iso: str, *, last: bool) -> date:
    parts = [int(part) for part in iso.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else (12 if last else 1)
    return date(year, month, parts[2] if len(parts) > 2 else (monthrange(year, month)[1] if last else 1))


def test_the_gold_intervals_are_found_where_the_evidence_dates_the_event() -> None:
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        pytest.skip("LAGEBILD_SHARED does not say where the annotated articles are")
    dated = exact = 0
    for path in sorted((Path(shared) / "gold/train").glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text("utf-8")
        found = find_times(NLP.make_doc(text), date.fromisoformat(gold["article"]["published"]))
        for event in (event for event in gold["events"] if event.get("time")):
            begin = text.index(event["evidence"])
            near = [time for time in found if begin <= time.span.begin < begin + len(event["evidence"])]
            wanted = _bound(event["time"]["from"], last=False), _bound(event["time"]["to"], last=True)
            dated += bool(near)
            exact += any((time.begin, time.end) == wanted for time in near)
    assert dated > 1000
    assert exact / dated >= 0.9
