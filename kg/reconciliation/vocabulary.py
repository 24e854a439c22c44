"""How a service calls our types and properties: `kg/data/reconciliation/services.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_PATH = Path(__file__).parent.parent / "data" / "reconciliation" / "services.toml"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A service's identifiers for what we have names for."""

    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Entity type to the types that a candidate may be of."""
    country: Mapping[str, str] = field(default_factory=dict)
    """Entity type to the property for its country."""
    office: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Properties that say that a person is in politics, with the values that do; any value where none is named."""


def vocabulary_of(*spaces: str) -> Vocabulary:
    """Return the vocabulary of the service with one of these identifier or schema spaces; an empty one if unknown."""
    return next((found for space in spaces if (found := _known().get(space))), Vocabulary())


@cache
def _known() -> Mapping[str, Vocabulary]:
    services = tomllib.loads(_PATH.read_text(encoding="utf-8"))["service"]
    return {
        service["space"]: Vocabulary(
            {kind: tuple(types) for kind, types in service["types"].items()},
            service.get("country", {}),
            {name: tuple(values) for name, values in service.get("office", {}).items()},
        )
        for service in services
    }
