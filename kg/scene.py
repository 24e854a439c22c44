"""One article while its mentions are looked for: its tokens, the recognised names, what is found so far."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from kg.german import NOISE
from kg.german.gazetteer import Candidate, Gazetteer
from kg.model import Article, EntityType, Mention, MentionKind, Span
from kg.names import find_names
from kg.phrases import Owned
from kg.recognised import Recognised
from kg.summits import SummitPhrase


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with the tokens it covers and what is known of it."""

    begin: int
    end: int
    mention: Mention
    candidates: tuple[Candidate, ...] = ()
    """What the gazetteer knows by this form, of the mention's type."""
    owned: Owned | None = None
    """An office or a body with its owner."""
    noun: str | None = None
    """Canonical noun of a body, title of an office."""
    summit: SummitPhrase | None = None


class Scene:
    """One article's tokens, what the recogniser sees in them, and what is found so far."""

    def __init__(self, doc: Doc, article: Article, gazetteer: Gazetteer) -> None:
        self.doc = doc
        self.article = article
        self.gazetteer = gazetteer
        self.noise = {i for span in doc.spans.get(NOISE, ()) for i in range(span.start, span.end)}
        self.recognised = find_names(doc, gazetteer)
        self.name_at: dict[int, Recognised] = {i: name for name in self.recognised for i in range(name.begin, name.end)}
        self.people: set[str] = set()
        """Known people whose full names the article has."""
        self.found: list[Found] = []
        self.countries = self._countries()

    def _countries(self) -> set[str]:
        """Return the countries that single words of the article name, by name or adjective."""
        gazetteer = self.gazetteer
        named = set()
        for text in {token.text for token in self.doc}:
            if (key := gazetteer.adjectives.get(text) or gazetteer.inhabitants.get(text)) is not None:
                named.add(key)
            elif text[0].isupper():
                named.update(c.key for c in gazetteer.lookup(text) if c.type == "Country")
        return named

    def add(
        self, begin: int, end: int, kind: MentionKind, type_: EntityType, *,
        candidates: tuple[Candidate, ...] = (), owned: Owned | None = None, noun: str | None = None,
        summit: SummitPhrase | None = None,
    ) -> None:  # fmt: skip
        """Add a mention of the tokens `begin` to `end`."""
        span = self.doc[begin:end]
        mention = Mention(Span(span.start_char, span.end_char), kind, type_)
        self.found.append(Found(begin, end, mention, candidates, owned, noun, summit))

    def has_small_word(self, beginning: str) -> bool:
        """Tell whether a word without a capital begins so."""
        place = bisect_left(self._small_words, beginning)
        return place < len(self._small_words) and self._small_words[place].startswith(beginning)

    @cached_property
    def _small_words(self) -> list[str]:
        return sorted({token.text for token in self.doc if token.text[0].islower()})

    def follows_place(self, begin: int) -> bool:
        """Tell whether the mention that ends before the word before `begin` is a place."""
        last = next((f for f in reversed(self.found) if f.end <= begin - 1), None)
        return last is not None and last.end == begin - 1 and last.mention.type == "Place"
