"""Why the engine cannot read a query, as users are told."""

import pyoxigraph as ox
import pytest

from kg.sparql_tokens import to_reason


def reason_for(query: str) -> str:
    with pytest.raises(SyntaxError) as refused:
        ox.Store().query(query)
    return to_reason(refused.value)


def test_undeclared_prefix_is_named_as_such() -> None:
    assert (
        reason_for("SELECT * { ?s nowhere:is ?o }") == "error at 1:25: the prefix of the name before it is not declared"
    )


def test_short_reason_stands_as_it_is() -> None:
    assert to_reason(SyntaxError("error at 1:30: expected OPTIONAL")) == "error at 1:30: expected OPTIONAL"


def test_long_list_of_what_fits_is_cut() -> None:
    reason = to_reason(SyntaxError("error at 1:1: expected one of " + ", ".join(f"['{n}']" for n in range(500))))
    assert len(reason) <= 200
    assert reason.endswith(" …")
