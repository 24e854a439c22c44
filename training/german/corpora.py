"""Reads the corpora: UD treebanks and our own annotated articles."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.pipeline._parser_internals.nonproj import contains_cycle  # type: ignore[import-not-found]  # Cython
from spacy.tokens import Doc

MORPH_FEATURES = ("Case", "Number", "Person", "Mood", "Tense", "VerbForm")
"""The features that are learnt; each further one multiplies the classes and thins out 1,776 sentences."""


@dataclass(slots=True)
class Word:
    """A treebank token; `head` is an index into the sentence, its own for the root."""

    begin: int
    end: int
    pos: str
    tag: str
    morph: str
    head: int
    dep: str


def read_treebank(path: Path, nlp: Language) -> Iterator[Doc]:
    """Yield one annotated `Doc` a sentence of a CoNLL-U file, in the tokens that `nlp` makes of its text."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        text = next(line[9:] for line in block.split("\n") if line.startswith("# text = "))
        words = _read_words(block, text)
        doc = _annotate(nlp.make_doc(text), words)
        if not contains_cycle([token.head.i for token in doc]):  # one sentence of GSD is no tree
            yield doc


def _read_words(block: str, text: str) -> list[Word]:
    """Read a sentence's tokens with their offsets; the words of a contraction ("zu dem") all cover its form ("zum")."""
    words: list[Word] = []
    place, contraction_end = 0, 0
    for line in block.split("\n"):
        if line.startswith("#"):
            continue
        number, form, _, pos, tag, feats, head, dep, *_ = line.split("\t")
        if "-" in number:
            contraction_end = int(number.split("-")[1])
            begin = text.index(form, place)
            place = begin + len(form)
            continue
        if "." in number:
            continue
        if int(number) > contraction_end:
            begin = text.index(form, place)
            place = begin + len(form)
        words.append(Word(begin, place, pos, tag, _reduce(feats), int(head) - 1, dep))
    for index, word in enumerate(words):
        if word.head < 0:
            word.head = index
    return words


def _reduce(feats: str) -> str:
    pairs = [pair for pair in feats.split("|") if pair.split("=")[0] in MORPH_FEATURES]
    return "|".join(sorted(pairs))


def _annotate(doc: Doc, words: list[Word]) -> Doc:
    """Carry the treebank's words over to the doc's tokens: words under one token merge."""
    token_of = [_token_at(doc, word) for word in words]
    heads, deps, tags, poses, morphs = [], [], [], [], []
    for token in doc:
        group = [index for index, place in enumerate(token_of) if place == token.i]
        if not group:  # a further part of a treebank token
            heads.append(max(token.i - 1, 0))
            deps.append("punct" if token.is_punct else "flat")
            tags.append("")
            poses.append("PUNCT" if token.is_punct else "X")
            morphs.append("")
            continue
        top = next((i for i in group if token_of[words[i].head] != token.i or words[i].head == i), group[0])
        heads.append(token_of[words[top].head])
        deps.append("ROOT" if words[top].head == top else words[top].dep)
        tags.append("APPRART" if _is_contraction(words, group) else words[top].tag)
        poses.append(words[top].pos)
        morphs.append(words[group[-1]].morph if _is_contraction(words, group) else words[top].morph)
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        heads=heads,
        deps=deps,
        tags=tags,
        pos=poses,
        morphs=morphs,
        sent_starts=[token.i == 0 for token in doc],
    )


def _token_at(doc: Doc, word: Word) -> int:
    span = doc.char_span(word.begin, word.end, alignment_mode="expand")
    assert span is not None
    return span.start


def _is_contraction(words: list[Word], group: list[int]) -> bool:
    return len(group) == 2 and words[group[0]].pos == "ADP" and words[group[1]].pos == "DET"


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One of our own annotated articles: its text and where its names stand."""

    stem: str
    text: str
    published: str
    entities: tuple[dict[str, Any], ...]


def read_gold(folder: Path) -> list[GoldArticle]:
    """Read `STEM.txt` with `STEM.gold.json` of a folder, sorted by stem."""
    articles = []
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".gold.json")
        text = path.with_name(f"{stem}.txt").read_text(encoding="utf-8")
        articles.append(GoldArticle(stem, text, gold["article"]["published"], tuple(gold["entities"])))
    return articles
