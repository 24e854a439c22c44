"""`kg token`: the token is shown once, the server's entry has its hash."""

import hashlib

from kg.web.tokens import read_tokens
from tests.cli.standin import run


def test_token_and_entry_belong_together() -> None:
    result = run("token", "newsroom", "--scope", "articles", "--scope", "graphs")
    assert result.exit_code == 0
    _, secret, _, entry = result.stdout.split("\n")[:4]
    (token,) = read_tokens(entry)
    assert token.scopes == {"articles", "graphs"}
    assert token.digest == hashlib.sha256(secret.strip().encode()).hexdigest()


def test_two_tokens_differ() -> None:
    first, second = (run("token", "a", "--scope", "update").stdout for _ in range(2))
    assert first != second


def test_a_name_that_is_none() -> None:
    result = run("token", "news room", "--scope", "update")
    assert result.exit_code == 1
    assert "is no name for a token" in result.stderr


def test_a_scope_is_needed() -> None:
    assert run("token", "newsroom").exit_code == 2
    assert run("token", "newsroom", "--scope", "everything").exit_code == 2
