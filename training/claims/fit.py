"""Examples and fitting of the linear models of the claim stages."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kg import details, selection, standing, triggers
from kg.casting import SOURCE_ROLE, is_allowed, judge, pair_features
from kg.claims import LINEAR_MODELS, TREES, ClaimModels, choose_status, draft_claims
from kg.frames import load_frames
from kg.happenings import find_happenings, judge_words
from kg.maxent import LinearModel
from kg.model import STATUSES
from kg.realisations import Happening
from kg.second_look import SecondLook, column_names
from kg.source_cases import COLUMNS as SOURCE_COLUMNS
from kg.trees import Matrix, Trees
from training.claims.boost import fit_trees
from training.claims.forked import spread
from training.claims.gold import GoldArticle, GoldEvent, match
from training.claims.sources import SourceCases, find_cases, source_rows

TYPES = tuple(load_frames())
ROLE_LABELS = tuple(sorted({role for frame in load_frames().values() for role in frame.roles} | {SOURCE_ROLE}))
_UNSEEN = 3
"""Of so many words one is shown without itself."""
_SEEN = 3
"""Examples that a feature has to stand in; with two, the weights of 1,615 articles would not fit in their room."""
_OF_WORD = ("w=", "l=", "head=", "suf", "pre")
"""Features of the word itself."""


@dataclass
class Examples:
    """Feature lists with, for each label, whether it holds (1), does not (0) or is not asked (-1)."""

    labels: tuple[str, ...]
    features: list[list[str]] = field(default_factory=list)
    targets: list[list[int]] = field(default_factory=list)

    def add(self, features: list[str], targets: list[int]) -> None:
        """Add one example; `targets` has a value for each label."""
        self.features.append([sys.intern(feature) for feature in features])
        self.targets.append(targets)


def trigger_examples(article: GoldArticle) -> Examples:
    """One example for each candidate token; further words of a trigger are left out.

    Every third stands there once more without its word, so that what is around it is learnt for words never seen.
    """
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
        features = [*triggers.features(reading, i, shared[number]), *shared[number]]
        targets = [int(t in found) for t in TYPES]
        out.add(features, targets)
        if i % _UNSEEN == 0:
            out.add([feature for feature in features if not feature.startswith(_OF_WORD)], targets)
    return out


def role_examples(article: GoldArticle) -> Examples:
    """One example for each pair of an event and a candidate."""
    out = Examples(ROLE_LABELS)
    for event in article.events:
        for number, features in pair_features(article.reading, event.happening).items():
            kind = article.reading.entities[number].entity.type
            allowed = [is_allowed(event.type, label, kind) for label in ROLE_LABELS]
            played = [
                plays(article, event, number, label) if may else -1
                for label, may in zip(ROLE_LABELS, allowed, strict=True)
            ]
            out.add(list(features), played)
    return out


def plays(article: GoldArticle, event: GoldEvent, number: int, label: str) -> int:
    """Tell whether an entity plays a part: 1, 0, or -1 for a state whose body does, and the other way round."""
    fillers = event.fillers.get(label, frozenset())
    if number in fillers or label == SOURCE_ROLE:
        return int(number in fillers)
    return -1 if not fillers.isdisjoint(article.reading.kin.get(number, ())) else 0


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
        wanted = event.interval
        for time, features in details.times_near(article.reading, event.happening):
            out.add(features, [int(wanted == (time.begin, time.end))])
    return out


@dataclass(frozen=True, slots=True)
class Cases:
    """Rows for the trees, each with whether it holds."""

    matrix: Matrix
    targets: NDArray[np.int8]


def second_cases(article: GoldArticle, models: ClaimModels) -> tuple[Cases, Cases]:
    """Return the cases of the second looks at roles and dates, as models that did not see the article come to them."""
    reading = article.reading
    happenings = find_happenings(reading, judge_words(reading, models.triggers), models.thresholds["trigger"])
    pairs = [pair_features(reading, happening) for happening in happenings]
    chances = [
        judge(found, reading, happening, models.roles) for found, happening in zip(pairs, happenings, strict=True)
    ]
    look = SecondLook(reading, happenings, pairs, chances, models.roles.labels)
    parts, dates = [], []
    for position, event in sorted(match(article, happenings).items()):
        numbers, columns, matrix = look.cases(position)
        labels = models.roles.labels
        held = np.array(
            [plays(article, event, number, labels[column]) for number, column in zip(numbers, columns, strict=True)],
            dtype=np.int8,
        )
        parts.append(Cases(matrix[held >= 0], held[held >= 0]))
        dates.append(_date_cases(article, happenings, position, event, models))
    return _join(parts, len(column_names(models.roles.labels))), _join(dates, len(details.DATE_COLUMNS))


def _date_cases(
    article: GoldArticle, happenings: Sequence[Happening], position: int, event: GoldEvent, models: ClaimModels
) -> Cases:
    reading = article.reading
    near = list(details.times_near(reading, happenings[position]))
    if not near:
        return Cases(np.zeros((0, len(details.DATE_COLUMNS)), dtype=np.float32), np.zeros(0, dtype=np.int8))
    first = details.judge(reading, happenings[position], "time", near, models.times).tolist()
    status, _ = choose_status(reading, happenings[position], models)
    dates = [time for time, _ in near]
    matrix = details.date_cases(reading, happenings, position, dates=dates, chances=first, status=status)
    wanted = event.interval
    return Cases(matrix, np.array([wanted == (time.begin, time.end) for time in dates], dtype=np.int8))


def selection_cases(article: GoldArticle, models: ClaimModels) -> Cases:
    """One case for each draft of models that did not see the article: does an annotated event stand behind it?"""
    chances = judge_words(article.reading, models.triggers)
    drafts = draft_claims(article.reading, chances, models)
    right = match(article, [draft.happening for draft in drafts])
    targets = np.array([k in right for k in range(len(drafts))], dtype=np.int8)
    return Cases(selection.cases(article.reading, drafts, chances), targets)


def voice_examples(cases: SourceCases) -> Examples:
    """One example for each annotated event and candidate source."""
    out = Examples(("source",))
    for features, target in cases.words():
        out.add(features, [target])
    return out


def _join(cases: Sequence[Cases], columns: int) -> Cases:
    if not cases:
        return Cases(np.zeros((0, columns), dtype=np.float32), np.zeros(0, dtype=np.int8))
    return Cases(np.concatenate([c.matrix for c in cases]), np.concatenate([c.targets for c in cases]))


def fit(batches: Sequence[Examples], strength: float) -> LinearModel:
    """Fit one logistic regression for each label over features seen often enough; `strength` is 1/L2.

    A feature counts as often as it stands in the list, as it does when the model is used.
    """
    labels = batches[0].labels
    features = [x for batch in batches for x in batch.features]
    targets = np.array([y for batch in batches for y in batch.targets], dtype=np.int8)
    vectorizer = CountVectorizer(analyzer=_as_is, min_df=_SEEN, dtype=np.float32)
    matrix = vectorizer.fit_transform(features).tocsr()
    weights = np.zeros((matrix.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), -20, dtype=np.float32)
    for column in range(len(labels)):
        asked = targets[:, column] >= 0
        wanted = targets[asked, column]
        if wanted.all() or not wanted.any():
            bias[column] = 20 if len(wanted) and wanted.all() else -20
            continue
        # By coordinates of the dual: the same loss on articles not seen, in a twentieth of the time.
        model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=1e-2, random_state=0)
        model.fit(matrix[asked], wanted)
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    rows = {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()}
    return LinearModel(labels, rows, weights, bias)


def _as_is(features: list[str]) -> list[str]:
    return features


STRENGTHS = {"triggers": 0.5, "roles": 0.1, "status": 0.5, "figures": 0.5, "times": 0.2, "voices": 0.3}
"""1/L2 by model, chosen by cross-validation to one digit."""

MAKERS = {
    "triggers": trigger_examples,
    "roles": role_examples,
    "status": status_examples,
    "figures": figure_examples,
    "times": time_examples,
}
PARTS = 5
"""Folds of the cross-validation, by article."""
COLUMNS = {
    "casting": column_names(ROLE_LABELS),
    "dating": details.DATE_COLUMNS,
    "sources": SOURCE_COLUMNS,
    "selection": selection.COLUMNS,
}
FORESTS = {"sources": 2, "selection": 3}
"""Forests whose mean counts, where it is not one: the last word should not hang on a seed, and sources are few."""


_Made = TypeVar("_Made")
Maker = Callable[[str, Sequence[int]], LinearModel | Trees]
"""Fits the model of a name on the articles of some numbers."""


class Trainer:
    """Makes the examples of every article once, so that each fold only fits.

    The trees learn from what the linear models say of articles that they did not see, the models of sources from the
    parts as well, and `selection` from drafts of all of them.
    """

    def __init__(self, articles: Sequence[GoldArticle], thresholds: Mapping[str, float], jobs: int = 1) -> None:
        """Make the examples of the models that come first; `jobs` processes work at what comes later."""
        self.articles = articles
        self.thresholds = thresholds
        self.jobs = jobs
        self.examples = {name: [make(article) for article in articles] for name, make in MAKERS.items()}
        self.cases: dict[str, list[Cases]] = {}

    def fit(self, name: str, chosen: Sequence[int]) -> LinearModel:
        """Fit the linear model `name` on the articles with the numbers `chosen`."""
        return fit([self.examples[name][k] for k in chosen], STRENGTHS[name])

    def grow(self, name: str, chosen: Sequence[int]) -> Trees:
        """Fit the trees `name` on the articles with the numbers `chosen`."""
        cases = _join([self.cases[name][k] for k in chosen], len(COLUMNS[name]))
        return fit_trees(cases.matrix, cases.targets, COLUMNS[name], FORESTS.get(name, 1))

    def cross_train(self) -> list[ClaimModels]:
        """Return for each article models that did not see it."""
        crossed = self._cross(dict.fromkeys(MAKERS, self.fit), None)
        seconds = self._of_articles(second_cases, crossed)
        self.cases["casting"], self.cases["dating"] = [one for one, _ in seconds], [other for _, other in seconds]
        crossed = self._cross_sources(self._cross({"casting": self.grow, "dating": self.grow}, crossed))
        self.cases["selection"] = self._of_articles(selection_cases, crossed)
        return self._cross({"selection": self.grow}, crossed)

    def _cross_sources(self, models: list[ClaimModels]) -> list[ClaimModels]:
        """Return the models with those of sources put in, fitted without their fold."""
        self.examples["voices"] = self._of_articles(lambda *pair: voice_examples(find_cases(*pair)), models)
        heard = self._cross({"voices": self.fit}, models)
        rows = spread(
            lambda k: source_rows(find_cases(self.articles[k], models[k]), heard[k].voices), len(models), self.jobs
        )
        self.cases["sources"] = [Cases(*row) for row in rows]
        return self._cross({"sources": self.grow}, heard)

    def _of_articles(
        self, make: Callable[[GoldArticle, ClaimModels], _Made], models: Sequence[ClaimModels]
    ) -> list[_Made]:
        """Return what is made of each article with its models."""
        return spread(lambda k: make(self.articles[k], models[k]), len(models), self.jobs)

    def _cross(self, makers: Mapping[str, Maker], models: list[ClaimModels] | None) -> list[ClaimModels]:
        """Return the models of each article with those of `makers` put in, fitted without its fold."""
        parts = list(folds(len(self.articles), PARTS))
        fits = self._fit_all([(name, make, seen) for seen, _ in parts for name, make in makers.items()])
        found: dict[int, ClaimModels] = {}
        for number, (_, held) in enumerate(parts):
            fitted: dict[str, Any] = dict(zip(makers, fits[number * len(makers) :], strict=False))
            if models is None:
                found.update(dict.fromkeys(held, ClaimModels(**fitted, **UNTRAINED, thresholds=self.thresholds)))
            else:
                found.update({k: replace(models[k], **fitted) for k in held})
        return [found[k] for k in range(len(self.articles))]

    def _fit_all(self, tasks: Sequence[tuple[str, Maker, Sequence[int]]]) -> list[LinearModel | Trees]:
        """Fit models of some names, each on the articles of some numbers."""
        return spread(lambda k: tasks[k][1](tasks[k][0], tasks[k][2]), len(tasks), self.jobs, chunk=1)

    def train(self) -> ClaimModels:
        """Fit all models on all articles; `cross_train` comes first."""
        makers: dict[str, Maker] = dict.fromkeys(LINEAR_MODELS, self.fit) | dict.fromkeys(TREES, self.grow)
        everything = range(len(self.articles))
        fits = self._fit_all([(name, make, everything) for name, make in makers.items()])
        fitted: dict[str, Any] = dict(zip(makers, fits, strict=True))
        return ClaimModels(**fitted, thresholds=self.thresholds)


UNTRAINED: dict[str, Any] = {
    "voices": LinearModel(("source",), {}, np.zeros((0, 1), dtype=np.float32), np.full(1, -20, dtype=np.float32)),
    **{name: Trees.of(COLUMNS[name], 0.0, []) for name in TREES},
}


def folds(count: int, parts: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (training numbers, held-out numbers) for `parts` folds over `count` articles."""
    for part in range(parts):
        held = [k for k in range(count) if k % parts == part]
        yield [k for k in range(count) if k % parts != part], held
