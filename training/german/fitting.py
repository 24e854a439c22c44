"""One training loop for all components: batches by length, warm-up and linear decay, averaged weights, fixed seeds."""

import random
from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.training import Example
from thinc.api import Adam, Optimizer, fix_random_seed, warmup_linear

SEED = 17
DROPOUT = 0.2
LEARN_RATE = 0.001


def fit(
    nlp: Language,
    examples: list[Example],
    epochs: int,
    report: Callable[[int, dict[str, float]], None],
    batch_words: int,
) -> None:
    """Train the components of `nlp` from scratch on `examples`; the averaged weights are left in it.

    A batch has about `batch_words` words; `report` gets the losses after each epoch.
    """
    fix_random_seed(SEED)
    rng = random.Random(SEED)  # noqa: S311  # order of examples, no secret
    nlp.initialize(lambda: examples)
    words = sum(len(example.reference) for example in examples)
    steps = epochs * max(1, words // batch_words)
    rates = warmup_linear(LEARN_RATE, min(200, steps // 10), steps)
    optimizer = Adam(learn_rate=rates, L2=0.01, grad_clip=1.0, use_averages=True)  # type: ignore[arg-type]  # generator
    order = list(examples)
    for epoch in range(epochs):
        rng.shuffle(order)
        losses: dict[str, float] = {}
        for batch in by_words(order, batch_words):
            nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
            optimizer.step_schedules()
        report(epoch, losses)
    _keep_averages(nlp, optimizer)


def _keep_averages(nlp: Language, optimizer: Optimizer) -> None:
    averages = optimizer.averages or {}
    for _, component in nlp.pipeline:
        for node in component.model.walk():  # type: ignore[attr-defined]  # only trainable pipes are in here
            for name in node.param_names:
                if (node.id, name) in averages:
                    node.set_param(name, averages[node.id, name])


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
