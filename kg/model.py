"""The records that the stages hand to each other. Frozen, plain, standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

EntityType = Literal["Person", "Country", "Place", "Organization", "Summit", "Mission"]
ENTITY_TYPES: tuple[EntityType, ...] = ("Person", "Country", "Place", "Organization", "Summit", "Mission")

Status = Literal["occurred", "planned", "possible", "denied", "requested"]
STATUSES: tuple[Status, ...] = ("occurred", "planned", "possible", "denied", "requested")

DateBasis = Literal["stated", "given", "assumed"]
"""Where a publication date comes from: the article or its metadata, the user's `--published`, nowhere (today)."""

Qualifier = Literal["exactly", "about_", "moreThan", "atLeast", "upTo", "fewerThan", "range"]
"""How open a figure's bounds are; the names of the ontology's concepts."""

MentionKind = Literal["name", "office", "adjective", "metonym"]
"""How a mention refers: "Kim", "der Präsident", "nordkoreanische", "Pjöngjang" (for the government)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of Unicode code points in an article's text."""

    begin: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters that the span covers in `text`."""
        return text[self.begin : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a character."""
        return self.begin < other.end and other.begin < self.end

    def contains(self, other: "Span") -> bool:
        """Tell whether `other` lies inside this span."""
        return self.begin <= other.begin and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it is stored: every offset in the graph counts in `text`."""

    stem: str
    """Identifier, the input's file name without its ending: ASCII letters, digits, `-`, `_` and `.`."""
    text: str
    """NFC-normalised, `\\n` line ends; the first line that is no noise is the headline."""
    title: str
    published: date
    date_basis: DateBasis
    publisher: str | None = None
    source: str | None = None
    """The URL that the article was published at."""
    language: str = "de"
    noise: tuple[Span, ...] = ()
    """Lines of the page that are not the article: teasers, prompts, captions of other stories."""

    @property
    def headline(self) -> Span:
        """The first line that is no noise and not blank; the first of all where there is none."""
        noisy, begin = {span.begin for span in self.noise}, 0
        for line in self.text.split("\n"):
            if line.strip() and begin not in noisy:
                return Span(begin, begin + len(line))
            begin += len(line) + 1
        return Span(0, len(self.text.split("\n", 1)[0]))


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that refers to something."""

    span: Span
    kind: MentionKind
    type: EntityType


@dataclass(frozen=True, slots=True)
class Position:
    """An office that the article states: "der russische Präsident Wladimir Putin"."""

    title: str
    """Nominative German title without the country: "Präsident"."""
    of: str | None
    """Key of the country or organisation that the office belongs to."""
    title_en: str | None = field(default=None, compare=False)
    """The same in English, where the lexicon of offices has it."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something with an IRI: `BASE id/` + `key`."""

    key: str
    """`country/KP`, `person/kim-jong-un`, `summit/g20-2024` …"""
    type: EntityType
    label: str
    """The usual German name."""
    label_en: str | None = None
    """The usual English name, where it is known."""
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    """Wikidata item, `Q…`; only where it is certain."""
    geonames: int | None = None
    iso: str | None = None
    """ISO 3166-1 alpha-2, countries only."""
    country: str | None = None
    """Key of the country that it belongs to: a capital, a ministry, a head of government."""
    capital: str | None = None
    """Key of a country's capital."""
    lat: float | None = None
    lon: float | None = None
    series: str | None = None
    """Name of the series that a summit is an edition of: "G20-Gipfel"."""
    series_en: str | None = None
    """The same in English, where the gazetteer has it."""
    year: int | None = None
    """Year of a summit's edition."""
    medium: bool = False
    """A newspaper, broadcaster or agency: a source that reports, never a speaker."""


@dataclass(frozen=True, slots=True)
class EntityInArticle:
    """An entity with what one article says of it."""

    entity: Entity
    mentions: tuple[Mention, ...]
    """In text order, without duplicates; adjectives count as evidence for roles, not as names."""
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number expression with its bounds: "mehr als 10.000 Soldaten"."""

    span: Span
    min: int | None
    max: int | None
    qualifier: Qualifier
    noun: str | None = None
    """Lemma of what is counted ("Soldat"), where it is known."""


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression with the first and the last day that it covers: "am Freitag", "seit August"."""

    span: Span
    begin: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of a claim is what it is; shown by `kg explain` and on the article page."""

    part: str
    """`trigger`, `status`, `time`, `attribution`, or the name of a role."""
    words: str
    """The article's words that decided it."""
    why: str
    """One English clause."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one article says about one happening."""

    type: str
    """Class of the event in the ontology: `Deployment` … `Summit`; the name of its frame."""
    status: Status
    trigger: Span
    evidence: Span
    """The sentence that says it."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Property (`sender`, `participant`, `destination` …) to entity keys, both sorted."""
    personnel: Figure | None = None
    quantity: Figure | None = None
    unit: str | None = None
    items: tuple[str, ...] = ()
    time: TimeExpression | None = None
    attributed_to: tuple[str, ...] = ()
    """Keys of the entities that ultimately say so; empty: the article itself."""
    attribution_text: str | None = None
    """The source in the article's words where it is no entity."""
    relayed_by: tuple[str, ...] = ()
    """Keys of the media or bodies that pass it on."""
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one article."""

    article: Article
    entities: tuple[EntityInArticle, ...]
    """Sorted by key; every key that a claim, a position or another entity names is among them."""
    claims: tuple[Claim, ...]
    """In text order of their triggers."""
