"""Interviews: whose answers the paragraphs of an article are.

An interview asks in paragraphs of its own. Who answers is addressed there ("Frau Petrovac, weshalb gerade dort?"),
stands before the answers ("Petrovac: Weil …"), or is the first person whom the article names, where questions say "Sie"
and answers "ich".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import Span
from kg.reading import Place, Reading
from kg.wordlists import source_words

_ADDRESSES = source_words("addresses")
_POLITE = source_words("polite")
_OWN = source_words("first_person")
_OPENING, _CLOSING = source_words("opening_quotes"), source_words("closing_quotes")
_LABEL = 4
"""Words of a name before a colon, at most."""
_OFTEN = 2
"""Questions, and answers under one label, that make an interview."""


@dataclass(frozen=True, slots=True)
class Interview:
    """Who answers, and where."""

    guest: int | None
    """The number of an entity of the reading; None where only the questions name the guest."""
    name: Span
    """Where the article names the guest."""
    answers: tuple[tuple[int, int], ...]
    """Half-open token ranges, ascending."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    begin: int
    """The first word, behind the label where there is one."""
    end: int
    label: str
    """"petersdorff" of "Petersdorff: Sehr freundlich …"; empty where no colon follows the first words."""
    asks: bool


def find_interview(reading: Reading) -> Interview | None:
    """Find who answers in an article that asks; None where it is no interview."""
    paragraphs = list(_paragraphs(reading)) if "?" in reading.lower else []
    questions = [k for k, paragraph in enumerate(paragraphs) if paragraph.asks]
    if not questions:
        return None
    asked = paragraphs[questions[0]]
    addressed = next((name for k in questions for name in _addressed(reading, paragraphs[k])), None)
    if len(questions) < _OFTEN and not (addressed and _is_labelled(reading, paragraphs, addressed)):
        return None
    answers = _answers(paragraphs, questions)
    if addressed is not None:
        return _guest_of(reading, addressed, answers)
    polite = any(_is_polite(reading, paragraphs[k]) for k in questions)
    if not polite or not any(reading.lower[i] in _OWN for begin, end in answers for i in range(begin, end)):
        return None
    first = next(iter(reading.places_of_type.get("Person", [])), None)
    if first is None or first.begin >= asked.begin:
        return None
    return Interview(first.entity, first.mention.span, answers)


def _paragraphs(reading: Reading) -> Iterator[_Paragraph]:
    """Yield the paragraphs below the headline that are no page noise."""
    begin = 0
    for i in range(len(reading.doc) + 1):
        if i < len(reading.doc) and "\n" not in reading.doc[i].text:
            continue
        if 0 < begin < i and not reading.noisy[begin]:
            yield _paragraph(reading, begin, i)
        begin = i + 1


def _paragraph(reading: Reading, begin: int, end: int) -> _Paragraph:
    colon = next((j for j in range(begin + 1, min(begin + _LABEL + 1, end)) if reading.lower[j] == ":"), None)
    label = " ".join(reading.lower[begin:colon]) if colon is not None else ""
    last = end - 1
    while last > begin and reading.doc[last].text in _CLOSING:
        last -= 1
    start = begin if colon is None else colon + 1
    quoted = reading.doc[begin].text in _OPENING
    asks = not quoted and (reading.lower[last] == "?" or _address(reading, start, end) is not None)
    return _Paragraph(start, end, label, asks)


def _address(reading: Reading, begin: int, end: int) -> int | None:
    """Return where the addressed name begins: "Frau | Petrovac, …"."""
    if begin + 2 >= end or reading.lower[begin] not in _ADDRESSES:
        return None
    comma = next((j for j in range(begin + 2, min(begin + _LABEL + 2, end)) if reading.lower[j] == ","), None)
    return begin + 1 if comma is not None else None


def _addressed(reading: Reading, paragraph: _Paragraph) -> Iterator[tuple[int, int]]:
    begin = _address(reading, paragraph.begin, paragraph.end)
    if begin is not None:
        yield begin, next(j for j in range(begin + 1, paragraph.end) if reading.lower[j] == ",")


def _is_labelled(reading: Reading, paragraphs: Sequence[_Paragraph], addressed: tuple[int, int]) -> bool:
    """Tell whether whom a question addresses answers under a label, often enough: "Vad: …"."""
    name = reading.lower[addressed[1] - 1]
    return sum(name in paragraph.label.split() for paragraph in paragraphs) >= _OFTEN


def find_addressed(reading: Reading, token: int) -> frozenset[int]:
    """Return who is but spoken to in the sentence of a token: "Herr Vad, die UN bitten um Truppen".

    Not in "Herr Vad, Sie bitten um Truppen", which tells of him.
    """
    number = reading.sentence_of[token]
    begin, end = reading.sentences[number]
    if begin + 1 >= end or reading.lower[begin] not in _ADDRESSES:
        return frozenset()
    named = [place for place in reading.places_in[number] if place.begin == begin + 1 and place.end < end]
    return frozenset(
        place.entity
        for place in named
        if reading.lower[place.end] == "," and not any(reading.doc[i].text in _POLITE for i in range(place.end, end))
    )


def _is_polite(reading: Reading, paragraph: _Paragraph) -> bool:
    """Tell whether a question says "Sie" to somebody, not at the beginning of a sentence, where all are capitals."""
    return any(
        reading.doc[i].text in _POLITE and reading.doc[i - 1].text[:1].isalpha()
        for i in range(paragraph.begin + 1, paragraph.end)
    )


def _answers(paragraphs: Sequence[_Paragraph], questions: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the ranges of what is said in answer: under the guest's label, else whatever does not ask."""
    first = questions[0]
    asking = {paragraphs[k].label for k in questions} - {""}
    labels = Counter(p.label for p in paragraphs[first:] if p.label and not p.asks and p.label not in asking)
    guest = max(labels, key=lambda label: labels[label], default="")
    if labels[guest] < _OFTEN:
        return tuple((p.begin, p.end) for p in paragraphs[first + 1 :] if not p.asks and p.label not in asking)
    found, speaking = [], False
    for paragraph, following in zip(paragraphs[first:], [*paragraphs[first + 1 :], None], strict=True):
        speaking = paragraph.label == guest if paragraph.label in {guest, *asking} else speaking
        if not asking and not paragraph.label and following is not None and following.label == guest:
            speaking = False  # what stands without a label before an answer is the question
        if speaking:
            found.append((paragraph.begin, paragraph.end))
    return tuple(found)


def _guest_of(reading: Reading, name: tuple[int, int], answers: tuple[tuple[int, int], ...]) -> Interview | None:
    """Return the interview with the person of the addressed name; "Herr Oberst" is the first person of the article."""
    begin, end = name
    last = reading.lower[end - 1]
    persons = [place for place in reading.places_of_type.get("Person", []) if place.begin < end]
    place = next((place for place in persons if last in _words(reading, place)), None)
    if place is None and (full := _in_full(reading, begin, end)) is not None:
        return Interview(None, full, answers)
    place = place or next(iter(persons), None)
    return Interview(place.entity, place.mention.span, answers) if place is not None else None


def _words(reading: Reading, place: Place) -> set[str]:
    """Return the words of a name, those joined by hyphens as well: "Frau Tschudin" is Regula Tschudin-Wyss."""
    words = reading.lower[place.begin : place.end]
    return {*words, *(part for word in words for part in word.split("-"))}


def _in_full(reading: Reading, begin: int, end: int) -> Span | None:
    """Return where the article first names whom it addresses, with the first name: "die Politologin Ruth Ahlbeck"."""
    first = next(i for i in range(end) if reading.lower[i] == reading.lower[end - 1])
    if 0 < first < begin and reading.pos[first - 1] == "PROPN":
        return Span(reading.doc[first - 1].idx, reading.doc[first].idx + len(reading.doc[first].text))
    return None
