"""Where the time of reading goes: each part of the way from a text to its quads in the store, by itself.

The parts of the language model are told apart by leaving out the later ones; all others by a clock around the functions
that are their doors. A part's time is its own: what a door inside it takes counts for that one. All times are the
processor's, which other work on the machine hardly changes.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from spacy.language import Language
from spacy.tokens import Doc

from kg.german import BATCH
from kg.german.sentences import extract_sentence, set_sentences, word_places
from kg.model import Article
from kg.pipeline import Extractor
from kg.rdf import reference_quads, to_quads
from kg.rollup import derive
from kg.store import Writer

BASE: Final = "http://localhost:8000/"
ROUNDS: Final = 2
"""How often each part of the language model is measured; the quicker time counts."""
REST: Final = "all else"
DOORS: Final = {
    "sentences": ("kg.german:set_sentences", "kg.german:word_places", "kg.german:extract_sentence"),
    "lemmas": ("kg.german:find_lemma",),
    "encoder, to halfway": ("kg.pipeline:read_halfway",),
    "recogniser": ("kg.pipeline:find_names",),
    "names": ("kg.linker:find_all",),
    "linking": ("kg.pipeline:link_entities",),
    "encoder, from there": ("kg.pipeline:Context",),
    "dates and figures": ("kg.pipeline:find_times", "kg.pipeline:find_figures"),
    "triggers": ("kg.reading:find_trigger_words", "kg.claims:judge_words", "kg.claims:find_happenings"),
    "roles": ("kg.claims:cast", "kg.claims:choose_fillers"),
    "sources": ("kg.claims:find_sources",),
    "standing, dates and figures of claims": ("kg.claims:choose_status", "kg.claims:choose_times",
                                               "kg.claims:choose_figure"),
    "selection": ("kg.selection:cases",),
}  # fmt: skip
"""Part to its doors, as `module:name` where the name is looked up."""


class Clock:
    """Adds up what parts take; they may lie in each other."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the time of a block for a part."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def around(self, name: str, door: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does what `door` does and counts its time."""

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.part(name):
                return door(*arguments, **named)

        return timed

    def _turn(self) -> None:
        now = time.process_time()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


def measure_stages(extractor: Extractor, articles: Sequence[Article], folder: Path) -> dict[str, float]:
    """Read articles into a store, and return the seconds of each part."""
    clock = Clock()
    with ExitStack() as stack:
        for part, doors in DOORS.items():
            for door in doors:
                stack.enter_context(_clocked(clock, part, door))
        extractions = []
        for article in articles:
            with clock.part(REST):
                extractions.append(extractor.extract(article))
    with clock.part("writing"), Writer(folder / "store", BASE, derive) as writer:
        for extraction in extractions:
            reference = reference_quads((item.entity for item in extraction.entities), BASE)
            writer.replace_article(extraction.article.stem, to_quads(extraction, BASE), reference)
        with clock.part("roll-up and publishing"):
            writer.publish()
    networks = measure_networks(extractor.nlp, articles)
    clock.seconds[REST] -= sum(networks.values())
    return {**networks, **{part: clock.seconds[part] for part in (*DOORS, REST, "writing", "roll-up and publishing")}}


def measure_networks(nlp: Language, articles: Sequence[Article]) -> dict[str, float]:
    """Return the seconds of the tokenizer and of each part of the language model."""
    begin = time.process_time()
    docs = [nlp.tokenizer(article.text) for article in articles]
    seconds = {"tokenizer": time.process_time() - begin}
    for doc in docs:
        set_sentences(doc)
    before = 0.0
    for number in range(1, len(nlp.pipe_names) + 1):
        taken = min(_measure_pipe(nlp, docs, number) for _ in range(ROUNDS))
        seconds[nlp.pipe_names[number - 1]], before = max(taken - before, 0.0), max(taken, before)
    return seconds


def _measure_pipe(nlp: Language, docs: Sequence[Doc], parts: int) -> float:
    """Return the seconds of the first so many parts of the language model."""
    sentences = [extract_sentence(doc, places) for doc in docs for places in word_places(doc)]
    with nlp.select_pipes(enable=nlp.pipe_names[:parts]):
        begin = time.process_time()
        deque(nlp.pipe(sentences, batch_size=BATCH), maxlen=0)
        return time.process_time() - begin


@contextmanager
def _clocked(clock: Clock, part: str, door: str) -> Iterator[None]:
    module, _, path = door.partition(":")
    owner: Any = import_module(module)
    *outer, name = path.split(".")
    for each in outer:
        owner = getattr(owner, each)
    with patch.object(owner, name, clock.around(part, getattr(owner, name))):
        yield
