"""What a store's corrections add up to: those that apply, by what they change, and those that do not."""

from dataclasses import dataclass, field

from kg.curation.corrections import Correction
from kg.curation.reading import Reading


@dataclass(slots=True)
class Plan:
    """The corrections that apply, by what they change."""

    merges: dict[str, Correction] = field(default_factory=dict)
    """By the entity that is another one."""
    splits: dict[str, list[Correction]] = field(default_factory=dict)
    """By the article, claim or mention."""
    made: dict[str, Correction] = field(default_factory=dict)
    """The splits that make an entity, by it."""
    labels: dict[tuple[str, str], Correction] = field(default_factory=dict)
    """By entity and language."""
    rejections: dict[str, Correction] = field(default_factory=dict)
    """By claim."""
    roles: dict[tuple[str, str], Correction] = field(default_factory=dict)
    """By claim and role."""
    statuses: dict[str, Correction] = field(default_factory=dict)
    """By claim."""
    same: list[Correction] = field(default_factory=list)
    """Those that say that claims are about one event."""
    apart: list[Correction] = field(default_factory=list)
    """Those that say that claims are about two."""
    applied: list[Correction] = field(default_factory=list)
    idle: list[tuple[Correction, str]] = field(default_factory=list)
    """Those that do not apply, each with the reason."""

    def take(self, correction: Correction) -> None:
        """Add a correction that applies."""
        self.applied.append(correction)
        target = correction.target
        match correction.kind:
            case "Merge":
                self.merges[target] = correction
            case "Split":
                self.splits.setdefault(target, []).append(correction)
                if correction.label:
                    self.made[correction.meant] = correction
            case "Relabelling":
                self.labels[target, correction.language] = correction
            case "Rejection":
                self.rejections[target] = correction
            case "RoleChange":
                self.roles[target, correction.role] = correction
            case "StatusChange":
                self.statuses[target] = correction
            case "SameEvent":
                self.same.append(correction)
            case "OtherEvent":
                self.apart.append(correction)

    def entities(self) -> set[str]:
        """Return the entities that are described otherwise."""
        meant = {self.canonical(entity) for entity in self.merges}
        return {*self.merges, *meant, *self.made, *(entity for entity, _ in self.labels)}

    def path(self, entity: str) -> list[Correction]:
        """Return the merges that lead from an entity to the one that it is, in this order."""
        found: list[Correction] = []
        while entity in self.merges:
            found.append(self.merges[entity])
            entity = self.merges[entity].meant
        return found

    def canonical(self, entity: str) -> str:
        """Return the entity that an entity is; itself where no merge says otherwise."""
        merges = self.path(entity)
        return merges[-1].meant if merges else entity

    def of_one_event(self, claims: set[str]) -> set[str]:
        """Return these claims and all that corrections say are about the same event."""
        found = set(claims)
        while more := {c for one in self.same if found & _claims(one) for c in _claims(one)} - found:
            found |= more
        return found

    def entity_type(self, entity: str, reading: Reading) -> str:
        """Return the class of an entity that was read or that a split makes; empty where there is none."""
        known = reading.entity_type(entity)
        if not known and entity in self.made:
            return self.entity_type(self.made[entity].read_as, reading)
        return known


def _claims(correction: Correction) -> set[str]:
    return {correction.target, *correction.others}
