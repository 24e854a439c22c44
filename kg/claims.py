"""Trigger, roles, figures, dates, standing and sources put together: what the article claims."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from kg import details, roles, selection, standing, triggers
from kg.attribution import Source, find_sources
from kg.errors import DataError
from kg.frames import Frame, load_frames
from kg.maxent import LinearModel
from kg.merging import merge_claims
from kg.model import Claim, Figure, Reason, Span, Status, TimeExpression
from kg.reading import Reading
from kg.roles import Happening
from kg.selection import Draft

MODEL_FOLDER = Path(__file__).parent / "data" / "claims"
SOURCE_ROLE = "attributedTo"
"""The label under which the role model finds named sources."""


@dataclass(frozen=True, slots=True)
class ClaimModels:
    """The linear models of the claim stages, and the probabilities from which on they are believed."""

    triggers: LinearModel
    roles: LinearModel
    status: LinearModel
    figures: LinearModel
    times: LinearModel
    selection: LinearModel | None
    thresholds: Mapping[str, float]
    """`trigger:<type>`, `role:<property>`, `figure`, `time` to a probability."""


@cache
def load_models(folder: Path = MODEL_FOLDER) -> ClaimModels:
    """Load the models that `training/claims` wrote.

    Raises:
        DataError: a model is missing or broken.
    """
    try:
        thresholds = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{folder / 'thresholds.json'}: {error}.", "Install Lagebild again, or train it.") from error
    names = ("triggers", "roles", "status", "figures", "times", "selection")
    return ClaimModels(*(LinearModel.load(folder / f"{name}.tsv.gz") for name in names), thresholds)


def find_claims(reading: Reading, models: ClaimModels) -> tuple[Claim, ...]:
    """Find the claims of an article, in text order of their triggers."""
    drafts = draft_claims(reading, models)
    if models.selection is None:
        return merge_claims([draft.claim for draft in drafts], reading)
    limit = models.thresholds["selection"]
    kept = []
    for position, draft in enumerate(drafts):
        chance = float(models.selection.probabilities(selection.features(reading, drafts, position))[0])
        if chance >= limit:
            kept.append(replace(draft.claim, confidence=round(chance, 2)))
    return merge_claims(kept, reading)


def draft_claims(reading: Reading, models: ClaimModels) -> list[Draft]:
    """Build a draft for each happening, in text order."""
    sources = find_sources(reading)
    drafts = []
    for happening in find_happenings(reading, models):
        claim = build_claim(reading, happening, models, sources)
        if claim is not None:
            drafts.append(Draft(claim, happening))
    return drafts


def find_happenings(reading: Reading, models: ClaimModels) -> list[Happening]:
    """Find the triggers of the article in text order, each with its type and probability."""
    shared: dict[int, list[str]] = {}
    found = []
    limits = np.array([models.thresholds[f"trigger:{label}"] for label in models.triggers.labels])
    for i in triggers.candidates(reading):
        number = reading.sentence_of[i]
        if number not in shared:
            shared[number] = triggers.sentence_features(reading, number)
        chances = models.triggers.probabilities(triggers.features(reading, i, shared[number]))
        for column in np.flatnonzero(chances >= limits):
            found.append(Happening(models.triggers.labels[column], i, float(chances[column])))
    return join_triggers(reading, found)


def join_triggers(reading: Reading, found: Sequence[Happening]) -> list[Happening]:
    """Make one happening of the triggers that tell of it together: "unterzeichneten … ein Abkommen"."""
    joined: list[Happening] = []
    for happening in found:
        before = next((h for h in reversed(joined) if h.type == happening.type), None)
        if before is not None and _same_clause(reading, before.token, happening.token):
            strong, weak = (before, happening) if before.probability >= happening.probability else (happening, before)
            more = tuple(sorted({*before.more, *happening.more, weak.token}))
            joined[joined.index(before)] = replace(strong, more=more)
        else:
            joined.append(happening)
    return sorted(joined, key=lambda h: (h.token, h.type))


def _same_clause(reading: Reading, i: int, j: int) -> bool:
    if reading.sentence_of[i] != reading.sentence_of[j]:
        return False
    between = reading.lower[min(i, j) + 1 : max(i, j)]
    return not any(word in {";", ":", "–"} for word in between) and between.count(",") < 2 and "und" not in between


def build_claim(
    reading: Reading, happening: Happening, models: ClaimModels, sources: Sequence[Source]
) -> Claim | None:
    """Fill the slots of a happening; None where nobody and nothing takes part in it."""
    frame = load_frames()[happening.type]
    fillers, named_sources, reasons = choose_fillers(reading, happening, frame, models)
    figure = choose_figure(reading, happening, models)
    if not fillers and figure is None:
        return None
    if _lacks_core(frame, fillers):
        return None
    status, why = choose_status(reading, happening, models)
    time = choose_time(reading, happening, models)
    number = reading.sentence_of[happening.token]
    begin, end = reading.sentences[number]
    doc = reading.doc
    token = doc[happening.token]
    slot = details.COUNTED.get(happening.type)
    named = {key for keys in fillers.values() for key in keys}
    return Claim(
        type=happening.type,
        status=status,
        trigger=Span(token.idx, token.idx + len(token.text)),
        evidence=_trim(reading, begin, end),
        roles=fillers,
        personnel=figure if slot == "personnel" else None,
        quantity=figure if slot == "quantity" else None,
        unit=None,
        time=time,
        attributed_to=named_sources,
        attribution_text=_unnamed_source(reading, happening, sources, bool(named_sources)),
        confidence=round(happening.probability, 2),
        reasons=(_trigger_reason(reading, happening, models), *reasons, why),
    ) if named or figure else None


def _lacks_core(frame: Frame, fillers: Mapping[str, tuple[str, ...]]) -> bool:
    """Nobody speaks in it: "No Statement or Appeal without a named speaker"; no summit in a summit."""
    needed = {"Statement": "speaker", "Appeal": "speaker", "Summit": "summit"}.get(frame.name)
    return needed is not None and needed not in fillers


def choose_fillers(
    reading: Reading, happening: Happening, frame: Frame, models: ClaimModels
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], list[Reason]]:
    """Return the roles with their entity keys, the keys of the named sources, and why."""
    shared = roles.shared_features(reading, happening)
    chances: dict[str, list[tuple[float, int]]] = {}
    seen: dict[int, list[str]] = {}
    for number, what in enumerate(reading.entities):
        found = roles.features(reading, happening, number, shared)
        seen[number] = found
        probabilities = models.roles.probabilities(found)
        for column, label in enumerate(models.roles.labels):
            role = frame.roles.get(label)
            allowed = label == SOURCE_ROLE or (role is not None and what.entity.type in role.fillers)
            if allowed and probabilities[column] >= models.thresholds[f"role:{label}"]:
                chances.setdefault(label, []).append((float(probabilities[column]), number))
    fillers: dict[str, tuple[str, ...]] = {}
    reasons = []
    for label in sorted(chances):
        role = frame.roles.get(label)
        best = sorted(chances[label], key=lambda item: (-item[0], reading.entities[item[1]].entity.key))
        kept = best[: role.max] if role is not None and role.max else best
        fillers[label] = tuple(sorted(reading.entities[number].entity.key for _, number in kept))
        for _, number in kept:
            reasons.append(_role_reason(reading, happening, label, number, seen[number], models))
    named_sources = fillers.pop(SOURCE_ROLE, ())
    return fillers, named_sources, reasons


def choose_figure(reading: Reading, happening: Happening, models: ClaimModels) -> Figure | None:
    """Return the figure that belongs to the happening, if its type carries one."""
    if happening.type not in details.COUNTED:
        return None
    scored = [
        (float(models.figures.probabilities(found)[0]), -figure.span.begin, figure)
        for figure, found in details.figures_near(reading, happening)
    ]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best is not None and best[0] >= models.thresholds["figure"] else None


def choose_time(reading: Reading, happening: Happening, models: ClaimModels) -> TimeExpression | None:
    """Return the time expression that dates the happening."""
    scored = [
        (float(models.times.probabilities(found)[0]), -time.span.begin, time)
        for time, found in details.times_near(reading, happening)
    ]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best is not None and best[0] >= models.thresholds["time"] else None


def choose_status(reading: Reading, happening: Happening, models: ClaimModels) -> tuple[Status, Reason]:
    """Return the standing of the happening and the words that decided it."""
    found = standing.features(reading, happening)
    label = models.status.labels[int(np.argmax(models.status.logits(found)))]
    words = [standing.words_of(feature) for feature, _ in models.status.evidence(found, label, 4)]
    status: Status = label  # type: ignore[assignment]  # the labels are the statuses, held by a test of the model
    return status, Reason("status", ", ".join(dict.fromkeys(w for w in words if w)), f"speaks for {label}")


def _trim(reading: Reading, begin: int, end: int) -> Span:
    """Return the span of the tokens without white space at its ends."""
    doc = reading.doc
    while end > begin and doc[end - 1].is_space:
        end -= 1
    while begin < end and doc[begin].is_space:
        begin += 1
    last = doc[max(begin, end - 1)]
    return Span(doc[begin].idx, last.idx + len(last.text))


def _unnamed_source(reading: Reading, happening: Happening, sources: Sequence[Source], named: bool) -> str | None:
    """Return the words of an unnamed source of the trigger's sentence."""
    if happening.type in {"Statement"} or named:
        return None
    number = reading.sentence_of[happening.token]
    here = next((source for source in sources if source.sentence == number), None)
    return here.span.of(reading.article.text) if here is not None else None


def _trigger_reason(reading: Reading, happening: Happening, models: ClaimModels) -> Reason:
    token = reading.doc[happening.token]
    lexicon = [strength for frame, strength in reading.lexicon.get(token.i, ()) if frame == happening.type]
    why = f"a {lexicon[0]} trigger of {happening.type}" if lexicon else f"tells of {happening.type} in this sentence"
    return Reason("trigger", token.text, f"{why} (p = {happening.probability:.2f})")


def _role_reason(
    reading: Reading, happening: Happening, label: str, number: int, found: Sequence[str], models: ClaimModels
) -> Reason:
    place = roles.choose_mention(reading, happening, number)
    words = place.mention.span.of(reading.article.text) if place is not None else reading.entities[number].entity.label
    spoke = [feature for feature, _ in models.roles.evidence(found, label, 3)]
    return Reason(label, words, "because of " + ", ".join(spoke))
