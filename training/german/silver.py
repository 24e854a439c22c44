"""Raw text with parts of speech by HanTa: slow at 3,000 words a second, but a fast tagger learns them from it."""

import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from HanTa.HanoverTagger import HanoverTagger
from spacy.language import Language
from spacy.tokens import Doc

from kg.german.sentences import extract_sentence, set_sentences, word_places

_STTS = {"PROAV": "PAV", "NNA": "NN", "NNI": "NN", "PPOSS": "PPOSAT", "UNKNOWN": "XY"}
_LONGEST = 80


def read_paragraphs(speeches: Path, articles: list[str], every: int) -> Iterator[str]:
    """Yield the articles' lines, then every so-many-th paragraph of the speeches (`.txt.xz`)."""
    for text in articles:
        yield from filter(str.strip, text.split("\n"))
    with lzma.open(speeches, "rt", encoding="utf-8") as lines:
        yield from islice(lines, 0, None, every)


def tag_silver(nlp: Language, paragraphs: Iterator[str]) -> Iterator[Doc]:
    """Yield a `Doc` with STTS tags for each sentence of the paragraphs."""
    tagger = HanoverTagger("morphmodel_ger.pgz")
    for paragraph in paragraphs:
        doc = nlp.make_doc(paragraph.strip())
        set_sentences(doc)
        for places in word_places(doc):
            if len(places) <= _LONGEST:
                sentence = extract_sentence(doc, places)
                for token, (_, _, tag) in zip(
                    sentence, tagger.tag_sent([t.text for t in sentence], taglevel=1), strict=True
                ):
                    token.tag_ = _to_stts(token.text, tag)
                yield sentence


def _to_stts(word: str, tag: str) -> str:
    """Turn HanTa's "VV(FIN)" into "VVFIN"; it takes quotation marks for foreign words."""
    if not any(letter.isalnum() for letter in word):
        return "$," if word == "," else "$." if word in {".", "!", "?", ":", ";", "…", "..."} else "$("
    if word.startswith("-") and word[1:].isalpha():
        return "NN"
    return _STTS.get(tag, tag.replace("(", "").replace(")", ""))
