"""What a list or a search is narrowed down by, read from a request, and the index that knows what fits."""

import re
from collections.abc import Collection
from datetime import date

from flask import abort, current_app, request

from kg.folding import LONGEST
from kg.fulltext.asking import Facets, Index, Wanted
from kg.model import STATUSES
from kg.snapshots import number_of
from kg.web.context import Names, base_iri, names_for, supervisor


def index() -> Index:
    """Return the index of this app's store."""
    found: Index = current_app.extensions["index"]
    return found


def current_snapshot() -> int:
    """Return the number of the snapshot that is read, which is what the index knows it by."""
    return number_of(supervisor().snapshot())


def read_wanted(types: Collection[str]) -> Wanted:
    """Return what the request chooses, by `q`, `type`, `status`, `country`, `from` and `to`.

    Args:
        types: the types that there are.

    Raises:
        NotFound: it names a type, standing, country or day that there cannot be.
    """
    given = {name: request.args.get(name, "").strip() for name in ("q", "type", "status", "country", "from", "to")}
    possible = (
        given["type"] in ("", *types)
        and given["status"] in ("", *STATUSES)
        and re.fullmatch(r"(?:[A-Z]{2})?", given["country"])
        and all(map(_is_day_or_empty, (given["from"], given["to"])))
    )
    if not possible:
        abort(404, "There is no such list.")
    return Wanted(given["q"][:LONGEST], given["type"], given["status"], given["country"], given["from"], given["to"])


def name_countries(facets: Facets, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Return the countries to choose from: name, ISO code and number of things, sorted by name."""
    codes = {**facets.countries, **({wanted.country: 0} if wanted.country not in facets.countries else {})}
    name: Names = names_for(map(country_iri, codes))
    return sorted((name(country_iri(code)), code, number) for code, number in codes.items() if code)


def country_iri(code: str) -> str:
    """Return the IRI of a country by its ISO code."""
    return f"{base_iri()}id/country/{code}"


def _is_day_or_empty(text: str) -> bool:
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
