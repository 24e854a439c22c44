"""Examples and fitting of the linear models of the claim stages."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kg import details, selection, standing, triggers
from kg.casting import SOURCE_ROLE, Pairs, context_features, is_allowed, judge, pair_features
from kg.claims import MODEL_NAMES, ClaimModels, draft_claims
from kg.frames import load_frames
from kg.maxent import LinearModel
from kg.model import STATUSES
from training.claims.gold import GoldArticle

TYPES = tuple(load_frames())
ROLE_LABELS = tuple(sorted({role for frame in load_frames().values() for role in frame.roles} | {SOURCE_ROLE}))


@dataclass
class Examples:
    """Feature lists with, for each label, whether it holds (1), does not (0) or is not asked (-1)."""

    labels: tuple[str, ...]
    features: list[list[str]] = field(default_factory=list)
    targets: list[list[int]] = field(default_factory=list)

    def add(self, features: list[str], targets: list[int]) -> None:
        """Add one example; `targets` has a value for each label."""
        self.features.append(features)
        self.targets.append(targets)


def trigger_examples(article: GoldArticle) -> Examples:
    """One example for each candidate token; further words of a trigger are left out."""
    reading, out = article.reading, Examples(TYPES)
    types: dict[int, set[str]] = {}
    for event in article.events:
        types.setdefault(event.anchor, set()).add(event.type)
    ignored = {i for event in article.events for i in event.parts} - set(types)
    shared: dict[int, list[str]] = {}
    for i in triggers.candidates(reading):
        if i in ignored:
            continue
        number = reading.sentence_of[i]
        if number not in shared:
            shared[number] = triggers.sentence_features(reading, number)
        found = types.get(i, set())
        out.add(triggers.features(reading, i, shared[number]), [int(t in found) for t in TYPES])
    return out


def role_pairs(article: GoldArticle) -> list[Pairs]:
    """Return the features of each event with its candidates."""
    return [pair_features(article.reading, event.happening) for event in article.events]


def role_examples(article: GoldArticle, pairs: Sequence[Pairs]) -> Examples:
    """One example for each pair of an event and a candidate."""
    out = Examples(ROLE_LABELS)
    for event, found in zip(article.events, pairs, strict=True):
        for number, features in found.items():
            kind = article.reading.entities[number].entity.type
            out.add(
                features,
                [
                    int(number in event.fillers.get(label, ())) if is_allowed(event.type, label, kind) else -1
                    for label in ROLE_LABELS
                ],
            )
    return out


def context_pairs(article: GoldArticle, pairs: Sequence[Pairs], model: LinearModel) -> list[Pairs]:
    """Return the pairs once more, with what a first model that did not see the article says of all of them."""
    happenings = [event.happening for event in article.events]
    chances = [judge(found, article.reading, h, model) for found, h in zip(pairs, happenings, strict=True)]
    full = []
    for position, found in enumerate(pairs):
        context = context_features(article.reading, happenings, chances, position, labels=model.labels, numbers=found)
        full.append({number: features + context[number] for number, features in found.items()})
    return full


def status_examples(article: GoldArticle) -> Examples:
    """One example for each event."""
    out = Examples(STATUSES)
    for event in article.events:
        features = standing.features(article.reading, event.happening)
        out.add(features, [int(event.status == status) for status in STATUSES])
    return out


def figure_examples(article: GoldArticle) -> Examples:
    """One example for each event and figure of its sentence."""
    out = Examples(("figure",))
    for event in article.events:
        if event.type in details.COUNTED:
            for figure, features in details.figures_near(article.reading, event.happening):
                out.add(features, [int(event.figure == (figure.min, figure.max))])
    return out


def time_examples(article: GoldArticle) -> Examples:
    """One example for each event and date near it."""
    out = Examples(("time",))
    for event in article.events:
        wanted = (_day(event.time[0], last=False), _day(event.time[1], last=True)) if event.time else None
        for time, features in details.times_near(article.reading, event.happening):
            out.add(features, [int(wanted == (time.begin, time.end))])
    return out


def selection_examples(article: GoldArticle, models: ClaimModels) -> Examples:
    """One example for each draft of models that did not see the article: does an annotated event stand behind it?"""
    reading, out = article.reading, Examples(("claim",))
    drafts = draft_claims(reading, models)
    wanted: dict[tuple[str, int], list[int]] = {}
    for event in article.events:
        wanted.setdefault((event.type, reading.sentence_of[event.anchor]), []).append(event.anchor)
    order = sorted(range(len(drafts)), key=lambda k: (-drafts[k].happening.probability, k))
    right = set()
    for k in order:
        happening = drafts[k].happening
        free = wanted.get((happening.type, reading.sentence_of[happening.token]), [])
        if free:
            free.remove(min(free, key=lambda anchor: abs(anchor - happening.token)))
            right.add(k)
    for k in range(len(drafts)):
        out.add(selection.features(reading, drafts, k), [int(k in right)])
    return out


def _day(text: str, *, last: bool) -> date:
    """Return the first or the last day of a partial ISO date."""
    year, month, day = [int(part) for part in text.split("-")] + [0] * (2 - text.count("-"))
    month = month or (12 if last else 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def fit(batches: Sequence[Examples], strength: float) -> LinearModel:
    """Fit one logistic regression for each label over features seen at least twice; `strength` is 1/L2."""
    labels = batches[0].labels
    features = [x for batch in batches for x in batch.features]
    targets = np.array([y for batch in batches for y in batch.targets], dtype=np.int8)
    vectorizer = CountVectorizer(analyzer=_as_is, binary=True, min_df=2, dtype=np.float32)
    matrix = vectorizer.fit_transform(features).tocsr()
    weights = np.zeros((matrix.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), -20, dtype=np.float32)
    for column in range(len(labels)):
        asked = targets[:, column] >= 0
        wanted = targets[asked, column]
        if wanted.all() or not wanted.any():
            bias[column] = 20 if len(wanted) and wanted.all() else -20
            continue
        model = LogisticRegression(C=strength, solver="liblinear", tol=1e-3, random_state=0)
        model.fit(matrix[asked], wanted)
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    rows = {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()}
    return LinearModel(labels, rows, weights, bias)


def _as_is(features: list[str]) -> list[str]:
    return features


STRENGTHS = {
    "triggers": 0.5, "roles": 0.1, "context": 0.1, "status": 1.0, "figures": 0.5, "times": 0.2, "selection": 0.1,
}  # fmt: skip
"""1/L2 by model, chosen by cross-validation to one digit."""

MAKERS = {
    "triggers": trigger_examples,
    "status": status_examples,
    "figures": figure_examples,
    "times": time_examples,
}
PARTS = 5
"""Folds of the cross-validation, by article."""


class Trainer:
    """Makes the examples of every article once, so that each fold only fits.

    The later models learn from what the earlier ones say of articles that they did not see: `context` from `roles`, and
    `selection` from all of them.
    """

    def __init__(self, articles: Sequence[GoldArticle], thresholds: Mapping[str, float]) -> None:
        self.articles = articles
        self.thresholds = thresholds
        self.examples = {name: [make(article) for article in articles] for name, make in MAKERS.items()}
        pairs = [role_pairs(article) for article in articles]
        self.examples["roles"] = [role_examples(*item) for item in zip(articles, pairs, strict=True)]
        self.examples["context"] = [Examples(ROLE_LABELS)] * len(articles)
        for seen, held in folds(len(articles), PARTS):
            model = self.fit("roles", seen)
            for k in held:
                full = context_pairs(articles[k], pairs[k], model)
                self.examples["context"][k] = role_examples(articles[k], full)

    def fit(self, name: str, chosen: Sequence[int]) -> LinearModel:
        """Fit the model `name` on the articles with the numbers `chosen`."""
        return fit([self.examples[name][k] for k in chosen], STRENGTHS[name])

    def cross_train(self) -> list[ClaimModels]:
        """Return for each article models that did not see it; their selection lets everything pass."""
        models: dict[int, ClaimModels] = {}
        for seen, held in folds(len(self.articles), PARTS):
            fitted = {name: self.fit(name, seen) for name in MODEL_NAMES if name != "selection"}
            models.update(dict.fromkeys(held, ClaimModels.of({**fitted, "selection": PASS}, self.thresholds)))
        crossed = [models[k] for k in range(len(self.articles))]
        self.examples["selection"] = [
            selection_examples(article, model) for article, model in zip(self.articles, crossed, strict=True)
        ]
        selectors = {k: self.fit("selection", seen) for seen, held in folds(len(crossed), PARTS) for k in held}
        return [replace(model, selection=selectors[k]) for k, model in enumerate(crossed)]

    def train(self) -> ClaimModels:
        """Fit all models on all articles; `cross_train` comes first."""
        everything = range(len(self.articles))
        return ClaimModels.of({name: self.fit(name, everything) for name in MODEL_NAMES}, self.thresholds)


PASS = LinearModel(("claim",), {}, np.zeros((0, 1), dtype=np.float32), np.full(1, 20, dtype=np.float32))
"""A selection that drops nothing."""


def folds(count: int, parts: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (training numbers, held-out numbers) for `parts` folds over `count` articles."""
    for part in range(parts):
        held = [k for k in range(count) if k % parts == part]
        yield [k for k in range(count) if k % parts != part], held
