"""Sentence boundaries by rule: newlines, full stops that end a sentence, datelines, ticker marks."""

import re
from collections.abc import Iterable

import numpy as np
from spacy.tokens import Doc, Token

from kg.articles.dateline import MONTHS
from kg.german.words import STARTERS

_STOPS = frozenset({".", "!", "?", "…", "..", "...", "...."})
_CLOSERS = frozenset("“”»«\"'’‘)]}")
_BULLETS = frozenset("►▶•●■▪")
_SEPARATORS = frozenset({"|", "+++", "++"})

_COPIED: list[int | str] = ["DEP", "POS", "TAG", "MORPH"]

LONGEST = 400
"""Tokens after which a sentence ends in any case: a text without full stops must not cost unbounded memory."""

_GAP = 3  # "TEILEN   MERKEN   213 Kommentare": so many spaces separate what does not belong together

_ROMAN = re.compile(r"[IVX]+")
_NAMES = r"[A-ZÄÖÜ][\w'’\-]*\.?(?:[ /][A-ZÄÖÜ][\w'’\-]*){0,4}"
_AGENCY = r"\((?:[A-Z]{2,6}|[a-z]{2,6}|Reuters?|Xinhua|Yonhap|Tass)(?:/[\w ]{2,8})*\)"
_DATE = r", ?(?:\d{1,2}\.[^!?:\n()]{2,20}|[A-ZÄÖÜ]\w+)"
# "Elmau (dpa) - Die", "SEOUL, 21. Jan. (Yonhap) -- Südkorea", "Mollis (sda) Der", "Wien/N'Djamena – Sie"
_DATELINE = re.compile(
    rf"^{_NAMES}(?:{_DATE})?(?: {_AGENCY}\.?(?: ?[-–—]{{1,2}})?|\.? [-–—]{{1,2}})(?= [„»«\"A-ZÄÖÜ\d])", re.MULTILINE
)


def set_sentences(doc: Doc) -> None:
    """Set `is_sent_start` of every token; whitespace belongs to the sentence before it."""
    dateline_ends = {match.end() for match in _DATELINE.finditer(doc.text)}
    starts = np.full(len(doc), -1, dtype="int64")
    starts[:1] = 1
    pending, begin = False, 0
    for token in doc:
        if token.is_space:
            pending = pending or "\n" in token.text or len(token) >= _GAP
            continue
        if pending or token.i - begin >= LONGEST:
            starts[token.i] = 1
            begin = token.i
        pending = token.idx + len(token) in dateline_ends or _ends_sentence(token)
    # all at once: setting a token's `is_sent_start` looks through the whole doc each time
    doc.from_array(["SENT_START"], starts.astype("uint64").reshape(-1, 1))  # type: ignore[arg-type]  # the stub asks for thinc's array type


def word_places(doc: Doc) -> list[list[int]]:
    """Return the token numbers of each sentence without its whitespace tokens; sentences of whitespace are left out."""
    places = ([token.i for token in sent if not token.is_space] for sent in doc.sents)
    return [sentence for sentence in places if sentence]


def extract_sentence(doc: Doc, places: list[int]) -> Doc:
    """Make a `Doc` of its own of one sentence's words, for components that must not see its neighbours."""
    return Doc(
        doc.vocab,
        words=[doc[place].text for place in places],
        spaces=[bool(doc[place].whitespace_) for place in places],
        sent_starts=[place == places[0] for place in places],
    )


def copy_annotation(doc: Doc, sentences: list[list[int]], parsed: Iterable[Doc]) -> None:
    """Carry what was found in each sentence's own `Doc` over to the whole one.

    Whitespace hangs on the word before it.
    """
    strings = doc.vocab.strings
    values = np.zeros((len(doc), len(_COPIED)), dtype="uint64")
    values[:, _COPIED.index("DEP")] = strings.add("dep")
    values[:, _COPIED.index("POS")] = strings["SPACE"]
    values[:, _COPIED.index("TAG")] = strings.add("_SP")
    heads = np.array([0 if token.is_sent_start else -1 for token in doc])
    for places, sentence in zip(sentences, parsed, strict=True):
        values[places] = sentence.to_array(_COPIED)
        heads[places] = [places[token.head.i] - place for place, token in zip(places, sentence, strict=True)]
    columns = np.column_stack([heads.astype("uint64"), values])
    doc.from_array(["HEAD", *_COPIED], columns)  # type: ignore[arg-type]  # the stub asks for thinc's array type


def _ends_sentence(token: Token) -> bool:
    following = _next_word(token)
    if following is None or following.text in _BULLETS:
        return True
    if token.text in _SEPARATORS:
        return not _starts_line(token)
    if _is_closer(following):
        return False
    last = token
    while _is_closer(last):
        last = last.nbor(-1)
    if last.text in _STOPS:
        return _ends_at_stop(last, following)
    # "im Jahr 2024 u. a. Der", "am 13. Die": the stop belongs to its word, and ends the sentence only before a starter
    return len(last) > 1 and last.text.endswith(".") and (_is_starter(following) or _is_label(last, following))


def _is_label(number: Token, following: Token) -> bool:
    """Tell a number behind a name from an ordinal: "dem Sender France 24. Kongos Präsident"; not "Samstag 24. Juni"."""
    if not number.text[:-1].isdigit() or not following.text[0].isupper() or following.lower_ in MONTHS:
        return False
    before = number.nbor(-1) if number.i else number
    return before.is_alpha and before.text[0].isupper() and before.lower_ not in STARTERS


def _ends_at_stop(stop: Token, following: Token) -> bool:
    if not (following.text[0].isupper() or following.text[0].isdigit() or _is_opener(following)):
        return following.text in _SEPARATORS
    before = stop.nbor(-1) if stop.i else stop
    if stop.text[0] in "…." and stop.text != "." and before.whitespace_:
        return False  # "Und dann … Stille": a pause
    if stop.text == "." and _ROMAN.fullmatch(before.text):
        return _is_starter(following)  # "Johann II. Fürst von Liechtenstein"
    return True


def _next_word(token: Token) -> Token | None:
    for other in token.doc[token.i + 1 :]:
        if not other.is_space:
            return other
    return None


def _starts_line(token: Token) -> bool:
    return token.i == 0 or "\n" in token.nbor(-1).text


def _is_closer(token: Token) -> bool:
    """Tell a closing quote or bracket by what it clings to: the word before it."""
    return token.text in _CLOSERS and token.i > 0 and not token.nbor(-1).whitespace_ and not token.nbor(-1).is_space


def _is_opener(token: Token) -> bool:
    return token.text in "„»«\"'‚‘“([" and not token.whitespace_


def _is_starter(token: Token) -> bool:
    return token.text[0].isupper() and token.lower_ in STARTERS
