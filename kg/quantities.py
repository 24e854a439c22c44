"""Number expressions that count something: bounds, qualifier and the noun that is counted.

"mehr als 10.000 Soldaten" has the bound min 10000; "bis zu 100.000" max 100000; "rund 4800" both. What a number says
besides counting (years, dates, clock times, ages, per cent, distances, durations, names of types) is no figure.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc

from kg.dates.counting import is_inflected_adjective, is_year, names_people, noun_lemma, words_of
from kg.dates.numerals import load_number_words, parse_number
from kg.dates.scan import Pieces, cut
from kg.model import Figure, Qualifier, Span

_LONGEST_QUALIFIER = 3
_OLDEST = 110
"""Years: a bare number up to this in brackets or between commas behind a name is an age, "Merz (69)"."""
_LARGEST_TYPE = 12
"""A bare digit up to this behind a capitalised word belongs to a name: "Leopard 2", "Apollo 11"."""
_RANGES = words_of("grammar", "ranges")
_ARTICLES = words_of("grammar", "articles")
_HALVES = words_of("grammar", "halves")
_HEADED = re.compile(r"(\d+)-?köpfig", re.IGNORECASE)
_PARTICIPLE = re.compile(r"[a-zäöüß]\w*(?:te|ten|ter|ene|enen|ener|nde|nden|nder)")
_BARE_WORDS = words_of("grammar", "adverbs")
_OPENERS = words_of("grammar", "openers")
_LINKS = words_of("grammar", "links")
_FULL_STOPS = frozenset(".!?")
_OWNERS = words_of("grammar", "owners")
"""Genitives between number and noun: "200 ihrer Fallschirmjäger"."""


@dataclass(frozen=True, slots=True)
class _Number:
    low: float
    high: float
    begin: int
    """First piece, of the qualifier where there is one."""
    end: int
    """Piece after the last."""
    qualifier: Qualifier = "exactly"


def find_figures(doc: Doc) -> list[Figure]:
    """Find the figures of `doc` in text order.

    The span covers qualifier, number and the counted noun with its adjectives, so that it reads "bis zu 100.000
    Soldaten"; `noun` is the lemma ("Soldat"). Sums of money are figures too: their noun is the currency.
    """
    pieces = cut(doc.text)
    lower = [word.lower() for word in pieces.words]
    numbers: list[tuple[_Number, Figure]] = []
    position = 0
    while position < len(lower):
        number = _read_number(pieces.words, lower, position)
        if number is None:
            position += 1
            continue
        figure = _to_figure(pieces, lower, number)
        if figure is not None:
            numbers.append((number, figure))
        position = number.end
    return _share_nouns(lower, numbers)


def _share_nouns(lower: list[str], numbers: list[tuple[_Number, Figure]]) -> list[Figure]:
    """Give a number without a noun that of its neighbour.

    Of the next in "von 70 auf 130 Soldaten", "26.000 der 40.000 Mann"; else of the one before, in the same or the
    previous sentence: "500 Soldaten zu, Benin 300", "4000 von ihnen", "150 davon".
    """
    figures = [figure for _, figure in numbers]
    for index in range(len(figures) - 2, -1, -1):
        between = lower[numbers[index][0].end : numbers[index + 1][0].begin]
        if figures[index].noun is None and between and set(between) <= _LINKS:
            figures[index] = replace(figures[index], noun=figures[index + 1].noun)
    for index in range(1, len(figures)):
        between = lower[numbers[index - 1][0].end : numbers[index][0].begin]
        shared = figures[index - 1].noun
        if figures[index].noun is None and shared is not None and sum(word in _FULL_STOPS for word in between) <= 1:
            figures[index] = replace(figures[index], noun=shared)
    return figures


def counts_people(figure: Figure) -> bool:
    """Tell whether the counted noun names people ("Soldat", "Friedenswächter", "Franzose")."""
    return figure.noun is not None and (figure.noun == "Kopf" or names_people(figure.noun))


def counts_money(figure: Figure) -> bool:
    """Tell whether the figure is a sum of money: "500 Millionen Dollar"."""
    return figure.noun is not None and figure.noun.lower() in words_of("money", "nouns")


def _read_number(words: list[str], lower: list[str], start: int) -> _Number | None:
    """Read the numeral at piece `start`, with its upper bound where it opens a range ("3000 bis 4000")."""
    headed = _HEADED.match(words[start])
    if headed:
        return _Number(float(headed[1]), float(headed[1]), start, start + 1)
    first = _read_simple(words, lower, start)
    if first is None:
        return None
    value, end = first
    after = lower[end] if end < len(lower) else ""
    paired = after == "und" and start > 0 and lower[start - 1] == "zwischen"
    second = _read_simple(words, lower, end + 1) if paired or after in _RANGES else None
    if second is None:
        return _Number(value, value, start, end)
    scale = _scale_of(lower[second[1] - 1])
    low = value * scale if value * scale < second[0] and value < scale else value
    if low >= second[0]:
        return _Number(value, value, start, end)
    return _Number(low, second[0], start - 1 if paired else start, second[1], "range")


def _read_simple(words: list[str], lower: list[str], start: int) -> tuple[float, int] | None:
    """Read one numeral with its scale ("1,5 Millionen", "zwei Dutzend"); return its value and the piece after it."""
    if start >= len(words):
        return None
    if lower[start] in _ARTICLES or lower[start] in _HALVES:
        return _read_after_article(lower, start)
    value = parse_number(words[start].removesuffix("-")) if lower[start] not in {"eines", "eins"} else None
    if value is None:
        return None
    end = start + 1
    if end < len(words) and _scale_of(lower[end]) > value and lower[end] in load_number_words()["scales"]:
        value, end = value * _scale_of(lower[end]), end + 1
        if end < len(words) and words[end] == "." and lower[end - 1] in {"mio", "mrd"}:
            end += 1
    return value, end


def _read_after_article(lower: list[str], start: int) -> tuple[float, int] | None:
    """Read "eine Million", "ein halbes Dutzend", "eine halbe Million"; an article alone is no number."""
    end = start + (lower[start] in _ARTICLES)
    half = end < len(lower) and lower[end] in _HALVES
    end += half
    if end >= len(lower) or lower[end] not in load_number_words()["scales"]:
        return None
    return _scale_of(lower[end]) * (0.5 if half else 1.0), end + 1


def _scale_of(word: str) -> float:
    """Return what a word multiplies by: "Millionen", and the end of "viertausend" for "drei- bis viertausend"."""
    scale = load_number_words()["scales"].get(word)
    if scale is None:
        scale = 1000 if word.endswith("tausend") else 100 if word.endswith("hundert") else 1
    return float(scale)


def _to_figure(pieces: Pieces, lower: list[str], number: _Number) -> Figure | None:
    words = pieces.words
    if not (number.low.is_integer() and number.high.is_integer() and number.high > 0):
        return None
    number = _qualify(lower, number)
    headed = _HEADED.match(words[number.end - 1]) is not None
    noun, end = ("Kopf", number.end) if headed else _find_noun(pieces, lower, number.end)
    if not headed and _is_no_figure(words, lower, number, noun):
        return None
    return Figure(
        Span(pieces.begins[number.begin], pieces.ends[end - 1]),
        None if number.qualifier in {"upTo", "fewerThan"} else int(number.low),
        None if number.qualifier in {"moreThan", "atLeast"} else int(number.high),
        number.qualifier,
        noun,
    )


@cache
def _phrases(table: str) -> dict[tuple[str, ...], Qualifier]:
    return {tuple(phrase.split()): name for name, phrases in load_number_words()[table].items() for phrase in phrases}


def _qualify(lower: list[str], number: _Number) -> _Number:
    """Take in the words that open the bounds: "mehr als", "bis zu", "rund"; also two of them: "bis zu rund"."""
    for _ in range(2):
        for length in range(min(_LONGEST_QUALIFIER, number.begin), 0, -1):
            qualifier = _phrases("qualifiers").get(tuple(lower[number.begin - length : number.begin]))
            if qualifier is None or _is_governed(lower, number.begin - length):
                continue
            kept = number.qualifier if number.qualifier not in {"exactly", "about_"} else qualifier
            number = replace(number, begin=number.begin - length, qualifier=kept)
            break
    if number.qualifier == "exactly":
        after = _phrases("qualifiers_after").get(tuple(lower[number.end : number.end + 2]))
        number = replace(number, qualifier=after or "exactly", end=number.end + (2 if after else 0))
    return number


def _is_governed(lower: list[str], position: int) -> bool:
    """Tell whether "über" belongs to a verb: "verfügt über 20 Panzer"."""
    stems = tuple(load_number_words()["not_figures"]["over_verbs"])
    return lower[position] == "über" and any(word.startswith(stems) for word in lower[max(0, position - 6) : position])


def _find_noun(pieces: Pieces, lower: list[str], start: int) -> tuple[str | None, int]:
    """Find the counted noun behind a number; return its lemma and the piece after the expression.

    "700 chinesische Soldaten", "200 ihrer Fallschirmjäger", "170 Schweizer Infanteristen",
    "rund 1000 im Land stationierten französischen Soldaten".
    """
    words, position = pieces.words, start
    if position < len(words) and words[position] in load_number_words()["money"]["signs"]:
        return load_number_words()["money"]["signs"][words[position]], position + 1
    if position < len(words) and lower[position] in _OWNERS:
        position += 1
    elif position < len(words) and lower[position] in _OPENERS:
        position = _after_participle(words, position)
    while position < len(words) and _is_attribute(words, lower, position):
        position += 1
    if position >= len(words) or not words[position][0].isupper():
        return None, start
    if not pieces.breaks.isdisjoint(range(start, position + 1)):
        return None, start
    if _is_place_adjective(words, position):
        position += 1
    if words[position].endswith("-") and position + 2 < len(words) and lower[position + 1] in {"und", "oder"}:
        position += 2
    return noun_lemma(words[position]), position + 1


def _after_participle(words: list[str], opener: int) -> int:
    """Step over "im Land stationierten" to the noun; stay at the opener where no participle closes the phrase."""
    for position in range(opener + 1, min(opener + 7, len(words))):
        if not words[position][0].isalpha():
            break
        if _PARTICIPLE.fullmatch(words[position]) and words[position - 1][0].isupper():
            return position
    return opener


def _is_attribute(words: list[str], lower: list[str], position: int) -> bool:
    if words[position] == "," and position + 2 < len(words):
        return _is_attribute(words, lower, position + 1) and words[position + 2][0].isupper()
    return words[position] in _BARE_WORDS or is_inflected_adjective(words[position])


def _is_place_adjective(words: list[str], position: int) -> bool:
    """Tell whether a capitalised word is the adjective of a place before the noun: "Schweizer Infanteristen"."""
    after = words[position + 1] if position + 1 < len(words) else ""
    return words[position].endswith("er") and after[:1].isupper() and after[-1:].islower()


def _is_no_figure(words: list[str], lower: list[str], number: _Number, noun: str | None) -> bool:
    before = lower[number.begin - 1] if number.begin > 0 else ""
    after = lower[number.end] if number.end < len(lower) else ""
    if after in words_of("not_figures", "after") or before in words_of("not_figures", "vague"):
        return True
    if number.qualifier == "exactly" and before in words_of("not_figures", "labels"):
        return True
    if noun is not None and noun.lower() in words_of("not_figures", "measures") | words_of("not_figures", "times"):
        return True
    if number.qualifier in {"exactly", "range"} and is_year(words, number.end - 1):
        return True
    return noun is None and number.qualifier == "exactly" and _is_bare(words, number)


def _is_bare(words: list[str], number: _Number) -> bool:
    """Tell whether a number without a noun is an age or a part of a name: "Merz (69)", "Leopard 2", "die Zwölf"."""
    before = words[number.begin - 1] if number.begin > 0 else ""
    after = words[number.end] if number.end < len(words) else ""
    if number.high <= _OLDEST and before in {"(", ","} and after in {")", ","}:
        return True
    if words[number.begin][0].isalpha():
        return words[number.begin][0].isupper() and before.isalpha()
    return (number.high <= _LARGEST_TYPE and before[:1].isupper()) or (len(before) <= 2 and before.istitle())
