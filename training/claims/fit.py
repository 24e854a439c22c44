"""Examples and fitting of the linear models of the claim stages."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kg import details, roles, selection, standing, triggers
from kg.claims import SOURCE_ROLE, ClaimModels, draft_claims
from kg.frames import load_frames
from kg.maxent import LinearModel
from kg.model import STATUSES
from kg.roles import Happening
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


def role_examples(article: GoldArticle) -> Examples:
    """One example for each pair of an event and an entity."""
    reading, out = article.reading, Examples(ROLE_LABELS)
    frames = load_frames()
    for event in article.events:
        frame = frames[event.type]
        happening = Happening(event.type, event.anchor)
        shared = roles.shared_features(reading, happening)
        for number, what in enumerate(reading.entities):
            targets = []
            for label in ROLE_LABELS:
                role = frame.roles.get(label)
                asked = label == SOURCE_ROLE or (role is not None and what.entity.type in role.fillers)
                targets.append(int(number in event.fillers.get(label, ())) if asked else -1)
            out.add(roles.features(reading, happening, number, shared), targets)
    return out


def status_examples(article: GoldArticle) -> Examples:
    """One example for each event."""
    out = Examples(STATUSES)
    for event in article.events:
        features = standing.features(article.reading, Happening(event.type, event.anchor))
        out.add(features, [int(event.status == status) for status in STATUSES])
    return out


def figure_examples(article: GoldArticle) -> Examples:
    """One example for each event and figure of its sentence."""
    out = Examples(("figure",))
    for event in article.events:
        if event.type in details.COUNTED:
            for figure, features in details.figures_near(article.reading, Happening(event.type, event.anchor)):
                out.add(features, [int(event.figure == (figure.min, figure.max))])
    return out


def time_examples(article: GoldArticle) -> Examples:
    """One example for each event and date near it."""
    out = Examples(("time",))
    for event in article.events:
        wanted = (_day(event.time[0], last=False), _day(event.time[1], last=True)) if event.time else None
        for time, features in details.times_near(article.reading, Happening(event.type, event.anchor)):
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
        if wanted.sum() == 0:
            continue
        model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
        model.fit(matrix[asked], wanted)
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    rows = {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()}
    return LinearModel(labels, rows, weights, bias)


def _as_is(features: list[str]) -> list[str]:
    return features


STRENGTHS = {"triggers": 0.5, "roles": 0.2, "status": 0.3, "figures": 0.5, "times": 0.5, "selection": 0.1}
"""1/L2 by model, chosen by cross-validation to one digit."""

MAKERS = {
    "triggers": trigger_examples,
    "roles": role_examples,
    "status": status_examples,
    "figures": figure_examples,
    "times": time_examples,
}


class Trainer:
    """Keeps the examples of every article, so that each fold only fits."""

    def __init__(self, articles: Sequence[GoldArticle]) -> None:
        self.articles = articles
        self.examples = {name: [make(article) for article in articles] for name, make in MAKERS.items()}

    def train(self, chosen: Sequence[int], thresholds: dict[str, float]) -> ClaimModels:
        """Fit all models on the articles with the numbers `chosen`."""
        fitted = {
            name: fit([batches[k] for k in chosen], STRENGTHS[name]) for name, batches in self.examples.items()
        }
        return ClaimModels(**fitted, selection=None, thresholds=thresholds)


def folds(count: int, parts: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (training numbers, held-out numbers) for `parts` folds over `count` articles."""
    for part in range(parts):
        held = [k for k in range(count) if k % parts == part]
        yield [k for k in range(count) if k % parts != part], held
