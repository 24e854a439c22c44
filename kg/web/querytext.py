"""What can be told from a SPARQL query's text before it runs."""

import re

_NO_CODE = re.compile(
    r"""
      \"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}   # long strings
    | \"(?:[^\"\\\n\r]|\\.)*\" | '(?:[^'\\\n\r]|\\.)*'                          # strings
    | <[^<>\"{}|^`\\\x00-\x20]*>                                                # IRIs
    | \#[^\n\r]*                                                                # comments
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = r"(?<![?$:@\w.-]){}(?![\w:-])"
_FROM = re.compile(_WORD.format("FROM"), re.IGNORECASE)
_SERVICE = re.compile(_WORD.format("SERVICE"), re.IGNORECASE)


def names_graphs(query: str) -> bool:
    """Tell whether the query has a FROM or FROM NAMED clause, so that the union of all graphs must not replace it."""
    return bool(_FROM.search(_code(query)))


def calls_service(query: str) -> bool:
    """Tell whether the query asks another endpoint; the workers cannot reach one, and this is the clearer answer."""
    return bool(_SERVICE.search(_code(query)))


def _code(query: str) -> str:
    """Return the query without strings, IRIs and comments, each replaced by an empty IRI to keep words apart."""
    return _NO_CODE.sub("<>", query)
