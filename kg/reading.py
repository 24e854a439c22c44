"""All that the claim stages look at, laid out by token: words, names, figures, dates, lexicon hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.articles.dateline import find_own_dates
from kg.encoder import NEVER, Context, Mentions
from kg.german import full_lemma
from kg.german.wordclass import read_morph
from kg.lexicon import FIRM, STRENGTHS, find_trigger_words
from kg.maxent import Floats
from kg.model import Article, EntityInArticle, Figure, Mention, Span, TimeExpression


@dataclass(frozen=True, slots=True)
class Place:
    """A mention by its tokens `begin` to `end` (half-open) and the index of its entity in the reading."""

    begin: int
    end: int
    entity: int
    mention: Mention


class Reading:
    """One article, read: the Doc with everything that was found in it, indexed by token."""

    def __init__(
        self,
        article: Article,
        doc: Doc,
        entities: Sequence[EntityInArticle],
        times: Sequence[TimeExpression],
        figures: Sequence[Figure],
        *,
        context: Context | None = None,
    ) -> None:
        self.article = article
        self.doc = doc
        self.entities = tuple(entities)
        self.times = tuple(times)
        self.figures = tuple(figures)
        self.context = context
        """What the encoder says of the words; None where only the linear models are asked."""
        self._mentions_read: Mentions | None = None
        self._parts_said: dict[tuple[int, str], Floats] = {}
        self.lower = [token.lower_ for token in doc]
        self.lemma = [full_lemma(token) for token in doc]
        """Dictionary forms; verbs with their particle: "zogen … ab" is abziehen."""
        self.pos = [token.pos_ for token in doc]
        self.lexicon = find_trigger_words(doc, self.lemma)
        """Token index to the trigger words of the frames that stand there."""

    def strength_of(self, i: int, frame: str) -> str:
        """Return how strongly the lexicon ties token `i` to `frame`, the most of several, "" for not at all."""
        hits = {strength for name, strength in self.lexicon.get(i, ()) if name == frame}
        return max(hits, key=STRENGTHS.index, default="")

    def parts_in_context(self, token: int, event: str, labels: Sequence[str]) -> Floats:
        """Return what the encoder says of all entities' parts in an event, as log odds, shape (entities, labels).

        `token` is the trigger, `event` the type, `labels` the roles; without an encoder, nobody has a part.
        """
        if self.context is None:
            return np.full((len(self.entities), len(labels)), NEVER, dtype=np.float32)
        if (token, event) not in self._parts_said:
            if self._mentions_read is None:
                spans = [(place.begin, place.end) for place in self.places]
                owned = [place.entity for place in self.places]
                kinds = [item.entity.type for item in self.entities]
                self._mentions_read = self.context.read_mentions(spans, owned, kinds)
            self._parts_said[token, event] = self.context.of_roles(token, event, self._mentions_read)
        return self._parts_said[token, event]

    def tokens_of(self, span: Span) -> tuple[int, int]:
        """Return the half-open token range that covers `span`."""
        begin = self._token_at(span.begin)
        end = self._token_at(span.end - 1)
        return begin, end + 1

    def _token_at(self, offset: int) -> int:
        return self._token_by_offset[offset]

    @cached_property
    def _token_by_offset(self) -> list[int]:
        """Token index for each character; white space belongs to the token before it."""
        index: list[int] = []
        for i, token in enumerate(self.doc):
            index += [i] * len(token.text_with_ws)
        return [*index, 0]

    @cached_property
    def places(self) -> list[Place]:
        """All mentions in text order."""
        found = []
        for number, entity in enumerate(self.entities):
            for mention in entity.mentions:
                begin, end = self.tokens_of(mention.span)
                found.append(Place(begin, end, number, mention))
        return sorted(found, key=lambda place: (place.begin, -place.end, place.entity))

    @cached_property
    def places_of(self) -> list[list[Place]]:
        """Mentions by entity number."""
        by_entity: list[list[Place]] = [[] for _ in self.entities]
        for place in self.places:
            by_entity[place.entity].append(place)
        return by_entity

    @cached_property
    def in_title(self) -> list[bool]:
        """Whether each entity is mentioned in the headline, by entity number."""
        return [any(self.is_title(self.sentence_of[place.begin]) for place in places) for places in self.places_of]

    @cached_property
    def sentences_with(self) -> list[list[int]]:
        """Numbers of the sentences that mention each entity, ascending, by entity number."""
        return [sorted({self.sentence_of[place.begin] for place in places}) for places in self.places_of]

    @cached_property
    def first_of_lemma(self) -> dict[str, int]:
        """Index of the first token of each lemma."""
        first: dict[str, int] = {}
        for i, lemma in enumerate(self.lemma):
            first.setdefault(lemma, i)
        return first

    @cached_property
    def places_of_type(self) -> dict[str, list[Place]]:
        """Mentions by type, in text order."""
        by_type: dict[str, list[Place]] = {}
        for place in self.places:
            by_type.setdefault(place.mention.type, []).append(place)
        return by_type

    @cached_property
    def first_named(self) -> dict[str, dict[int, int]]:
        """Token at which each entity is first mentioned, by type of the mention and entity number."""
        first: dict[str, dict[int, int]] = {}
        for place in self.places:
            first.setdefault(place.mention.type, {}).setdefault(place.entity, place.begin)
        return first

    @cached_property
    def rank_in_type(self) -> list[int]:
        """How many entities of the same type are mentioned more often, by entity number."""
        counts = [len(places) for places in self.places_of]
        kinds = [entity.entity.type for entity in self.entities]
        return [
            sum(1 for k, n in zip(kinds, counts, strict=True) if k == kind and n > count)
            for kind, count in zip(kinds, counts, strict=True)
        ]

    @cached_property
    def rank(self) -> list[int]:
        """How many entities are mentioned more often, or as often and before it, by entity number."""
        order = sorted(range(len(self.entities)), key=lambda number: (-len(self.places_of[number]), number))
        ranks = [0] * len(order)
        for rank, number in enumerate(order):
            ranks[number] = rank
        return ranks

    @cached_property
    def index_of(self) -> dict[str, int]:
        """Entity number by key."""
        return {entity.entity.key: number for number, entity in enumerate(self.entities)}

    @cached_property
    def country_of(self) -> list[str | None]:
        """Key of the country that each entity belongs to or holds an office of, by entity number."""
        countries: list[str | None] = []
        for entity in self.entities:
            offices = [p.of for p in entity.positions if p.of is not None and p.of.startswith("country/")]
            countries.append(entity.entity.country or (offices[0] if offices else None))
        return countries

    @cached_property
    def citizens(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The numbers of those who belong to a state that the article has, and of these states, side by side."""
        pairs = [(number, self.index_of.get(key or "")) for number, key in enumerate(self.country_of)]
        found = [(number, state) for number, state in pairs if state not in (None, number)]
        members, states = np.array(found, dtype=np.intp).reshape(-1, 2).T
        return members, states

    @cached_property
    def kin(self) -> dict[int, list[int]]:
        """Bodies of each state and state of each body, by entity number: Frankreich, die französische Armee."""
        found: dict[int, list[int]] = {}
        for number, key in enumerate(self.country_of):
            state = self.index_of.get(key) if key is not None else None
            if state is not None and self.entities[number].entity.type == "Organization":
                found.setdefault(number, []).append(state)
                found.setdefault(state, []).append(number)
        return found

    @cached_property
    def place_at(self) -> dict[int, Place]:
        """Token index to the longest mention that covers it."""
        index: dict[int, Place] = {}
        for place in self.places:
            for i in range(place.begin, place.end):
                index.setdefault(i, place)
        return index

    @cached_property
    def heads(self) -> list[int]:
        """Token that each token depends on, itself for the root of a sentence."""
        away = self.doc.to_array(["HEAD"]).astype(np.int64)  # distances, of which the negative ones come wrapped round
        heads: list[int] = (away + np.arange(len(self.doc))).tolist()
        return heads

    @cached_property
    def deps(self) -> list[str]:
        """Relation of each token to the one that it depends on."""
        labels: list[int] = self.doc.to_array(["DEP"]).astype(np.uint64).tolist()
        names = {label: self.doc.vocab.strings[label] for label in set(labels)}
        return [names[label] for label in labels]

    @cached_property
    def children(self) -> list[list[int]]:
        """Tokens that depend on each token, in text order."""
        below: list[list[int]] = [[] for _ in self.heads]
        for i, head in enumerate(self.heads):
            if head != i:
                below[head].append(i)
        return below

    @cached_property
    def morphs(self) -> list[Mapping[str, Sequence[str]]]:
        """Values of each token's morphological features: {"Case": ["Nom"]}; spaCy puts them together when asked."""
        keys = self.doc.to_array(["MORPH"]).astype(np.uint64).tolist()
        values = {key: read_morph(self.doc.vocab.strings[key]) for key in set(keys)}
        return [values[key] for key in keys]

    @cached_property
    def shown(self) -> list[str]:
        """What each token is to others: its lemma, or the type of the mention that it belongs to."""
        shown = self.lemma.copy()
        for i, place in self.place_at.items():
            shown[i] = f"<{place.mention.type}>"
        return shown

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Half-open token ranges of the sentences."""
        return [(sent.start, sent.end) for sent in self.doc.sents]

    @cached_property
    def headline(self) -> Span | None:
        """The headline, where there is text below it."""
        found = self.article.headline
        return found if self.article.text[found.end :].strip() else None

    def is_title(self, number: int) -> bool:
        """Tell whether a sentence stands in the headline."""
        begin, end = self.sentences[number]
        line = self.headline
        return line is not None and begin < end and line.begin <= self.doc[begin].idx < line.end

    @cached_property
    def own_dates(self) -> tuple[Span, ...]:
        """Where the article says when it was written."""
        return find_own_dates(self.article.text, self.article.noise)

    @cached_property
    def line_of(self) -> list[int]:
        """Number of the line that each sentence begins in."""
        text, spots = self.article.text, [self.doc[begin].idx for begin, _ in self.sentences]
        return [text.count("\n", 0, spot) for spot in spots]

    @cached_property
    def sentence_of(self) -> list[int]:
        """Sentence number of each token."""
        numbers = [0] * len(self.doc)
        for number, (begin, end) in enumerate(self.sentences):
            numbers[begin:end] = [number] * (end - begin)
        return numbers

    @cached_property
    def places_in(self) -> list[list[Place]]:
        """Mentions by sentence number."""
        by_sentence: list[list[Place]] = [[] for _ in self.sentences]
        for place in self.places:
            by_sentence[self.sentence_of[place.begin]].append(place)
        return by_sentence

    @cached_property
    def named_in(self) -> list[dict[str, set[int]]]:
        """Numbers of the entities that each sentence mentions, by type of the mention."""
        by_sentence: list[dict[str, set[int]]] = [{} for _ in self.sentences]
        for place in self.places:
            by_sentence[self.sentence_of[place.begin]].setdefault(place.mention.type, set()).add(place.entity)
        return by_sentence

    @cached_property
    def figures_in(self) -> list[list[tuple[int, int, Figure]]]:
        """Figures with their token ranges, by sentence number."""
        by_sentence: list[list[tuple[int, int, Figure]]] = [[] for _ in self.sentences]
        for figure in self.figures:
            begin, end = self.tokens_of(figure.span)
            by_sentence[self.sentence_of[begin]].append((begin, end, figure))
        return by_sentence

    @cached_property
    def times_in(self) -> list[list[tuple[int, int, TimeExpression]]]:
        """Time expressions with their token ranges, by sentence number."""
        by_sentence: list[list[tuple[int, int, TimeExpression]]] = [[] for _ in self.sentences]
        for time in self.times:
            begin, end = self.tokens_of(time.span)
            by_sentence[self.sentence_of[begin]].append((begin, end, time))
        return by_sentence

    @cached_property
    def strong_in(self) -> list[list[tuple[int, str]]]:
        """Tokens that are a strong trigger word, each with its frame, by sentence number."""
        found: list[list[tuple[int, str]]] = [[] for _ in self.sentences]
        for i, hits in sorted(self.lexicon.items()):
            found[self.sentence_of[i]] += [(i, frame) for frame, strength in hits if strength == "strong"]
        return found

    @cached_property
    def speaking(self) -> frozenset[int]:
        """Tokens that are a word of saying."""
        return frozenset(
            i
            for i, hits in self.lexicon.items()
            if any(frame in {"Statement", "Appeal"} and strength in FIRM for frame, strength in hits)
        )

    @cached_property
    def indirect(self) -> list[bool]:
        """Whether each sentence has a verb in the Konjunktiv, as reported speech does."""
        return [
            any("Sub" in morph.get("Mood", ()) for morph in self.morphs[begin:end]) for begin, end in self.sentences
        ]

    @cached_property
    def noisy(self) -> list[bool]:
        """Whether each token lies in page noise."""
        flags = [False] * len(self.doc)
        for span in self.article.noise:
            if span.end > span.begin and span.begin < len(self.article.text):
                begin, end = self.tokens_of(Span(span.begin, min(span.end, len(self.article.text))))
                flags[begin:end] = [True] * (end - begin)
        return flags
