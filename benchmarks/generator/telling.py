"""Sentences that tell of a happening, with the claim that each makes; articles are written a piece at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.generator import world
from kg.model import (
    Claim,
    Entity,
    EntityInArticle,
    Figure,
    Mention,
    Position,
    Qualifier,
    Reason,
    Span,
    Status,
    TimeExpression,
)

_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_AUXILIARIES: Mapping[Status, tuple[str, str]] = {
    "occurred": ("hat", ""),
    "planned": ("will", ""),
    "possible": ("könnte", ""),
    "denied": ("hat", " keineswegs"),
    "requested": ("soll", " nach Ansicht der Opposition"),
}
_QUALIFIERS: Mapping[Qualifier, str] = {
    "exactly": "",
    "about_": "rund ",
    "moreThan": "mehr als ",
    "atLeast": "mindestens ",
    "upTo": "bis zu ",
    "fewerThan": "weniger als ",
}
_NO_LOWER, _NO_UPPER = frozenset({"upTo", "fewerThan"}), frozenset({"moreThan", "atLeast"})
_CIRCLES = ("Regierungskreisen", "Sicherheitskreisen", "Diplomatenkreisen", "Militärkreisen")
_OFFICES = ("Präsident", "Außenminister", "Verteidigungsminister", "Regierungssprecher", "Botschafter")
_IDLE = (
    "Weitere Einzelheiten wurden zunächst nicht bekannt.",
    "Eine unabhängige Bestätigung gab es am Abend nicht.",
    "Beobachter sprachen von einer schwierigen Lage.",
    "Die Beratungen sollen in der kommenden Woche weitergehen.",
    "Über die Hintergründe wird seit Tagen viel geschrieben.",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a type of happening is told: who, by which roles, and in which words."""

    roles: tuple[str, str]
    """The role of who comes first in the sentence, and that of who comes second."""
    words: str
    """What stands between date and verb; `{b}` is who comes second, `{n}` the figure, `{what}` what is sent."""
    verb: tuple[str, str]
    """Participle and infinitive."""
    persons: tuple[bool, bool] = (False, False)
    """Whether people play the two parts, and not states."""
    figure: str = ""
    """`personnel` or `quantity`."""
    counted: str = ""
    """What the figure counts."""


MANNERS: Mapping[str, Manner] = {
    "Deployment": Manner(
        ("sender", "destination"), "{n} nach {b}", ("entsandt", "entsenden"), figure="personnel", counted="Soldaten"
    ),
    "Withdrawal": Manner(
        ("sender", "origin"), "{n} aus {b}", ("abgezogen", "abziehen"), figure="personnel", counted="Soldaten"
    ),
    "ArmsTransfer": Manner(
        ("sender", "recipient"), "{n} an {b}", ("geliefert", "liefern"), figure="quantity", counted="Kampfpanzer"
    ),
    "Aid": Manner(("sender", "recipient"), "{b} Hilfe", ("gewährt", "gewähren")),
    "Attack": Manner(("attacker", "target"), "Ziele in {p} in {b}", ("angegriffen", "angreifen")),
    "Sanction": Manner(("sender", "target"), "Sanktionen gegen {b}", ("verhängt", "verhängen")),
    "Agreement": Manner(("participant", "participant"), "mit {b} ein Abkommen", ("geschlossen", "schließen")),
    "Meeting": Manner(
        ("participant", "participant"), "{b} zum Gespräch", ("getroffen", "treffen"), persons=(True, True)
    ),
    "PhoneCall": Manner(
        ("participant", "participant"), "mit {b}", ("telefoniert", "telefonieren"), persons=(True, True)
    ),
    "Statement": Manner(
        ("speaker", "addressee"), "das Vorgehen von {b}", ("kritisiert", "kritisieren"), persons=(True, False)
    ),
    "Appeal": Manner(("speaker", "addressee"), "an {b}", ("appelliert", "appellieren"), persons=(True, False)),
    "Summit": Manner(("participant", "summit"), "am {b} in {p}", ("teilgenommen", "teilnehmen")),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """What one or more articles tell of."""

    type: str
    one: Entity
    other: Entity
    place: Entity | None
    day: date
    figure: int
    status: Status

    @property
    def parties(self) -> frozenset[str]:
        """Who or what it can be told by from others of its type."""
        return frozenset({self.other.key} if self.type == "Summit" else {self.one.key, self.other.key})

    @property
    def is_of_hub(self) -> bool:
        """Whether the hub plays a part in it."""
        return world.HUB in {self.one.key, self.other.key}


@dataclass(slots=True)
class Draft:
    """An article while it is written."""

    text: str = ""
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def say(self, words: str) -> Span:
        """Add words; return where they stand."""
        begin = len(self.text)
        self.text += words
        return Span(begin, len(self.text))

    def name(self, entity: Entity) -> Span:
        """Add an entity's name; return where it stands."""
        self._note(entity)
        span = self.say(entity.label)
        self.mentions.setdefault(entity.key, []).append(Mention(span, "name", entity.type))
        return span

    def items(self) -> tuple[EntityInArticle, ...]:
        """Return what the article refers to; one person in three with an office."""
        return tuple(
            EntityInArticle(self.entities[key], tuple(self.mentions.get(key, ())), _offices(self.entities[key]))
            for key in sorted(self.entities)
        )

    def _note(self, entity: Entity) -> None:
        """Refer to an entity and to those that its description names."""
        if entity.key not in self.entities:
            self.entities[entity.key] = entity
            for key in filter(None, (entity.country, entity.capital)):
                self._note(world.entity(key))


def tell(draft: Draft, happening: Happening, published: date, random: Random, population: int) -> None:
    """Add a sentence that tells of a happening, and its claim."""
    manner, begin = MANNERS[happening.type], len(draft.text)
    status = happening.status if random.random() < 0.9 else random.choice(tuple(_AUXILIARIES))
    one = world.draw_country(random) if happening.type == "Summit" else happening.one
    reasons = [Reason(manner.roles[0], draft.name(one).of(draft.text), "chosen for standing before the trigger")]
    auxiliary, inserted = _AUXILIARIES[status]
    draft.say(f" {auxiliary}")
    time = _tell_time(draft, happening, status, published, random)
    draft.say(f"{inserted} ")
    figure = _tell_words(draft, happening, manner, random)
    verb = manner.verb[auxiliary != "hat"]
    trigger = draft.say(verb)
    sources, circle, media = _tell_source(draft, random, population)
    draft.say(".")
    reasons.append(Reason("status", auxiliary, f"speaks for {status}"))
    reasons.append(Reason("trigger", verb, f"a strong trigger of {happening.type}, probability 0.98"))
    draft.claims.append(
        Claim(
            type=happening.type,
            status=status,
            trigger=trigger,
            evidence=Span(begin, len(draft.text)),
            roles=_roles(manner, one, happening),
            personnel=figure if manner.figure == "personnel" else None,
            quantity=figure if manner.figure == "quantity" else None,
            items=(manner.counted,) if manner.figure == "quantity" else (),
            time=time,
            attributed_to=sources,
            attribution_text=circle,
            relayed_by=media,
            confidence=round(random.uniform(0.5, 1.0), 2),
            reasons=tuple(reasons),
        )
    )
    draft.say(" ")


def tell_idly(draft: Draft, random: Random, population: int) -> None:
    """Add a sentence that makes no claim and one that names a person and a town."""
    person = world.draw_person(random, population)
    draft.say("In ")
    draft.name(world.draw_place(random, world.draw_country(random).key))
    draft.say(" war zuletzt auch ")
    draft.name(person)
    draft.say(f" zu Gast. {random.choice(_IDLE)} ")


def _tell_time(
    draft: Draft, happening: Happening, status: Status, published: date, random: Random
) -> TimeExpression | None:
    """Name the day, except now and then where the day of publication says enough."""
    is_clear = status == "occurred" and (published - happening.day).days < 2
    if is_clear and random.random() < 0.3:
        return None
    draft.say(" ")
    day = happening.day
    span = draft.say(f"am {day.day}. {_MONTHS[day.month - 1]} {day.year}")
    return TimeExpression(span, day, day)


def _tell_words(draft: Draft, happening: Happening, manner: Manner, random: Random) -> Figure | None:
    """Add what stands between date and verb."""
    figure = None
    for part in _parts(manner.words):
        if part == "{n}":
            figure = _tell_figure(draft, happening.figure, manner.counted, random)
        elif part == "{b}":
            draft.name(happening.other)
        elif part == "{p}" and happening.place is not None:
            draft.name(happening.place)
        else:
            draft.say(part)
    draft.say(" ")
    return figure


def _parts(words: str) -> Sequence[str]:
    return words.replace("{", "\0{").replace("}", "}\0").split("\0")


def _tell_figure(draft: Draft, about: int, counted: str, random: Random) -> Figure:
    number = max(1, round(about * random.choice((1.0, 1.0, 1.0, 0.9, 1.1))))
    qualifier = random.choice(tuple(_QUALIFIERS))
    span = draft.say(f"{_QUALIFIERS[qualifier]}{number} {counted}")
    low = None if qualifier in _NO_LOWER else number
    high = None if qualifier in _NO_UPPER else number
    return Figure(span, low, high, qualifier, counted)


def _tell_source(draft: Draft, random: Random, population: int) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """Say who says so: a person, circles, a person in a medium, or nobody."""
    kind = random.random()
    if kind < 0.45:
        return (), None, ()
    if kind < 0.6:
        circle = random.choice(_CIRCLES)
        draft.say(", verlautete aus ")
        draft.say(circle)
        return (), circle, ()
    person = world.draw_person(random, population)
    draft.say(", sagte ")
    draft.name(person)
    if kind < 0.9:
        return (person.key,), None, ()
    medium = world.draw_medium(random)
    draft.say(" laut ")
    draft.name(medium)
    return (person.key,), None, (medium.key,)


def _roles(manner: Manner, one: Entity, happening: Happening) -> Mapping[str, tuple[str, ...]]:
    first, second = manner.roles
    roles = {second: (happening.other.key,)}
    roles[first] = tuple(sorted({one.key, *roles.get(first, ())}))
    if happening.place is not None:
        roles["place"] = (happening.place.key,)
    return roles


def _offices(entity: Entity) -> tuple[Position, ...]:
    number = sum(map(ord, entity.key))
    if entity.type != "Person" or number % 3:
        return ()
    return (Position(_OFFICES[number % len(_OFFICES)], entity.country),)
