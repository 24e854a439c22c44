"""The event types, as data: loads and validates `data/frames/*.toml`, the only reader of these files.

A frame is one file: labels and definitions, what makes two claims one happening, roles with the entity types that may
fill them and how German realises them, trigger words with their strength, example sentences with what must come out.
Ontology classes, SHACL shapes, documentation and tests follow from it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from kg.errors import DataError
from kg.model import ENTITY_TYPES, STATUSES, EntityType, Status

Strength = Literal["strong", "weak", "vague"]
"""`strong`: the word nearly always means this type of event; `weak`: often, where fitting roles are there; `vague`: a
word so light that only the context tells ("setzen", "geben")."""

TriggerKind = Literal["verb", "noun", "head", "phrase"]
"""`head` is the last part of compounds ("entsendung" in "Truppenentsendung"); `phrase` a light-verb construction."""

Item = TypeVar("Item", str, tuple[str, str])

REALISATION = re.compile(
    r"(active|passive|verb|noun)"  # voice of the verb, either, or a nominal trigger
    r":(subject|accusative|dative|genitive|adjective|compound|apposition|[a-zäöüß]+(\+(acc|dat|gen))?)"
)
"""How a role shows in German: `active:subject`, `verb:nach+dat` (preposition and case), `noun:genitive` …"""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages that everything is described in."""

    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Role:
    """A slot of a frame that entities fill."""

    name: str
    """Property in the ontology: `sender`."""
    fillers: tuple[EntityType, ...]
    gloss: Text
    realised: tuple[str, ...]
    max: int | None
    """Most entities that may fill it, None for any number."""


class Trigger(NamedTuple):
    """A word or phrase that can make a sentence a claim of the frame's type; there are thousands of them."""

    lemma: str
    """Infinitive, nominative singular, last part of a compound, or phrase in the infinitive ("in Marsch setzen")."""
    kind: TriggerKind
    strength: Strength
    particle: str | None = None
    """The part of a separable verb that splits off: "ab" in "abziehen"."""
    not_with: tuple[str, ...] = ()
    """Lemmas beside which the word means something else: "Angriff" with "Stürmer"."""


@dataclass(frozen=True, slots=True)
class ExpectedClaim:
    """What must come out of an example sentence; a figure or date that is None is not part of the example."""

    status: Status
    roles: Mapping[str, tuple[str, ...]]
    personnel: tuple[int | None, int | None] | None
    quantity: tuple[int | None, int | None] | None
    begin: date | None
    end: date | None
    attributed_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of the project's own, with all claims of the frame's type; without any it is a negative example."""

    text: str
    published: date
    claims: tuple[ExpectedClaim, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """An event type."""

    name: str
    """Class in the ontology, and the file's name."""
    label: Text
    definition: Text
    roles: Mapping[str, Role]
    figures: tuple[Literal["personnel", "quantity"], ...]
    texts: tuple[Literal["unit", "items"], ...]
    triggers: tuple[Trigger, ...]
    same_roles: tuple[tuple[str, ...], ...]
    """Core roles, each with its alternatives; see `kg.rollup.sameness`."""
    as_state: bool
    """Whether two that belong to one state count as the same when claims are rolled up."""
    days: int
    """How many days may lie between two claims about one happening."""
    examples: tuple[Example, ...]


@cache
def load_frames() -> Mapping[str, Frame]:
    """Load all frames, by name, in alphabetical order.

    Raises:
        DataError: a frame file is not what it should be; the message names the file and the key.
    """
    folder = files("kg").joinpath("data", "frames")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): read_frame(folder.joinpath(name)) for name in names}


@cache
def trigger_index() -> Mapping[str, tuple[tuple[Frame, Trigger], ...]]:
    """Index the triggers of all frames by lemma; separable verbs stand under the whole infinitive ("abziehen")."""
    index: dict[str, list[tuple[Frame, Trigger]]] = {}
    for frame in load_frames().values():
        for trigger in frame.triggers:
            index.setdefault(trigger.lemma, []).append((frame, trigger))
    return {lemma: tuple(found) for lemma, found in sorted(index.items())}


def read_frame(file: Traversable) -> Frame:
    """Read and validate one frame file.

    Raises:
        DataError: the file is no TOML, or a key is missing, unknown or has a value that it cannot have.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{file.name}: no valid TOML: {error}.", "Mend the frame file.") from error
    return _Reader(file.name).frame(raw)


class _Reader:
    """Turns the tables of one file into records; every error names the file and the key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, key: str, problem: str) -> DataError:
        return DataError(f"{self.file}: {key}: {problem}.", "Mend the frame file; kg/frames.py says what a key holds.")

    def table(self, raw: object, key: str, known: set[str]) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self.fail(key, "must be a table")
        unknown = sorted(set(raw) - known)
        if known and unknown:
            raise self.fail(f"{key}.{unknown[0]}".lstrip("."), f"unknown key, known are {', '.join(sorted(known))}")
        return raw

    def strings(self, raw: object, key: str, allowed: tuple[str, ...] | None = None) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(item, str) and item.strip() == item != "" for item in raw):
            raise self.fail(key, "must be a list of non-empty strings")
        for item in raw:
            if allowed is not None and item not in allowed:
                raise self.fail(key, f"{item!r} is none of {', '.join(allowed)}")
        repeated = _find_repeated(raw)
        if repeated:
            raise self.fail(key, f"{repeated[0]!r} is there twice")
        return tuple(raw)

    def text(self, raw: object, key: str) -> Text:
        table = self.table(raw, key, {"de", "en"})
        for language in ("de", "en"):
            if not isinstance(table.get(language), str) or not table[language]:
                raise self.fail(f"{key}.{language}", "must be a non-empty string")
        return Text(table["de"], table["en"])

    def frame(self, raw: dict[str, Any]) -> Frame:
        known = {"label", "definition", "figures", "texts", "same", "roles", "triggers", "examples"}
        self.table(raw, "", known)
        missing = sorted(known - {"figures", "texts"} - set(raw))
        if missing:
            raise self.fail(missing[0], "is missing")
        roles = {name: self.role(name, item) for name, item in self.table(raw["roles"], "roles", set()).items()}
        figures = self.strings(raw.get("figures", []), "figures", ("personnel", "quantity"))
        same = self.table(raw["same"], "same", {"roles", "as_state", "days"})
        if type(same.get("days")) is not int or same["days"] < 0:
            raise self.fail("same.days", "must be a whole number, 0 or more")
        return Frame(
            name=self.file.removesuffix(".toml"),
            label=self.text(raw["label"], "label"),
            definition=self.text(raw["definition"], "definition"),
            roles=roles,
            figures=figures,  # type: ignore[arg-type]  # strings() has checked the values
            texts=self.strings(raw.get("texts", []), "texts", ("unit", "items")),  # type: ignore[arg-type]  # as above
            triggers=self.triggers(raw["triggers"]),
            same_roles=self.same_roles(same.get("roles"), roles),
            as_state=bool(same.get("as_state", False)),
            days=same["days"],
            examples=self.examples(raw["examples"], set(roles), set(figures)),
        )

    def role(self, name: str, raw: object) -> Role:
        key = f"roles.{name}"
        table = self.table(raw, key, {"fillers", "gloss", "realised", "max"})
        realised = self.strings(table.get("realised"), f"{key}.realised")
        for item in realised:
            if not REALISATION.fullmatch(item):
                raise self.fail(f"{key}.realised", f"{item!r} is no realisation such as 'active:subject'")
        most = table.get("max")
        if most is not None and (not isinstance(most, int) or most < 1):
            raise self.fail(f"{key}.max", "must be a positive integer")
        fillers = self.strings(table.get("fillers"), f"{key}.fillers", ENTITY_TYPES)
        gloss = self.text(table.get("gloss"), f"{key}.gloss")
        return Role(name, fillers, gloss, realised, most)  # type: ignore[arg-type]  # strings() has checked fillers

    def same_roles(self, raw: object, roles: Mapping[str, Role]) -> tuple[tuple[str, ...], ...]:
        core = tuple(tuple(item.split("|")) for item in self.strings(raw, "same.roles"))
        for name in (name for alternatives in core for name in alternatives):
            if name not in roles:
                raise self.fail("same.roles", f"{name!r} is no role of the frame")
        return core

    def triggers(self, raw: object) -> tuple[Trigger, ...]:
        kinds: dict[str, TriggerKind] = {"verbs": "verb", "nouns": "noun", "heads": "head", "phrases": "phrase"}
        table = self.table(raw, "triggers", {*kinds, "not_with"})
        excluded = self.table(table.get("not_with", {}), "triggers.not_with", set())
        not_with = {lemma: self.strings(words, f"triggers.not_with.{lemma}") for lemma, words in excluded.items()}
        found: list[Trigger] = []
        for group, kind in kinds.items():
            lists = self.table(table.get(group, {}), f"triggers.{group}", set(get_args(Strength)))
            for strength in get_args(Strength):
                entries = self.strings(lists.get(strength, []), f"triggers.{group}.{strength}")
                found.extend(_trigger(entry, kind, strength, not_with) for entry in entries)
        repeated = _find_repeated((trigger.kind, trigger.lemma) for trigger in found)
        if repeated:
            raise self.fail("triggers", f"{repeated[0][1]!r} is there with two strengths")
        unused = sorted(set(not_with) - {"*"} - {trigger.lemma for trigger in found})
        if unused:
            raise self.fail(f"triggers.not_with.{unused[0]}", "is no trigger of the frame")
        return tuple(found)

    def examples(self, raw: object, roles: set[str], figures: set[str]) -> tuple[Example, ...]:
        if not isinstance(raw, list):
            raise self.fail("examples", "must be a list of tables")
        found = []
        for number, item in enumerate(raw):
            key = f"examples[{number}]"
            table = self.table(item, key, {"text", "published", "claims"})
            if not isinstance(table.get("text"), str) or type(table.get("published")) is not date:
                raise self.fail(key, "needs a string 'text' and a date 'published'")
            claims = tuple(self.claim(claim, f"{key}.claims", roles, figures) for claim in table.get("claims", []))
            found.append(Example(table["text"], table["published"], claims))
        if sum(bool(example.claims) for example in found) < 2 or all(example.claims for example in found):
            raise self.fail("examples", "at least two with claims and one without are needed")
        return tuple(found)

    def claim(self, raw: object, key: str, roles: set[str], figures: set[str]) -> ExpectedClaim:
        table = self.table(raw, key, {"status", "begin", "end", "attributed_to", *roles, *figures})
        if table.get("status") not in STATUSES:
            raise self.fail(f"{key}.status", f"must be one of {', '.join(STATUSES)}")
        for name in ("begin", "end"):
            if name in table and type(table[name]) is not date:
                raise self.fail(f"{key}.{name}", "must be a date")
        return ExpectedClaim(
            status=table["status"],
            roles={name: self.strings(table[name], f"{key}.{name}") for name in sorted(roles & set(table))},
            personnel=self.bounds(table.get("personnel"), f"{key}.personnel"),
            quantity=self.bounds(table.get("quantity"), f"{key}.quantity"),
            begin=table.get("begin"),
            end=table.get("end"),
            attributed_to=self.strings(table.get("attributed_to", []), f"{key}.attributed_to"),
        )

    def bounds(self, raw: object, key: str) -> tuple[int | None, int | None] | None:
        if raw is None:
            return None
        table = self.table(raw, key, {"min", "max"})
        if not table or not all(isinstance(number, int) for number in table.values()):
            raise self.fail(key, "must hold whole numbers 'min', 'max' or both")
        return table.get("min"), table.get("max")


def _find_repeated(items: Iterable[Item]) -> list[Item]:
    """Return what is there more than once, sorted."""
    return sorted(item for item, count in Counter(items).items() if count > 1)


def _trigger(entry: str, kind: TriggerKind, strength: Strength, not_with: Mapping[str, tuple[str, ...]]) -> Trigger:
    """Read an entry of a trigger list: "ab|ziehen" is the separable verb "abziehen"."""
    particle, bar, _ = entry.partition("|")
    lemma = entry.replace("|", "") if bar else entry
    excluded = {*not_with.get("*", ()), *not_with.get(lemma, ())} if not_with else ()
    return Trigger(lemma, kind, strength, particle if bar else None, tuple(sorted(excluded)))
