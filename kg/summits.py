"""Summits by edition: "G20-Gipfel in Rio", "Gipfel der Arabischen Liga", "Münchner Sicherheitskonferenz"."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.german.gazetteer import Gazetteer, slug
from kg.model import Article

_COMPOUND = re.compile(
    r"(?P<organiser>.+?)-?(?P<kind>Sonder|Krisen|Mini|Jubiläums)?-?"
    r"(?P<head>[Gg]ipfel(?:treffen|konferenz)?s?|[Gg]ipfeln)"
)
_HEAD = re.compile(r"(?:Sonder|Krisen|Mini|Regional|Jubiläums)?-?[Gg]ipfel(?:treffen|konferenz)?s?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COP = re.compile(r"COP[ -]?(\d\d)")
_FIRST_COP = 1994
"""COP1 met in 1995, COP29 in 2024, with one year left out (COP26 in 2021)."""
_NEXT = {"nächsten", "nächste", "nächster", "kommenden", "kommende"}


@dataclass(frozen=True, slots=True)
class SummitPhrase:
    """A summit in the text: its tokens, its series, and what the phrase says of the edition."""

    begin: int
    head: int
    end: int
    series: str
    """Series of the gazetteer; "" where the phrase does not say whose summit it is."""
    organiser: tuple[int, int]
    """Tokens of the organiser, empty where it is a part of the compound."""
    place: str | None
    year: int | None

    def owns_organiser(self, i: int) -> bool:
        """Tell whether token `i` belongs to the organiser's name, which is then no mention of its own."""
        return self.organiser[0] <= i < self.organiser[1]


def find_summits(doc: Doc, gazetteer: Gazetteer, article: Article) -> list[SummitPhrase]:
    """Return the summits that an article names, in text order."""
    found = []
    for token in doc:
        text = token.text
        if "ipfel" not in text and "onferenz" not in text and not text.startswith("COP"):
            if not (text[0].isupper() and gazetteer.conferences and text in _openings(gazetteer)):
                continue
        phrase = _read(doc, token.i, gazetteer)
        if phrase is not None and not any(p.begin <= phrase.head < p.end for p in found):
            found.append(phrase)
    return found


_OPENINGS: dict[int, frozenset[str]] = {}


def _openings(gazetteer: Gazetteer) -> frozenset[str]:
    """Return the first words of the conferences' names."""
    if id(gazetteer) not in _OPENINGS:
        _OPENINGS[id(gazetteer)] = frozenset(name.split()[0] for name in gazetteer.conferences)
    return _OPENINGS[id(gazetteer)]


def _read(doc: Doc, i: int, gazetteer: Gazetteer) -> SummitPhrase | None:
    text = doc[i].text
    cop = _COP.fullmatch(text)
    if cop:
        number = int(cop[1])
        return _complete(doc, i, i, i + 1, "klima", (i, i), gazetteer, _FIRST_COP + number + (number > 25))
    for length in (6, 5, 4, 3, 2, 1):
        form = doc[i : i + length].text
        if form in gazetteer.conferences:
            return _complete(doc, i, i + length - 1, i + length, gazetteer.conferences[form], (i, i), gazetteer)
    compound = _COMPOUND.fullmatch(text)
    if compound and compound["organiser"].rstrip("-") in gazetteer.organisers:
        series = gazetteer.organisers[compound["organiser"].rstrip("-")]
        return _complete(doc, i, i, i + 1, series, (i, i), gazetteer)
    if not _HEAD.fullmatch(text):
        return None
    j = i + 1
    if j < len(doc) and doc[j].text in {"der", "des"}:
        for length in (5, 4, 3, 2, 1):
            form = doc[j + 1 : j + 1 + length].text
            if form in gazetteer.organisers:
                end = j + 1 + length
                return _complete(doc, i, i, end, gazetteer.organisers[form], (j + 1, end), gazetteer)
    return _complete(doc, i, i, i + 1, "", (i, i), gazetteer)


def _complete(
    doc: Doc, begin: int, head: int, end: int, series: str, organiser: tuple[int, int], gazetteer: Gazetteer,
    year: int | None = None,
) -> SummitPhrase | None:  # fmt: skip
    """Add the place and the year that follow: "in Rio de Janeiro", "2024"."""
    place = None
    j = end
    if j < len(doc) and _YEAR.fullmatch(doc[j].text):
        year, j = int(doc[j].text), j + 1
    if j < len(doc) and doc[j].text in {"in", "im", "auf", "von", "bei"}:
        ends = [doc[k].idx + len(doc[k]) for k in range(j + 1, min(j + 6, len(doc)))]
        best = gazetteer.longest(doc.text, doc[j + 1].idx, ends) if ends else None
        if best is not None:
            spots = [c for c in gazetteer.lookup(doc.text[doc[j + 1].idx : best]) if c.type in {"Place", "Country"}]
            if spots:
                place = gazetteer.entity(spots[0].key).label
                end = j + 1
                while doc[end - 1].idx + len(doc[end - 1]) < best or end == j + 1:
                    end += 1
    if year is None and end < len(doc) and _YEAR.fullmatch(doc[end].text):
        year = int(doc[end].text)
    if not series and place is None:
        return None
    return SummitPhrase(begin, head, end, series, organiser, place, year)


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
    following = any(doc[k].lower_ in _NEXT for k in range(max(sent.start, phrase.begin - 2), phrase.begin))
    if following and article.published.month > 6:
        return published + 1, phrase.place
    return published, phrase.place


def summit_key(series: str, place: str | None, year: int) -> str:
    """Return the key of an edition: `summit/g20-2024`; a summit without series goes by its place."""
    return f"summit/{series or slug('gipfel-' + (place or ''))}-{year}"
