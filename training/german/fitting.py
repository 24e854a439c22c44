"""One training loop for all components: batches by length, warm-up and linear decay, averaged weights, fixed seeds."""

import random
from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam, Optimizer, warmup_linear

SEED = 17
DROPOUT = 0.2
LEARN_RATE = 0.001


def fit(
    nlp: Language,
    examples: list[Example],
    epochs: int,
    report: Callable[[int, dict[str, float]], None],
    augment: Callable[[list[Example], random.Random], Iterable[Example]] | None = None,
    batch_words: int = 1_200,
) -> None:
    """Train the components of `nlp` from scratch on `examples`; the averaged weights are left in it.

    `augment` makes an epoch's examples from the originals; `report` gets the losses after each epoch.
    """
    fix_random_seed(SEED)
    rng = random.Random(SEED)  # noqa: S311  # order of examples, no secret
    nlp.initialize(lambda: examples)
    words = sum(len(example.reference) for example in examples)
    steps = epochs * max(1, words // batch_words)
    rates = warmup_linear(LEARN_RATE, min(200, steps // 10), steps)
    optimizer = Adam(learn_rate=rates, L2=0.01, grad_clip=1.0, use_averages=True)  # type: ignore[arg-type]  # generator
    for epoch in range(epochs):
        batch_of = list(augment(examples, rng) if augment else examples)
        rng.shuffle(batch_of)
        losses: dict[str, float] = {}
        for batch in by_words(batch_of, batch_words):
            nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
            optimizer.step_schedules()
        report(epoch, losses)
    _keep_averages(nlp, optimizer)


def _keep_averages(nlp: Language, optimizer: Optimizer) -> None:
    for _, component in nlp.pipeline:
        for node in component.model.walk():  # type: ignore[attr-defined]  # only trainable pipes are in here
            for name in node.param_names:
                if (node.id, name) in optimizer.averages:
                    node.set_param(name, optimizer.averages[node.id, name])


def by_words(examples: Iterable[Example], words: int) -> Iterable[list[Example]]:
    """Cut a stream of examples into batches of about as many words."""
    batch: list[Example] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example.reference)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
