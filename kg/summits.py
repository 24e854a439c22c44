"""Summits by edition: "G20-Gipfel in Rio", "Gipfel der Arabischen Liga", "Münchner Sicherheitskonferenz"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.german.forms import slug
from kg.german.gazetteer import Gazetteer
from kg.model import Article

_COMPOUND = re.compile(
    r"(?P<organiser>.+?)-?(?:Sonder|Krisen|Mini|Jubiläums)?-?(?:[Gg]ipfel(?:n|s|treffens?|konferenz)?|[Tt]reffens?|[Kk]risentreffens?)",
)
_CONFERENCE = re.compile(r"(?P<subject>\w+)-(?:Friedens|Geber|Unterstützungs|Wiederaufbau|Außenminister)?[Kk]onferenz")
_HEAD = re.compile(r"(?:Sonder|Krisen|Mini|Regional|Jubiläums)?-?[Gg]ipfel(?:n|s|treffens?|konferenz)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COP = re.compile(r"COP[ -]?(\d\d)")
_FIRST_COP = 1994
"""COP1 met in 1995; COP26 a year late, so that COP29 met in 2024, not 2023."""
_LEADERS = {"g7", "g8", "g20", "apec", "brics", "soz", "asean", "epg", "commonwealth", "quad"}
"""Series in which leaders alone meet, so that a "Treffen" is the summit."""
_NEXT = {"nächsten", "nächste", "nächster", "kommenden", "kommende"}
_MONTHS = {
    "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
}  # fmt: skip
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class SummitPhrase:
    """A summit in the text: its tokens, its series, and what the phrase says of the edition."""

    begin: int
    head: int
    name_end: int
    """Where the name without place and year ends."""
    end: int
    series: str
    """Series of the gazetteer, or one that the noun itself names ("Afghanistan-Konferenz"); "" where the phrase does
    not say whose summit it is ("Sondergipfel", "der Gipfel")."""
    organiser: tuple[int, int]
    """Tokens of the organiser's name, empty where it is a part of the compound."""
    place: str | None = None
    year: int | None = None

    def owns_organiser(self, i: int) -> bool:
        """Tell whether token `i` belongs to the organiser's name, which is then no mention of its own."""
        return self.organiser[0] <= i < self.organiser[1]


def find_summits(doc: Doc, gazetteer: Gazetteer) -> list[SummitPhrase]:
    """Return the summits that an article names, in text order."""
    found: list[SummitPhrase] = []
    for token in doc:
        text = token.text
        if (
            "ipfel" not in text
            and not text.endswith(("-Treffen", "-Treffens", "-Krisentreffen", "-Krisentreffens"))
            and not _CONFERENCE.fullmatch(text)
            and not text.startswith("COP")
            and text not in gazetteer.conference_openings
        ):
            continue
        if found and found[-1].begin <= token.i < found[-1].end:
            continue
        phrase = _read(doc, token.i, gazetteer)
        if phrase is not None:
            found.append(phrase)
    return found


def _read(doc: Doc, i: int, gazetteer: Gazetteer) -> SummitPhrase | None:
    """Return the summit whose first word, or whose noun, is token `i`."""
    text = doc[i].text
    cop = _COP.fullmatch(text)
    if cop:
        number = int(cop[1])
        year = _FIRST_COP + number + (number > 25)
        return _complete(doc, SummitPhrase(i, i, i + 1, i + 1, "klima", (i, i), year=year), gazetteer)
    conference = _longest(doc, i, gazetteer.conferences)
    if conference is not None:
        end, series = conference
        return _complete(doc, SummitPhrase(i, i, end, end, series, (i, end)), gazetteer)
    about = _CONFERENCE.fullmatch(text)
    if about is not None and any(c.type in {"Country", "Place"} for c in gazetteer.lookup(about["subject"])):
        return _complete(doc, SummitPhrase(i, i, i + 1, i + 1, slug(text), (i, i)), gazetteer)
    compound = _COMPOUND.fullmatch(text)
    organiser = compound["organiser"].rstrip("-") if compound else ""
    for begin in range(i, max(-1, i - _LONGEST), -1):
        named = gazetteer.organisers.get(f"{doc[begin:i].text} {organiser}".strip()) if organiser else None
        if named is not None and (named in _LEADERS or "reffen" not in text or "ipfel" in text):
            return _complete(doc, SummitPhrase(begin, i, i + 1, i + 1, named, (begin, i)), gazetteer)
    return _read_bare(doc, i, gazetteer) if _HEAD.fullmatch(text) else None


def _read_bare(doc: Doc, i: int, gazetteer: Gazetteer) -> SummitPhrase:
    """Read "Gipfel der Arabischen Liga", "Genfer Gipfel", "Gipfel in Vilnius"."""
    if i + 1 < len(doc) and doc[i + 1].text in {"der", "des"}:
        organiser = _longest(doc, i + 2, gazetteer.organisers)
        if organiser is not None:
            end, series = organiser
            return _complete(doc, SummitPhrase(i, i, end, end, series, (i + 2, end)), gazetteer)
    if i and doc[i - 1].text.endswith("er"):
        spots = [c for c in gazetteer.lookup(doc[i - 1].text[:-2]) if c.type == "Place"]
        if spots:
            return SummitPhrase(i - 1, i, i + 1, i + 1, "", (i - 1, i), gazetteer.entity(spots[0].key).label)
    return _complete(doc, SummitPhrase(i, i, i + 1, i + 1, "", (i, i)), gazetteer)


def _longest(doc: Doc, i: int, names: Mapping[str, str]) -> tuple[int, str] | None:
    """Return where the longest of the names that start at token `i` ends, and what it stands for."""
    for end in range(min(len(doc), i + _LONGEST), i, -1):
        found = names.get(doc[i:end].text)
        if found is not None:
            return end, found
    return None


def _complete(doc: Doc, phrase: SummitPhrase, gazetteer: Gazetteer) -> SummitPhrase:
    """Add the place and the year that follow: "in Rio de Janeiro", "in Ghanas Hauptstadt Accra", "2024"."""
    place, year, j = None, phrase.year, phrase.name_end
    end = j
    if j < len(doc) and _YEAR.fullmatch(doc[j].text):
        year, j = int(doc[j].text), j + 1
    if j + 2 < len(doc) and doc[j].text in {"im", "Anfang", "Mitte", "Ende"} and doc[j + 1].text in _MONTHS:
        j += 2  # "Gipfel im Juli in Vilnius"
    if j + 1 < len(doc) and doc[j].text in {"in", "im", "auf", "von", "bei"}:
        j += 3 if j + 3 < len(doc) and doc[j + 2].text == "Hauptstadt" else 1
        ends = [doc[k].idx + len(doc[k]) for k in range(j, min(j + _LONGEST, len(doc)))]
        best = gazetteer.longest(doc.text, doc[j].idx, ends)
        spots = [] if best is None else gazetteer.lookup(doc.text[doc[j].idx : best])
        spot = next((c for c in spots if c.type == "Place"), next((c for c in spots if c.type == "Country"), None))
        if spot is not None and best is not None:
            place = gazetteer.entity(spot.key).label
            end = j + 1 + ends.index(best)
    if year is None and end < len(doc) and _YEAR.fullmatch(doc[end].text):
        year = int(doc[end].text)
    return SummitPhrase(
        phrase.begin, phrase.head, phrase.name_end, end, phrase.series, phrase.organiser, place, year
    )  # fmt: skip


def edition(phrase: SummitPhrase, doc: Doc, article: Article, gazetteer: Gazetteer) -> tuple[int, str | None]:
    """Return year and place of the edition that a phrase means.

    The year is the one that the phrase names, else the series' last meeting at that place until the year after
    publication, else one that its sentence names, else the year of publication.
    """
    published = article.published.year
    if phrase.year is not None:
        return phrase.year, phrase.place
    if phrase.place is not None:
        met = [y for y in gazetteer.editions.get((phrase.series, phrase.place), ()) if y <= published + 1]
        if met:
            return max(met), phrase.place
    sent = doc[phrase.head].sent
    named = [int(t.text) for t in sent if _YEAR.fullmatch(t.text)]
    if named:
        return min(named, key=lambda y: abs(y - published)), phrase.place
    if _follows(phrase, doc) and article.published.month > 6:
        return published + 1, phrase.place
    return published, phrase.place


def year_of_next(phrase: SummitPhrase, doc: Doc) -> int | None:
    """Return the year that a sentence names for "der nächste Gipfel"; None where it does not, or means another one."""
    sent = doc[phrase.head].sent
    years = {int(token.text) for token in sent if _YEAR.fullmatch(token.text)}
    return years.pop() if len(years) == 1 and _follows(phrase, doc) else None


def _follows(phrase: SummitPhrase, doc: Doc) -> bool:
    """Tell whether the words before a phrase make it the next one of its series."""
    return any(doc[k].lower_ in _NEXT for k in range(max(doc[phrase.head].sent.start, phrase.begin - 2), phrase.begin))


def usual_place(series: str, year: int, text: str, gazetteer: Gazetteer) -> str | None:
    """Return where a series met in a year, by which its edition is called, if the gazetteer knows.

    Of several places of one year it is the one that the article's text names.
    """
    places = [place for (name, place), years in gazetteer.editions.items() if name == series and year in years]
    if len(places) > 1:
        places = [place for place in places if place in text]
    return places[0] if len(places) == 1 else None


def english_label(series: str, place: str | None, year: int, gazetteer: Gazetteer) -> str | None:
    """Return the English name of an edition: "G20 summit 2024 in Rio de Janeiro"; None for a series without one."""
    name = gazetteer.series_english.get(series) if series else "Summit"
    if name is None or place is None:
        return name and f"{name} {year}"
    spots = (c for c in gazetteer.lookup(place) if c.type in {"Place", "Country"})
    spot = min(spots, key=lambda c: c.type == "Country", default=None)
    return f"{name} {year} in {gazetteer.entity(spot.key).label_en if spot else place}"


def summit_key(series: str, place: str | None, year: int) -> str:
    """Return the key of an edition: `summit/g20-2024`; a summit without series goes by its place."""
    return f"summit/{series or slug('gipfel-' + (place or ''))}-{year}"
