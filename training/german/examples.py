"""Annotated sentences for each component, with what the components before it would have said of them."""

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example


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
