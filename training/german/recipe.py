"""The stages of the training, each with its checkpoint in the cache folder: a stage that has one is not run again."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from training.german import vectors
from training.german.assembly import join, write_model
from training.german.corpora import read_gold, read_treebank
from training.german.evaluation import measure_speed, score_syntax
from training.german.examples import syntax_examples
from training.german.fitting import fit
from training.german.silver import read_paragraphs, tag_silver
from training.german.stages import add_syntax, add_tagger, blank_pipeline
from training.german.vectors import set_vectors, train_vectors, write_corpus

LOG = logging.getLogger("training.german")
VERSION = "0.1.0"
SILVER_EVERY = 25
"""One of so many paragraphs of the speeches is tagged by HanTa: 460,000 words with the articles."""


class Recipe:
    """The training from other people's corpora and our annotated articles to the model, with checkpoints in `cache`."""

    def __init__(self, corpora: Path, articles: Path, cache: Path) -> None:
        self.corpora = corpora
        self.cache = cache
        cache.mkdir(parents=True, exist_ok=True)
        self.articles = read_gold(articles)

    def vectors(self) -> Path:
        """Train the subword vectors."""
        table = self.cache / "vectors.floret"
        if not table.exists():
            corpus = self.cache / "vectors.txt"
            write_corpus(self._speeches(), [article.text for article in self.articles], corpus)
            train_vectors(corpus, table)
        return table

    def tagger(self) -> Language:
        """Train the tagger on what HanTa says of raw text."""

        def train(nlp: Language) -> None:
            add_tagger(nlp)
            fit(nlp, syntax_examples(self._silver(nlp)), epochs=4, report=_report, batch_words=2_000)

        return self._checkpoint("tagger", train)

    def syntax(self) -> Language:
        """Train morphology and parser on the treebank, with the tagger's tags as a feature."""

        def train(nlp: Language) -> None:
            add_syntax(nlp)
            fit(nlp, syntax_examples(self._treebank(nlp), self.tagger()), epochs=25, report=_report, batch_words=300)

        return self._checkpoint("syntax", train)

    def assemble(self, target: Path) -> Language:
        """Write the whole pipeline to `target`, which it replaces."""
        nlp = join([self.tagger(), self.syntax()])
        write_model(nlp, target, VERSION)
        return nlp

    def figures(self, nlp: Language) -> dict[str, object]:
        """Measure the assembled pipeline; the figures are kept among the checkpoints."""
        file = self.cache / "figures.json"
        if not file.exists():
            treebank = self.corpora / "ud-german-pud" / "de_pud-ud-test.conllu"
            measured: dict[str, object] = {
                "syntax": score_syntax(nlp, list(read_treebank(treebank, nlp))),
                "words_per_second": measure_speed(nlp, [article.text for article in self.articles]),
            }
            file.write_text(json.dumps(measured, indent=2), encoding="utf-8")
        figures: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        return figures

    def facts(self) -> dict[str, int]:
        """Return the sizes that the model card names."""
        words = sum(len(doc) for doc in self._silver(blank_pipeline()))
        return {
            "dim": vectors.DIM,
            "buckets": vectors.BUCKETS,
            "silver": round(words, -4),
        }

    def _silver(self, nlp: Language) -> list[Doc]:
        file = self.cache / "silver.spacy"
        if not file.exists():
            texts = [article.text for article in self.articles]
            sentences = DocBin(attrs=["TAG"])
            for doc in tag_silver(nlp, read_paragraphs(self._speeches(), texts, SILVER_EVERY)):
                sentences.add(doc)
            sentences.to_disk(file)
        return list(DocBin().from_disk(file).get_docs(nlp.vocab))

    def _treebank(self, nlp: Language) -> list[Doc]:
        folder = self.corpora / "ud-german-gsd"
        return [doc for part in ("dev", "test") for doc in read_treebank(folder / f"de_gsd-ud-{part}.conllu", nlp)]

    def _speeches(self) -> Path:
        return self.corpora / "bundestag" / "reden-60mb.txt.xz"

    def _checkpoint(self, name: str, train: Callable[[Language], None]) -> Language:
        folder = self.cache / name
        if not folder.exists():
            LOG.info("training %s", name)
            nlp = blank_pipeline()
            set_vectors(nlp, self.vectors())
            train(nlp)
            nlp.to_disk(folder)
        return spacy.load(folder)


def _report(epoch: int, losses: dict[str, float]) -> None:
    LOG.info("epoch %d: %s", epoch, ", ".join(f"{name} {loss:.0f}" for name, loss in sorted(losses.items())))
