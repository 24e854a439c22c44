"""What happens, and which articles tell of it, day by day.

Happenings of one type with the same parties lie so far apart that publishing never takes them for one; claims that tell
of one happening agree well enough to be brought together. So what is derived can be written while articles still come.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.generator import world
from benchmarks.generator.telling import MANNERS, Draft, Happening, tell, tell_idly
from kg.frames import load_frames
from kg.model import STATUSES, Article, Entity, Extraction

FIRST_DAY = date(2015, 1, 1)
ARTICLES_A_DAY = 40
TOLD_FOR = 6
"""Days after a happening on which articles still tell of it."""

_APART = TOLD_FOR + 12
"""Days between two happenings of the same parties, beyond those of the frame; an undated claim reaches ten back."""
_CLAIMS = ((0, 15), (1, 40), (2, 30), (3, 10), (4, 5))
"""How many claims an article makes, and how often of a hundred."""
MOST_CLAIMS = 4
_PERSONS_AN_ARTICLE = 0.5
_NEW = 0.4
"""How often a claim is the first about its happening."""
_TRIES = 12
_TYPES = (
    *("Statement", "Statement", "Statement", "Attack", "Attack", "Deployment", "Deployment", "Meeting", "Meeting"),
    *("ArmsTransfer", "Aid", "Appeal", "Sanction", "Agreement", "PhoneCall", "Withdrawal", "Summit"),
)
_WITH_STATES = tuple(type_ for type_ in _TYPES if type_ != "Summit" and not all(MANNERS[type_].persons))

Told = tuple[Extraction, Sequence[Happening]]
"""An article, and what each of its claims is about."""
Key = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What news are asked for."""

    articles: int
    seed: int
    hub_claims: int | None = None
    """How many claims name the hub; as many as Zipf's law gives it, if None."""


class Newsroom:
    """Writes the articles of a plan, in the order of their days."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = Random(plan.seed)
        self._population = max(50, round(plan.articles * _PERSONS_AN_ARTICLE))
        self._current: deque[Happening] = deque()
        self._until: dict[Key, date] = {}
        """When happenings of these parties may be told as new again."""
        self._hub_claims = 0

    def write(self) -> Iterator[Told]:
        """Yield the articles."""
        for number in range(self._plan.articles):
            day = FIRST_DAY + timedelta(number // ARTICLES_A_DAY)
            if number % ARTICLES_A_DAY == 0:
                self._open(day)
            yield self._article(number, day)

    @property
    def hub_claims(self) -> int:
        """How many claims so far name the hub."""
        return self._hub_claims

    def _open(self, day: date) -> None:
        """Begin a day: forget what nobody tells of any more."""
        while self._current and (day - self._current[0].day).days > TOLD_FOR:
            self._current.popleft()
        self._until = {key: until for key, until in self._until.items() if until > day}

    def _article(self, number: int, day: date) -> Told:
        random, draft, told = self._random, Draft(), list[Happening]()
        draft.say(f"Lage am {day.isoformat()}: Meldung {number + 1}")
        title = draft.text
        draft.say("\n\n")
        [wanted] = random.choices([n for n, _ in _CLAIMS], [weight for _, weight in _CLAIMS])
        while len(told) < max(wanted, self._claims_due(number, len(told))):
            happening = self._choose(day, told, self._wants_hub(number))
            if happening is None:
                break
            told.append(happening)
            tell(draft, happening, day, random, self._population)
            self._hub_claims += any(world.HUB in fillers for fillers in draft.claims[-1].roles.values())
        tell_idly(draft, random, self._population)
        draft.text = draft.text.rstrip()
        article = Article(
            stem=f"meldung-{number + 1:08}",
            text=draft.text,
            title=title,
            published=day,
            date_basis="stated",
            publisher=world.draw_publisher(random),
            source=f"https://news.example/{day.year}/{number + 1}",
        )
        return Extraction(article, draft.items(), tuple(draft.claims)), told

    def _claims_due(self, number: int, told: int) -> int:
        """Return how many claims an article has to make so that the hub gets its own."""
        return min(told + 1, MOST_CLAIMS) if self._wants_hub(number) else 0

    def _wants_hub(self, number: int) -> bool | None:
        """Tell whether the next claim is to name the hub; None if it does not matter."""
        if self._plan.hub_claims is None:
            return None
        return self._hub_claims < self._plan.hub_claims * (number + 1) // self._plan.articles

    def _choose(self, day: date, told: Sequence[Happening], hub: bool | None) -> Happening | None:
        """Return what the next claim is about; None where nothing fits."""
        if self._random.random() < _NEW and (new := self._happen(day, hub)):
            return new
        fitting = [h for h in self._current if hub in (None, h.is_of_hub) and h not in told]
        if fitting:
            return fitting[-1 - world.zipf(self._random, len(fitting))]
        return self._happen(day, hub)

    def _happen(self, day: date, hub: bool | None) -> Happening | None:
        """Let something new happen; None where it has happened too often to be told from the last time."""
        for _ in range(_TRIES):
            happening = self._draw(day, hub)
            key = happening.type, happening.parties
            if happening.one != happening.other and hub in (None, happening.is_of_hub) and key not in self._until:
                self._until[key] = day + timedelta(_reserved(happening))
                self._current.append(happening)
                return happening
        return None

    def _draw(self, day: date, hub: bool | None) -> Happening:
        random = self._random
        type_ = random.choice(_WITH_STATES if hub else _TYPES)
        one, other = (self._party(by_person) for by_person in MANNERS[type_].persons)
        if hub:
            state = world.entity(world.HUB)
            one, other = (one, state) if MANNERS[type_].persons[0] or random.random() < 0.5 else (state, other)
        if other.type == "Organization":  # alliances act, and things are done to states
            other = world.draw_country(random)
        place = world.draw_place(random, other.key) if type_ == "Attack" else None
        if type_ == "Summit":
            one, other = world.draw_country(random), world.draw_summit(random, day.year)
            place = world.draw_place(random, one.key)
        [status] = random.choices(STATUSES, (70, 12, 8, 5, 5))
        return Happening(type_, one, other, place, day, _figure(random, type_), status)

    def _party(self, by_person: bool) -> Entity:
        random = self._random
        if by_person:
            return world.draw_person(random, self._population)
        return world.draw_alliance(random) if random.random() < 0.05 else world.draw_country(random)


def _figure(random: Random, type_: str) -> int:
    """Draw how many: a few hundred or thousand soldiers, a few dozen things."""
    return round(10 ** random.uniform(2, 4.5)) if MANNERS[type_].figure == "personnel" else random.randint(2, 90)


def _reserved(happening: Happening) -> int:
    """Return for how many days nothing of this kind may happen between the same parties again."""
    return 400 if happening.type == "Summit" else load_frames()[happening.type].days + _APART
