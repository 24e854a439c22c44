"""Why the engine cannot read a query, as users are told."""

import pyoxigraph as ox
import pytest

from kg.sparql_tokens import find_undeclared, to_reason


def refusal_of(query: str) -> SyntaxError:
    with pytest.raises(SyntaxError) as refused:
        ox.Store().query(query)
    return refused.value


def test_undeclared_prefix_is_found() -> None:
    assert find_undeclared(refusal_of("SELECT * { ?s nowhere:is ?o }")) == "1:25"
    assert find_undeclared(refusal_of("SELECT * { ?s ?p }")) is None


def test_short_reason_stands_as_it_is() -> None:
    assert to_reason(SyntaxError("error at 1:30: expected OPTIONAL")) == "error at 1:30: expected OPTIONAL"


def test_long_list_of_what_fits_is_cut() -> None:
    reason = to_reason(SyntaxError("error at 1:1: expected one of " + ", ".join(f"['{n}']" for n in range(500))))
    assert len(reason) <= 200
    assert reason.endswith(" …")
