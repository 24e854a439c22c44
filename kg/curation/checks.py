"""Whether a correction applies to what was read, beside the others; if not, why, in one line with the remedy."""

from collections.abc import Callable, Iterable, Mapping

from kg.curation.corrections import Correction, Kind
from kg.curation.plan import Plan
from kg.curation.reading import EVENT_TYPE, SOURCES, STATUS, Reading
from kg.errors import CorrectionError
from kg.frames import Frame, load_frames
from kg.model import ENTITY_TYPES, STATUSES
from kg.vocab import LB

_ORDER: tuple[Kind, ...] = (
    *("Split", "Merge", "Relabelling", "Rejection", "RoleChange", "StatusChange", "SameEvent", "OtherEvent"),
)
"""What a correction may build on comes before it: entities that a split makes can be merged."""


def make_plan(corrections: Iterable[Correction], reading: Reading) -> Plan:
    """Find out which corrections apply, and to what they add up.

    Where two contradict each other the earlier applies. The order in which they are given does not matter.
    """
    plan = Plan()
    ordered = sorted(corrections, key=lambda one: (_ORDER.index(one.kind), one.day, repr(one)))
    for correction in ordered:
        try:
            check(correction, plan, reading)
        except CorrectionError as error:
            plan.idle.append((correction, error.message))
        else:
            plan.take(correction)
    return plan


def check(correction: Correction, plan: Plan, reading: Reading) -> None:
    """Accept a correction that applies beside those of the plan.

    Raises:
        CorrectionError: it does not; the message says why.
    """
    _Check(correction, plan, reading).run()


class _Check:
    """One correction that is checked."""

    def __init__(self, correction: Correction, plan: Plan, reading: Reading) -> None:
        self.correction = correction
        self.plan = plan
        self.reading = reading

    def run(self) -> None:
        checks: Mapping[Kind, Callable[[], None]] = {
            "Merge": self.merge,
            "Split": self.split,
            "Relabelling": self.relabelling,
            "Rejection": self.rejection,
            "RoleChange": self.role_change,
            "StatusChange": self.status_change,
            "SameEvent": self.same_event,
            "OtherEvent": self.other_event,
        }
        checks[self.correction.kind]()

    def merge(self) -> None:
        ends, stays = self.correction.target, self.correction.meant
        types = [self.entity_type(iri) for iri in (ends, stays)]
        self.refuse_second(self.plan.merges.get(ends), "merged")
        if ends == self.plan.canonical(stays):
            problem = "to be merged with itself" if ends == stays else f"what {self.name(stays)} was merged into"
            raise CorrectionError(f"{self.name(ends)} is {problem}.", "Give two different entities.")
        if types[0] != types[1]:
            raise CorrectionError(
                f"{self.name(ends)} is a {types[0]}, {self.name(stays)} a {types[1]}.",
                "Only entities of one class can be one.",
            )
        if self.reading.is_reference(ends) and not self.reading.is_reference(self.plan.canonical(stays)):
            raise CorrectionError(
                f"{self.name(ends)} has identifiers of the outside world and {self.name(stays)} has none.",
                "Merge them the other way round.",
            )

    def split(self) -> None:
        here = self.correction
        if not self.reading.is_place(here.target):
            raise CorrectionError(
                f"The store has no article, claim or mention {self.reading.key(here.target)}.",
                "Copy its IRI from the article's or the claim's page.",
            )
        for other in self.plan.splits.get(here.target, ()):
            if other.read_as == here.read_as:
                self.refuse_second(other, "split")
        if not here.label:
            self.entity_type(here.meant)
        if here.read_as == here.meant:
            raise CorrectionError(f"{self.name(here.meant)} is what was read.", "Name the entity that is meant.")
        if here.read_as not in self.reading.entities_at(here.target):
            raise CorrectionError(
                f"{self.name(here.read_as)} is not named in {self.reading.key(here.target)}.", "See there for what is."
            )
        self.check_records()

    def check_records(self) -> None:
        """Check that the claims at a split's place may have the entity that is meant where they have the other."""
        meant = self.plan.entity_type(self.correction.meant, self.reading) or self.entity_type(self.correction.read_as)
        for record in filter(self.reading.is_claim, self.reading.records_at(self.correction.target)):
            frame = self.frame(record)
            for role in frame.roles.values():
                fillers = self.reading.objects(record, LB.term(role.name))
                if self.correction.read_as in fillers:
                    self.check_filler(frame, role.name, meant, self.name(self.correction.meant))

    def relabelling(self) -> None:
        entity, language = self.correction.target, self.correction.language
        self.entity_type(entity)
        if entity in self.plan.merges:
            stays = self.plan.canonical(entity)
            raise CorrectionError(
                f"{self.name(entity)} was merged into {self.reading.key(stays)}.", "Relabel that one."
            )
        self.refuse_second(self.plan.labels.get((entity, language)), "relabelled")

    def rejection(self) -> None:
        self.find_claim(self.correction.target)

    def role_change(self) -> None:
        frame, role = self.frame(self.find_claim(self.correction.target)), self.correction.role
        if role not in {*frame.roles, *SOURCES}:
            known = ", ".join([*frame.roles, *SOURCES])
            raise CorrectionError(f"A claim about {_an(frame.name)} has no role {role!r}.", f"It has {known}.")
        self.refuse_second(self.plan.roles.get((self.correction.target, role)), f"given another {role}")
        types = {filler: self.entity_type(filler) for filler in self.correction.fillers}
        if role in frame.roles:
            for filler, type_ in types.items():
                self.check_filler(frame, role, type_, self.name(filler))
            most = frame.roles[role].max
            if most is not None and len(types) > most:
                raise CorrectionError(
                    f"{_an(frame.name).capitalize()} has at most {most} {role}, not {len(types)}.", "Name fewer."
                )
        if set(self.reading.objects(self.correction.target, LB.term(role))) == set(self.correction.fillers):
            raise CorrectionError(f"The {role} is what was read.", "There is nothing to correct.")

    def status_change(self) -> None:
        claim, status = self.find_claim(self.correction.target), self.correction.status
        if status not in STATUSES:
            raise CorrectionError(f"There is no standing {status!r}.", f"Give one of {', '.join(STATUSES)}.")
        self.refuse_second(self.plan.statuses.get(claim), "given another standing")
        if LB.term(status).value in self.reading.objects(claim, STATUS):
            raise CorrectionError(f"{status!r} is the standing that was read.", "There is nothing to correct.")

    def same_event(self) -> None:
        claims = self.find_claims()
        together = self.plan.of_one_event(claims)
        for earlier in self.plan.apart:
            if earlier.target in together and together & set(earlier.others):
                self.refuse_second(earlier, "said to be about another event")

    def other_event(self) -> None:
        self.find_claims()
        together = self.plan.of_one_event({self.correction.target})
        for earlier in self.plan.same:
            if earlier.target in together and together & set(self.correction.others):
                self.refuse_second(earlier, "said to be about the same event")

    def find_claims(self) -> set[str]:
        """Return the claims about whose event something is said."""
        claims = {self.correction.target, *self.correction.others}
        if len(claims) == 1 or self.correction.target in self.correction.others:
            raise CorrectionError("A claim is about the same event as itself.", "Give different claims.")
        names = {claim: self.frame(self.find_claim(claim)).name for claim in sorted(claims)}
        kinds = sorted(set(names.values()))
        if len(kinds) > 1:
            raise CorrectionError(f"The claims are of the types {', '.join(kinds)}.", "Give claims of one type.")
        return claims

    def find_claim(self, claim: str) -> str:
        """Return a claim that an article makes and nobody has rejected."""
        if not self.reading.is_claim(claim):
            raise CorrectionError(
                f"No article of the store makes the claim {self.reading.key(claim)}.",
                "Copy its IRI from the claim's page.",
            )
        self.refuse_second(self.plan.rejections.get(claim), "rejected")
        return claim

    def entity_type(self, iri: str) -> str:
        found = self.plan.entity_type(iri, self.reading)
        if not found:
            raise CorrectionError(
                f"The store has no entity {self.reading.key(iri)}.", f"An entity is one of {', '.join(ENTITY_TYPES)}."
            )
        return found

    def check_filler(self, frame: Frame, role: str, type_: str, name: str) -> None:
        allowed = frame.roles[role].fillers
        if type_ not in allowed:
            raise CorrectionError(
                f"{name} is a {type_} and cannot be {role} of {_an(frame.name)}.", f"It is one of {', '.join(allowed)}."
            )

    def refuse_second(self, earlier: Correction | None, done: str) -> None:
        if earlier is not None:
            raise CorrectionError(
                f"{self.reading.key(earlier.target)} was {done} by {earlier.author} on {earlier.day}.",
                f"First undo that: kg correct undo {self.reading.key(earlier.iri(self.reading.mint.base))}.",
            )

    def frame(self, claim: str) -> Frame:
        name = self.reading.objects(claim, EVENT_TYPE)[0].removeprefix(LB.iri)
        if name not in load_frames():  # a store that another version built
            raise CorrectionError(
                f"{self.reading.key(claim)} is of an unknown type, {name}.", "Build the article anew."
            )
        return load_frames()[name]

    def name(self, iri: str) -> str:
        return self.plan.made[iri].label if iri in self.plan.made else self.reading.name(iri)


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIO' else 'a'} {noun}"
