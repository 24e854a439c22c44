"""Texts of sport, culture, weather and trade, full of the words of war: hardly an event is to be found in them."""

from datetime import date
from pathlib import Path

from kg.articles import ReadOptions, read_inputs
from kg.model import Article
from kg.pipeline import load

FOLDER = Path(__file__).parent / "data" / "no_events"
"""Eighteen articles without a happening that counts, written for this test."""
WORDS_AN_EVENT = 500
"""At most one false event in so many words."""


def test_texts_without_events_give_hardly_any() -> None:
    articles = list(read_inputs([str(FOLDER)], ReadOptions(today=date(2024, 6, 1))))
    assert len(articles) == 18
    extractor, words, found = load(), 0, 0
    for article in articles:
        assert isinstance(article, Article)
        words += len(article.text.split())
        found += len(extractor.extract(article).claims)
    assert found * WORDS_AN_EVENT <= words
