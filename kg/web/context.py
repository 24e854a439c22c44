"""What every page needs: the graph, the language, names for IRIs, links, and the response around the HTML."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from flask import Response, current_app, g, render_template, request

from kg.vocab import LB
from kg.web import cache, cors
from kg.web.graph import Graph
from kg.web.i18n import COOKIE, LANGUAGES, Language, choose_language
from kg.web.problems import request_id
from kg.web.records import Happening
from kg.web.terms import name_term
from kg.workers import Supervisor
from kg.writing import WriteService

CSP = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"),
        *("connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
PROTECTION = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Headers that every response carries, of which a view may set its own."""
AHEAD = "lagebild.ahead"
"""What is in the environment where a page is made before anybody has asked for it."""


class Route(NamedTuple):
    """The two sides of a happening: who does it, and to whom or where."""

    left: tuple[str, ...]
    arrow: str
    right: tuple[str, ...]


ROUTES: Mapping[str, tuple[Sequence[str], str, Sequence[str]]] = {
    "Deployment": (("sender",), "→", ("destination", "mission", "beneficiary", "against")),
    "Withdrawal": (("sender",), "←", ("origin", "mission")),
    "ArmsTransfer": (("sender",), "→", ("recipient",)),
    "Aid": (("sender",), "→", ("recipient",)),
    "Attack": (("attacker",), "→", ("target", "place")),
    "Sanction": (("sender",), "→", ("target",)),
    "Statement": (("speaker",), "→", ("addressee",)),
    "Appeal": (("speaker",), "→", ("addressee",)),
    "Summit": (("summit",), "·", ("place", "host")),
    "Meeting": (("participant",), "·", ("place",)),
    "PhoneCall": (("participant",), "", ()),
    "Agreement": (("participant",), "", ()),
}
"""Event type to the roles of its left side, the sign between, and those of its right side; the first filled counts."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of things in the language of the page."""

    labels: Mapping[str, Mapping[str, str]]
    language: str

    def __call__(self, iri: str) -> str:
        """Return the name of a thing; the last part of its IRI where it has none."""
        if iri.startswith(LB.iri):
            return name_term(iri.removeprefix(LB.iri), self.language)
        known = self.labels.get(iri, {})
        return known.get(self.language) or known.get("de") or next(iter(known.values()), "") or last_part(iri)

    def is_foreign(self, iri: str) -> bool:
        """Tell whether a thing has a German name alone on a page in English, where it is to be marked as German."""
        known = self.labels.get(iri, {})
        return self.language != "de" and self.language not in known and "de" in known


def current_graph() -> Graph:
    """Return the graph of this app, for a page that is made ahead by workers that stand back."""
    return Graph(supervisor().background if is_ahead() else supervisor().pages, base_iri())


def is_ahead() -> bool:
    """Tell whether a page is made before anybody has asked for it."""
    return AHEAD in request.environ


def supervisor() -> Supervisor:
    """Return the query workers of this app."""
    found: Supervisor = current_app.extensions["supervisor"]
    return found


def writes() -> WriteService:
    """Return what writes for this app."""
    found: WriteService = current_app.extensions["writes"]
    return found


def base_iri() -> str:
    """Return the base IRI of the data that this app serves."""
    found: str = current_app.config["BASE_IRI"]
    return found


def language() -> Language:
    """Return the language of this request."""
    if "language" not in g:
        g.language = choose_language(request)
    chosen: Language = g.language
    return chosen


def names_for(iris: Iterable[str]) -> Names:
    """Look up the names of things."""
    return Names(current_graph().labels(iri for iri in iris if is_web_iri(iri)), language())


def words_for(iris: Iterable[str]) -> Names:
    """Look up what things are called, also those without a name: a claim by its sentence, for example."""
    return Names(current_graph().names(iri for iri in iris if is_web_iri(iri)), language())


def href(iri: str) -> str:
    """Return the link to a thing: its page here, its place in the ontology, else the IRI if a browser may follow it."""
    return _href(iri, base_iri())


@lru_cache(10_000)
def _href(iri: str, base: str) -> str:
    if iri.startswith(f"{base}id/"):
        return quote("/page/" + unquote(iri.removeprefix(f"{base}id/")), safe="/#=,~;:@!$&'()*+")
    if iri.startswith(LB.iri):
        return f"/ontology#{iri.removeprefix(LB.iri)}"
    return iri if is_web_iri(iri) else ""


def key_of(iri: str) -> str:
    """Return the part of an IRI of ours that names the thing: `country/KP`."""
    return iri.removeprefix(f"{base_iri()}id/")


def is_web_iri(iri: str) -> bool:
    """Tell whether a link to the IRI is harmless: no `javascript:` and the like."""
    try:
        return urlsplit(iri).scheme in {"http", "https"}
    except ValueError:
        return False


def last_part(iri: str) -> str:
    """Return something readable for an IRI without a name."""
    return unquote(iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]) or iri


def route(happening: Happening) -> Route:
    """Return the two sides of a happening."""
    left, arrow, right = ROUTES.get(happening.type, (("participant",), "", ()))
    sides = [next((happening.roles[role] for role in roles if role in happening.roles), ()) for roles in (left, right)]
    return Route(sides[0], arrow if sides[1] else "", sides[1])


def link(**changes: object) -> str:
    """Return a link to this page with some parameters changed; None removes one."""
    arguments = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in arguments.items() if value is not None})
    return f"{request.path}?{query}" if query else request.path


def page(template: str, **values: object) -> Response:
    """Render a template as a page."""
    return Response(render_template(template, **values), content_type="text/html; charset=utf-8")


def of_snapshot(view: Callable[..., Response], *, has_formats: bool = False) -> Callable[..., Response]:
    """Have a view's pages kept for as long as the snapshot is served: an unchanged one is answered by 304.

    Args:
        view: the view.
        has_formats: whether its answer depends on Accept, as that of a page which is HTML for everybody does not.
    """
    varies = (*(("Accept",) if has_formats else ()), "Accept-Language", "Cookie")

    @wraps(view)
    def conditional(**values: str) -> Response:
        snapshot = supervisor().snapshot()
        tag = _make_tag(snapshot, has_formats=has_formats)
        # Who has this tag was given it with this very page; `*` tells nothing of whether there is one.
        is_asked_for_any = request.if_none_match.star_tag
        response = Response(status=304) if is_known(tag) and not is_asked_for_any else view(**values)
        if response.cache_control.no_store:  # not all that it could say yet
            return response
        if response.status_code == 200:
            cache.mark(snapshot)
            response = Response(status=304) if is_known(tag) else response
        response.vary.update(varies)
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(tag, weak=True)
        return response

    return conditional


def is_known(tag: str) -> bool:
    """Tell whether the client has what carries this tag, so that 304 will do (RFC 9110, section 13.1.2)."""
    return request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag)


def _make_tag(snapshot: str, *, has_formats: bool) -> str:
    """Return the tag of a page of this snapshot at the address that is asked for, which no other address has."""
    parts = (current_app.config["BUILD"], request.full_path, request.headers.get("Accept", "") if has_formats else "")
    digest = hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{snapshot}.{language()}.{digest}"


in_formats_of_snapshot = partial(of_snapshot, has_formats=True)
"""The same for a view whose answer is there in several formats, by Accept."""


def finish(response: Response) -> Response:
    """Add what every response carries."""
    for name, value in PROTECTION.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = request_id()
    cors.allow(response, current_app.config["SETTINGS"].cors_origins)
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, language(), max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def page_number() -> int:
    """Return the page that `?page=` asks for, from 1 to 10,000."""
    raw = request.args.get("page", "1")
    return min(max(int(raw), 1), 10_000) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1
