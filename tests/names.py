"""Articles with hand-set names, so that tests of mentions and linking need no model."""

import re
from collections.abc import Iterable
from datetime import date

import spacy
from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

from kg.german import NOISE, GermanTokenizer
from kg.german.sentences import set_sentences
from kg.linking import link_entities
from kg.model import Article, EntityInArticle, Span

TOKENIZER = GermanTokenizer(spacy.blank("de"))


def make(
    text: str, names: Iterable[tuple[str, str]] = (), published: str = "2024-11-18", noise: Iterable[str] = ()
) -> tuple[Doc, Article]:
    """Return a `Doc` without parse in which each surface form of `names` is recognised, and its article."""
    spans = tuple(Span(text.index(line), text.index(line) + len(line)) for line in noise)
    article = Article("probe", text, text.partition("\n")[0], date.fromisoformat(published), "given", noise=spans)
    doc = TOKENIZER(text)
    set_sentences(doc)
    found: dict[int, TokenSpan] = {}
    for surface, kind in sorted(names, key=lambda name: -len(name[0])):
        for match in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text):
            span = doc.char_span(match.start(), match.end(), label=kind)
            assert span is not None, surface
            if not any(span.start < other.end and other.start < span.end for other in found.values()):
                found[span.start] = span
    doc.ents = tuple(found.values())
    noisy = (doc.char_span(span.begin, span.end, label=NOISE) for span in spans)
    doc.spans[NOISE] = [span for span in noisy if span is not None]
    return doc, article


def link(text: str, names: Iterable[tuple[str, str]] = (), published: str = "2024-11-18") -> dict[str, EntityInArticle]:
    """Return the linked entities of a text by key."""
    doc, article = make(text, names, published)
    return {item.entity.key: item for item in link_entities(doc, article)}


def words(item: EntityInArticle, text: str, kind: str | None = None) -> list[str]:
    """Return the words of an entity's mentions, of one kind or of all."""
    return [m.span.of(text) for m in item.mentions if kind in {None, m.kind}]
