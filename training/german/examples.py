"""Annotated sentences for each component, with what the components before it would have said of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from kg.german.sentences import extract_sentence, set_sentences, word_places
from training.german.corpora import GoldArticle
from training.german.names import find_names, to_entity_tags


def bare_copy(doc: Doc, tagger: Language | None = None) -> Doc:
    """Copy the words of a sentence without its annotation, with the tagger's tags if there is one."""
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    tags = None
    if tagger is not None:
        tags = [token.tag_ for token in tagger(Doc(tagger.vocab, words=words, spaces=spaces))]
    return Doc(doc.vocab, words=words, spaces=spaces, tags=tags, sent_starts=[token.i == 0 for token in doc])


def syntax_examples(references: Iterable[Doc], tagger: Language | None = None) -> list[Example]:
    """Pair each annotated sentence with its bare copy."""
    return [Example(bare_copy(doc, tagger), doc) for doc in references]


@dataclass(frozen=True, slots=True)
class NameSentence:
    """A sentence with its words' parts of speech, as the tagger sees them, and its names in BILUO tags."""

    words: list[str]
    spaces: list[bool]
    parts: list[str]
    names: list[str]

    def to_example(self, nlp: Language) -> Example:
        """Return the sentence as an example for a pipeline."""
        doc = Doc(nlp.vocab, words=self.words, spaces=self.spaces, tags=self.parts)
        for token in doc:
            token.is_sent_start = token.i == 0
        return Example.from_dict(doc, {"entities": self.names})


def name_sentences(tagger: Language, article: GoldArticle, offices: frozenset[str]) -> list[NameSentence]:
    """Return an article's sentences with their names."""
    doc = tagger.make_doc(article.text)
    set_sentences(doc)
    tags = to_entity_tags(doc, find_names(article, offices))
    places = word_places(doc)
    parsed = tagger.pipe([extract_sentence(doc, words) for words in places])
    return [
        NameSentence(
            [token.text for token in sent],
            [bool(token.whitespace_) for token in sent],
            [token.tag_ for token in sent],
            cut_tags([tags[word] for word in words]),
        )
        for words, sent in zip(places, parsed, strict=True)
    ]


def cut_tags(tags: list[str]) -> list[str]:
    """Make unknown what is left of a name that a sentence boundary cuts in two."""
    tags = list(tags)
    for place in range(len(tags)):
        if tags[place][0] not in "LI" or (place and tags[place - 1][0] in "BI"):
            break
        tags[place] = "-"
    for place in reversed(range(len(tags))):
        if tags[place][0] not in "BI" or (place + 1 < len(tags) and tags[place + 1][0] in "LI"):
            break
        tags[place] = "-"
    return tags
