"""Readings with hand-set parts of speech, parse and names, so that tests of the claim stages need no model."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from spacy.tokens import Doc

from kg.dates import find_times
from kg.german.lemmas import find_lemma
from kg.maxent import LinearModel
from kg.model import ENTITY_TYPES, Article, Entity, EntityInArticle, Mention, MentionKind, Span
from kg.quantities import find_figures
from kg.reading import Reading
from kg.realisations import Happening
from kg.trees import Node, Trees
from tests.names import make

TYPES = {kind.lower(): kind for kind in ENTITY_TYPES}
SPACE = "SPACE"


def entity(key: str, *, country: str | None = None, medium: bool = False) -> Entity:
    """Return an entity whose type is the first part of its key."""
    folder, _, label = key.partition("/")
    return Entity(key, TYPES[folder], label, country=country, medium=medium)


def read(
    text: str,
    names: Mapping[str, str | Entity] | None = None,
    *,
    pos: str = "",
    deps: str = "",
    morph: Mapping[str, str] | None = None,
    published: str = "2024-11-18",
    noise: Iterable[str] = (),
) -> Reading:
    """Read a text.

    `names` maps surface forms to entities or their keys; those in lower case are adjectives. `pos` and `deps` hold an
    item for each token that is no white space: "NOUN", and "nsubj>2" with the number of the head from 1, or "ROOT".
    `morph` maps words to their features. Dates, figures and lemmas come from the real stages.
    """
    cut, article = make(text, published=published, noise=noise)
    tags = _for_words(cut, pos, SPACE)
    heads, labels = _parse(cut, deps)
    doc = Doc(
        cut.vocab,
        words=[token.text for token in cut],
        spaces=[bool(token.whitespace_) for token in cut],
        pos=tags or None,
        lemmas=[find_lemma(token.text, tags[token.i] if tags else "") for token in cut],
        morphs=[(morph or {}).get(token.text, "") for token in cut],
        sent_starts=None if deps else [bool(token.is_sent_start) for token in cut],
        heads=heads,
        deps=labels,
    )
    found = [_in_article(article, surface, what) for surface, what in (names or {}).items()]
    entities = [_merge([item for item in found if item.entity.key == key]) for key in sorted(_keys(found))]
    return Reading(article, doc, entities, find_times(doc, article.published), find_figures(doc))


def _for_words(doc: Doc, items: str, space: str) -> list[str]:
    """Spread the items over the tokens that are no white space."""
    given = iter(items.split())
    spread = [space if token.is_space else next(given) for token in doc] if items else []
    assert next(given, None) is None, "more items than words"
    return spread


def _parse(doc: Doc, deps: str) -> tuple[list[int], list[str]] | tuple[None, None]:
    if not deps:
        return None, None
    words = [token.i for token in doc if not token.is_space]
    heads, labels = [], []
    for i, item in enumerate(_for_words(doc, deps, "space")):
        label, _, head = item.partition(">")
        heads.append(words[int(head) - 1] if head else i - 1 if label == "space" else i)
        labels.append(label)
    return heads, labels


def _in_article(article: Article, surface: str, what: str | Entity) -> EntityInArticle:
    known = what if isinstance(what, Entity) else entity(what)
    spots = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", article.text)]
    assert spots, surface
    kind: MentionKind = "adjective" if surface[0].islower() else "name"
    return EntityInArticle(known, tuple(Mention(Span(*spot), kind, known.type) for spot in spots))


def _keys(found: Iterable[EntityInArticle]) -> set[str]:
    return {item.entity.key for item in found}


def _merge(items: list[EntityInArticle]) -> EntityInArticle:
    mentions = sorted((mention for item in items for mention in item.mentions), key=lambda m: m.span)
    return EntityInArticle(items[0].entity, tuple(mentions))


def at(reading: Reading, word: str) -> int:
    """Return the index of the only token with that text."""
    (index,) = [token.i for token in reading.doc if token.text == word]
    return index


def happening(reading: Reading, type_: str, word: str, probability: float = 1.0) -> Happening:
    """Return a happening with `word` as its trigger."""
    return Happening(type_, at(reading, word), probability)


def number_of(reading: Reading, key: str) -> int:
    """Return the number of an entity."""
    return reading.index_of[key]


def stumps(columns: Sequence[str], rules: Mapping[str, tuple[float, float]], *, bias: float = 0.0) -> Trees:
    """Return trees of one question each: `rules` maps a column to (threshold, log odds of what lies above it)."""
    grown = []
    for name, (threshold, odds) in rules.items():
        root = Node(0.0, list(columns).index(name), threshold, 1, 2)
        grown.append([root, Node(0.0), Node(odds)])
    return Trees.of(columns, bias, grown)


def linear(weights: Mapping[str, Mapping[str, float]], labels: Iterable[str], bias: float = -5) -> LinearModel:
    """Return a model by its weights, feature to label to weight; whatever it does not know is improbable."""
    names = tuple(labels)
    matrix = np.array([[row.get(label, 0) for label in names] for row in weights.values()], dtype=np.float32)
    rows = {feature: row for row, feature in enumerate(weights)}
    return LinearModel(names, rows, matrix.reshape(len(rows), len(names)), np.full(len(names), bias, dtype=np.float32))
