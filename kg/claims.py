"""Triggers, roles, figures, dates, standing and sources put together: what the article claims."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from kg import details, reasons, selection, standing
from kg.agents import heed_grammar
from kg.attribution import Sources, find_sources
from kg.casting import SOURCE_ROLE, cast, drop_kin, settle_kin, settle_opposites
from kg.clauses import are_listed
from kg.denials import find_verdict
from kg.errors import DataError
from kg.frames import load_frames
from kg.happenings import TriggerChances, find_happenings, judge_words
from kg.interviews import find_addressed
from kg.items import find_items, find_unit
from kg.maxent import LinearModel
from kg.merging import merge_claims
from kg.model import STATUSES, Claim, Figure, Reason, Span, Status, TimeExpression
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import Chances
from kg.selection import Draft
from kg.shares import split_by_figures
from kg.sides import find_sides
from kg.trees import Trees

MODEL_FOLDER = Path(__file__).parent / "data" / "claims"
LINEAR_MODELS = ("triggers", "roles", "status", "figures", "times", "voices")
TREES = ("casting", "dating", "sources", "selection")

_NEEDED = {"Statement": "speaker", "Appeal": "speaker", "Summit": "summit"}
"""Roles without which there is no claim: "No Statement or Appeal without a named speaker"."""
_NEAR_BEST = 0.5
"""A second filler of a role has to be at least this likely, measured by the likeliest."""


_FAR_FETCHED = 0.1
"""By how much likelier a date has to be that stands outside the clause in which somebody speaks."""
_ACTORS = frozenset({"sender", "speaker", "attacker"})
"""Roles that several play only together, and who acts together is named in one breath."""

_SPEAKING = frozenset({"speaker", "addressee"})
"""Roles of no medium: what it reports is attributed to it, and who gives it an interview does not address it."""
_YIELDING = (("beneficiary", "against"), ("beneficiary", "destination"), ("target", "place"))
"""Of two parts of one entity the first is the less plain: where a force goes is not yet whom it is for."""


@dataclass(frozen=True, slots=True)
class ClaimModels:
    """What the claim stages learned, and the probabilities from which on it is believed."""

    triggers: LinearModel
    roles: LinearModel
    status: LinearModel
    figures: LinearModel
    times: LinearModel
    voices: LinearModel
    """The words that bring a source in; see `attribution`."""
    casting: Trees
    """Roles again, beside the first look at the whole article; see `second_look`."""
    dating: Trees
    """Dates again, beside each other; see `details`."""
    sources: Trees
    selection: Trees
    thresholds: Mapping[str, float]
    """`trigger`, `role:<property>`, `figure`, `time`, `source` and `selection` to a probability."""


@cache
def load_models(folder: Path = MODEL_FOLDER) -> ClaimModels:
    """Load the models that `training/claims` wrote.

    Raises:
        DataError: a model is missing or broken.
    """
    path = folder / "thresholds.json"
    try:
        thresholds = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}.", "Install Lagebild again, or train it.") from error
    triggers, roles, status, figures, times, voices = (
        LinearModel.load(folder / f"{name}.npz") for name in LINEAR_MODELS
    )
    casting, dating, sources, selected = (Trees.load(folder / f"{name}.npz") for name in TREES)
    return ClaimModels(triggers, roles, status, figures, times, voices, casting, dating, sources, selected, thresholds)


def find_claims(reading: Reading, models: ClaimModels) -> tuple[Claim, ...]:
    """Find the claims of an article, in text order of their triggers."""
    chances = judge_words(reading, models.triggers)
    drafts = draft_claims(reading, chances, models)
    kept = []
    believed = models.selection.probabilities(selection.cases(reading, drafts, chances))
    for draft, chance in zip(drafts, believed.tolist(), strict=True):
        if chance >= models.thresholds["selection"]:
            why = reasons.of_roles(reading, draft.happening, draft.claim, draft.pairs, models.roles)
            own = (*draft.claim.reasons, *why)
            claim = replace(draft.claim, confidence=round(chance, 2), reasons=own)
            kept += split_by_figures(reading, draft.happening.token, claim)
    states = {item.entity.key: item.entity.country for item in reading.entities if item.entity.country}
    told = merge_claims(kept, reading.headline, states)
    return tuple(replace(claim, roles=drop_doubles(claim.roles)) for claim in told)


def draft_claims(reading: Reading, chances: TriggerChances, models: ClaimModels) -> list[Draft]:
    """Build a draft for each happening in which somebody or something takes part, in text order."""
    happenings = find_happenings(reading, chances, models.thresholds["trigger"])
    cast_of = cast(reading, happenings, models.roles, models.casting)
    standings = [choose_status(reading, happening, models) for happening in happenings]
    statuses = [status for status, _ in standings]
    sources = find_sources(
        reading,
        happenings,
        [parts for _, parts in cast_of],
        models.roles.labels,
        statuses,
        voices=models.voices,
        trees=models.sources,
        limit=models.thresholds["source"],
    )
    times = choose_times(reading, happenings, statuses, models)
    drafts = []
    for position, (happening, (pairs, parts)) in enumerate(zip(happenings, cast_of, strict=True)):
        claim = build_claim(
            reading,
            happening,
            fillers=choose_fillers(reading, happening, parts, models),
            figure=choose_figure(reading, happening, models),
            verdict=standings[position],
            time=times[position],
            sources=sources[position],
        )
        if claim is not None:
            drafts.append(Draft(claim, happening, pairs))
    return drafts


def choose_fillers(
    reading: Reading, happening: Happening, chances: Chances, models: ClaimModels
) -> dict[str, tuple[str, ...]]:
    """Return each role with the keys of its entities, sorted; `SOURCE_ROLE` is for `attribution` to decide."""
    frame = load_frames()[happening.type]
    if happening.type == "Attack":
        chances = heed_grammar(reading, happening, chances, models.roles.labels)
    chances = settle_kin(reading, settle_opposites(chances, models.roles.labels), models.roles.labels)
    addressed = find_addressed(reading, happening.token)
    fillers = {}
    for column in np.flatnonzero(chances.any(axis=0)):
        label, scores = models.roles.labels[column], chances[:, column]
        if label == SOURCE_ROLE:
            continue
        limit = max(models.thresholds[f"role:{label}"], _NEAR_BEST * float(scores.max()))
        role = frame.roles.get(label)
        most = role.max if role is not None and role.max else len(scores)
        ranked = sorted(np.flatnonzero(scores >= limit).tolist(), key=lambda number: (-scores[number], number))
        ranked = [number for number in ranked if number not in addressed]
        if label in _SPEAKING:
            ranked = [number for number in ranked if not reading.entities[number].entity.medium]
        best = drop_kin(reading, ranked)[:most]
        if label in _ACTORS:
            best = [number for number in best if number == best[0] or are_listed(reading, best[0], number)]
        if best:
            fillers[label] = tuple(sorted(reading.entities[number].entity.key for number in best))
    if happening.type == "Deployment":
        fillers.update(_sides(reading, happening, fillers))
    return fillers


def drop_doubles(fillers: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Leave whoever plays two parts of a pair the one that is plain from the words."""
    kept = dict(fillers)
    for lesser, plainer in _YIELDING:
        kept[lesser] = tuple(key for key in kept.get(lesser, ()) if key not in kept.get(plainer, ()))
    return {role: keys for role, keys in kept.items() if keys}


def _sides(
    reading: Reading, happening: Happening, fillers: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    helped, fought = find_sides(reading, reading.sentence_of[happening.token])
    senders = fillers.get("sender", ())
    sides = {"beneficiary": helped, "against": fought}
    kept = {role: tuple(key for key in keys if key not in senders) for role, keys in sides.items()}
    return {role: keys for role, keys in kept.items() if keys}


def build_claim(
    reading: Reading,
    happening: Happening,
    *,
    fillers: Mapping[str, tuple[str, ...]],
    figure: Figure | None,
    verdict: tuple[Status, Reason],
    time: TimeExpression | None,
    sources: Sources,
) -> Claim | None:
    """Put the slots of one happening together; None where nobody takes part in it or its core is missing."""
    roles = dict(sorted(fillers.items()))
    if not (roles or figure) or _NEEDED.get(happening.type, "") not in {"", *roles}:
        return None
    if happening.type == "Statement" and standing.is_unsaid(reading, happening.token):
        return None
    status, why_status = verdict
    slot = details.COUNTED.get(happening.type)
    token = reading.doc[happening.token]
    return Claim(
        type=happening.type,
        status=status,
        trigger=Span(token.idx, token.idx + len(token.text)),
        evidence=trim(reading, reading.sentence_of[happening.token]),
        roles=roles,
        personnel=figure if slot == "personnel" else None,
        quantity=figure if slot == "quantity" else None,
        unit=find_unit(reading, happening, figure),
        items=find_items(reading, happening),
        time=time,
        attributed_to=sources.named,
        attribution_text=sources.words,
        relayed_by=_relays(reading, sources.named, sources.words),
        confidence=round(happening.probability, 2),
        reasons=(reasons.of_trigger(reading, happening), why_status, *sources.reasons),
    )


def choose_figure(reading: Reading, happening: Happening, models: ClaimModels) -> Figure | None:
    """Return the figure that belongs to the happening, if its type carries one."""
    if happening.type not in details.COUNTED:
        return None
    near = list(details.figures_near(reading, happening))
    believed = details.judge(reading, happening, "figure", near, models.figures)
    scored = [(chance, -figure.span.begin, figure) for (figure, _), chance in zip(near, believed.tolist(), strict=True)]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best is not None and best[0] >= models.thresholds["figure"] else None


def choose_times(
    reading: Reading, happenings: Sequence[Happening], statuses: Sequence[Status], models: ClaimModels
) -> list[TimeExpression | None]:
    """Return for each happening the time expression that dates it."""
    near = [list(details.times_near(reading, happening)) for happening in happenings]
    cases = [
        details.date_cases(
            reading,
            happenings,
            position,
            dates=[time for time, _ in found],
            chances=details.judge(reading, happenings[position], "time", found, models.times).tolist(),
            status=statuses[position],
        )
        for position, found in enumerate(near)
        if found
    ]
    second = iter(models.dating.probabilities(np.concatenate(cases)).tolist() if cases else ())
    chosen: list[TimeExpression | None] = []
    for happening, found in zip(happenings, near, strict=True):
        scored = [(next(second), -time.span.begin, time) for time, _ in found]
        best = max(scored, default=None, key=lambda item: item[:2])
        limit = models.thresholds["time"]
        if best is not None and details.is_far_fetched(reading, happening, best[2]):
            limit += _FAR_FETCHED
        chosen.append(best[2] if best is not None and best[0] >= limit else None)
    return chosen


def choose_status(reading: Reading, happening: Happening, models: ClaimModels) -> tuple[Status, Reason]:
    """Return the standing of the happening and the words that decided it."""
    plain = find_verdict(reading, happening) or standing.find_fronted(reading, happening.token)
    if plain is not None:
        word, said = plain
        return said, Reason("status", reading.doc[word].text, f"speaks for {said}")
    found = standing.features(reading, happening)
    context = reading.context
    heard = context.of_standings(happening.token, happening.type) if context is not None else None
    odds = standing.weigh(reading, happening.token, models.status.logits(found), heard)
    status = STATUSES[int(np.argmax(odds))]
    words = [standing.shown_word(feature).strip() for feature, _ in models.status.evidence(found, status, 4)]
    return status, Reason("status", ", ".join(dict.fromkeys(word for word in words if word)), f"speaks for {status}")


def trim(reading: Reading, number: int) -> Span:
    """Return the span of a sentence without white space at its ends."""
    begin, end = reading.sentences[number]
    words = [token for token in reading.doc[begin:end] if not token.is_space]
    return Span(words[0].idx, words[-1].idx + len(words[-1].text)) if words else Span(0, 0)


def _relays(reading: Reading, named: Sequence[str], unnamed: str | None) -> tuple[str, ...]:
    """Return the media among the named sources, where there is another source whose words they pass on."""
    media = tuple(key for key in named if reading.entities[reading.index_of[key]].entity.medium)
    return media if unnamed is not None or len(media) < len(named) else ()
