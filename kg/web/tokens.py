"""Bearer tokens: who may write over HTTP, and what (RFC 6750).

The settings hold only the SHA-256 of each token. A token is 256 random bits, so that nothing slower than one hash is
needed to make guessing hopeless.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app, g, request

from kg.errors import SettingError
from kg.web.problems import ProblemError

SCOPES: Final[Mapping[str, str]] = {
    "update": "SPARQL Update at /sparql",
    "graphs": "writing graphs at /graphs",
    "articles": "building and removing articles at /articles",
}
"""What a token may be good for."""
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ENTRY = re.compile(rf"({_NAME.pattern}):([a-z]+(?:\+[a-z]+)*):([0-9a-f]{{64}})")
_REALM: Final = 'Bearer realm="lagebild"'


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the settings know it."""

    name: str
    scopes: frozenset[str]
    digest: str


def make_token(name: str, scopes: Iterable[str]) -> tuple[str, str]:
    """Make a token; return it, and the entry for the setting `tokens`.

    Raises:
        SettingError: the name or a scope is not one.
    """
    wanted = sorted(set(scopes))
    if not _NAME.fullmatch(name):
        raise SettingError(f"{name!r} is no name for a token.", "Use up to 64 letters, digits, '.', '_' and '-'.")
    _check_scopes(wanted)
    secret = secrets.token_urlsafe(32)
    return secret, f"{name}:{'+'.join(wanted)}:{_digest(secret)}"


def read_tokens(setting: str) -> Sequence[Token]:
    """Read the setting `tokens`.

    Raises:
        SettingError: an entry is not as `kg token` prints it, or two have one name.
    """
    tokens: dict[str, Token] = {}
    for entry in setting.split():
        match = _ENTRY.fullmatch(entry)
        if match is None or match[1] in tokens:
            name = entry.partition(":")[0]
            raise SettingError(
                f"LAGEBILD_TOKENS: the entry {name!r} is wrong or there twice.", "Make it by `kg token`."
            )
        scopes = match[2].split("+")
        _check_scopes(scopes)
        tokens[match[1]] = Token(match[1], frozenset(scopes), match[3])
    return tuple(tokens.values())


def require(scope: str) -> str:
    """Return the name of the request's token if it is good for `scope`.

    Raises:
        ProblemError: 401 without a known token, 403 where it is for something else or the service is read-only.
    """
    tokens: Sequence[Token] = current_app.extensions["tokens"]
    if not tokens:
        raise ProblemError(403, "This service is read-only.", "Change the graph with the command line.")
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise ProblemError(
            401, "Writing takes a token.", "Send `Authorization: Bearer TOKEN`.", WWW_Authenticate=_REALM
        )
    token = _find(tokens, _digest(secret.strip()))
    if token is None:
        header = f'{_REALM}, error="invalid_token"'
        raise ProblemError(401, "The token is unknown.", "Ask the operator for one.", WWW_Authenticate=header)
    if scope not in token.scopes:
        header = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
        raise ProblemError(
            403, f"The token is not for {SCOPES[scope]}.", "Ask the operator for one.", WWW_Authenticate=header
        )
    g.token = token.name
    return token.name


def _find(tokens: Sequence[Token], digest: str) -> Token | None:
    """Look at every token, each in a time that does not depend on what differs."""
    found = None
    for token in tokens:
        if hmac.compare_digest(token.digest, digest):
            found = token
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_scopes(scopes: Iterable[str]) -> None:
    for scope in scopes:
        if scope not in SCOPES:
            raise SettingError(f"{scope!r} is no scope of a token.", f"Use some of {', '.join(SCOPES)}.")
