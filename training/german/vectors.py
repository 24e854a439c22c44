"""Subword vectors (floret) from raw text: words that the annotated texts lack are known by their parts."""

import lzma
import re
from pathlib import Path
from typing import Any

import floret
import numpy as np
from spacy.language import Language
from spacy.vectors import Vectors

DIM = 64
BUCKETS = 30_000
HASHES = 2
MIN_N, MAX_N = 3, 5
EPOCHS = 4

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|\w+(?:[-'’/]\w+)*|[^\w\s]")


def write_corpus(speeches: Path, articles: list[str], target: Path) -> None:
    """Write one tokenised line a paragraph: the speeches (`.txt.xz`), then the articles, twice as they are few."""
    with target.open("w", encoding="utf-8") as out:
        with lzma.open(speeches, "rt", encoding="utf-8") as lines:
            for line in lines:
                out.write(" ".join(_TOKEN.findall(line)) + "\n")
        for _ in range(2):
            for text in articles:
                for line in filter(str.strip, text.split("\n")):
                    out.write(" ".join(_TOKEN.findall(line)) + "\n")


def train_vectors(corpus: Path, target: Path) -> None:
    """Train floret vectors on a tokenised file and write spaCy's table; one thread, so that runs are alike."""
    model = floret.train_unsupervised(
        str(corpus),
        model="cbow",
        dim=DIM,
        minn=MIN_N,
        maxn=MAX_N,
        minCount=5,
        epoch=EPOCHS,
        mode="floret",
        hashCount=HASHES,
        bucket=BUCKETS,
        thread=1,
        verbose=0,
    )
    model.save_floret_vectors(str(target))


def set_vectors(nlp: Language, table: Path) -> None:
    """Give a pipeline the vectors of a `.floret` table."""
    with table.open(encoding="utf-8") as lines:
        bucket, dim, minn, maxn, hashes, seed, bow, eow = lines.readline().split()
        data = np.asarray([[float(x) for x in line.split(" ")[1 : int(dim) + 1]] for line in lines], dtype="float32")
    settings = {"minn": int(minn), "maxn": int(maxn), "hash_count": int(hashes), "hash_seed": int(seed)}
    assert data.shape[0] == int(bucket)
    nlp.vocab.vectors = _make_table(nlp, data, settings | {"bow": bow, "eow": eow})


def share_vectors(source: Language, target: Language) -> None:
    """Give `target` the table of `source` without the words that its vocabulary has met."""
    table = source.vocab.vectors
    settings = {name: getattr(table, name) for name in ("minn", "maxn", "hash_count", "hash_seed", "bow", "eow")}
    target.vocab.vectors = _make_table(target, table.data, settings)


def _make_table(nlp: Language, data: Any, settings: dict[str, Any]) -> Any:
    return Vectors(strings=nlp.vocab.strings, data=data, mode="floret", name="lagebild", **settings)
