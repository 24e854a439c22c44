"""The web application: pages for people, data and SPARQL for programs."""

import hashlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from cachetools import LRUCache
from flask import Flask, current_app, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from kg import __version__
from kg.fulltext.asking import Index
from kg.homes import folder_of_index
from kg.model import STATUSES
from kg.remote import Location, locate
from kg.settings import Settings
from kg.store import base_iri_of
from kg.web import (
    browse,
    calendar,
    citing,
    completion,
    context,
    curation,
    dereference,
    description,
    dumps,
    elements,
    encoding,
    entities,
    eventlist,
    explanations,
    exports,
    feed,
    fragments,
    graphstore,
    ontology,
    openapi,
    probes,
    problems,
    reconcile,
    search,
    site,
    sitemap,
    sparql,
    structured,
    terms,
    ties,
    uploads,
    wording,
)
from kg.web.cache import ResponseCache
from kg.web.clients import DailyQuota
from kg.web.columns import read_months
from kg.web.graph import OncePerSnapshot
from kg.web.i18n import tell, translate
from kg.web.metrics import Metrics
from kg.web.movements import read_movements
from kg.web.overview import read_overview
from kg.web.records import EVENT_TYPES
from kg.web.tokens import read_tokens
from kg.workers import Supervisor
from kg.writing import WriteService

FOLDER = Path(__file__).parent
BLUEPRINTS = (
    site,
    browse,
    calendar,
    eventlist,
    dereference,
    entities,
    curation,
    search,
    sparql,
    completion,
    graphstore,
    description,
    dumps,
    uploads,
    ontology,
    exports,
    reconcile,
    citing,
    openapi,
    fragments,
    feed,
    sitemap,
    probes,
)


class Application(Flask):
    """Flask without the question, at every hook and view, whether it is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(store_path: str | Location | None = None, settings: Settings | None = None) -> Flask:
    """Make the WSGI application.

    Args:
        store_path: the store's folder or address; without it the setting `store` counts.
        settings: without them they are read from the environment.

    Raises:
        SettingError: an environment variable has a value that its setting cannot have.
        StoreError: the folder is no store, or one of another version.
    """
    given = settings or Settings.from_environment()
    path = locate(store_path or given.store)
    app = Application(__name__)
    app.url_map.merge_slashes = False  # else it leads on, to whatever host the client says that this is
    app.config.update(
        SETTINGS=given,
        BASE_IRI=base_iri_of(path) or given.base_iri,
        BUILD=_build_tag(),
        STARTED=time.time(),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        MAX_CONTENT_LENGTH=3 * max(given.query_max_bytes, given.write_max_bytes),
    )
    app.extensions["supervisor"] = Supervisor(path, given)
    app.extensions["tokens"] = read_tokens(given.tokens)
    app.extensions["writes"] = WriteService(path, app.config["BASE_IRI"], given)
    app.extensions["cache"] = ResponseCache(given.cache_mb * 1_000_000, app.extensions["supervisor"].snapshot)
    app.extensions["metrics"] = Metrics(app.extensions["supervisor"], app.extensions["cache"])
    app.extensions["permalinks"] = DailyQuota(given.permalinks_per_day)
    app.extensions["uses"] = description.UseCounts()
    app.extensions["compressed"] = LRUCache(encoding.CACHE_BYTES, getsizeof=len)
    app.extensions["movements"] = OncePerSnapshot(read_movements)
    app.extensions["months"] = OncePerSnapshot(read_months)
    app.extensions["classes"] = OncePerSnapshot(lambda graph: read_overview(graph).classes())
    app.extensions["standings"] = OncePerSnapshot(lambda graph: read_overview(graph).standings())
    app.extensions["calendar"] = OncePerSnapshot(calendar.read_calendar)
    app.extensions["index"] = Index(folder_of_index(path, app.config["BASE_IRI"]))
    problems.register(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    _prepare_templates(app)
    app.after_request(encoding.compress)
    app.after_request(context.finish)
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        href=context.href,
        key=context.key_of,
        shorten=ties.shorten,
        last_part=context.last_part,
        last_day=wording.last_day,
    )
    app.jinja_env.globals.update(
        route=context.route,
        event_types=EVENT_TYPES,
        statuses=STATUSES,
        named=elements.show_name,
        names=elements.show_names,
        linked=elements.link_names,
    )
    app.context_processor(_template_values)


def _template_values() -> dict[str, object]:
    """What every template may use, in the language of the request."""
    language = context.language()

    return {
        "lang": language,
        "t": partial(translate, language),
        "th": lambda key: Markup(translate(language, key)),  # noqa: S704 - only for messages of ours that hold HTML
        "term": lambda name: terms.name_term(name, language),
        "part": lambda name: terms.name_part(name, language),
        "tell": lambda text: tell(text, language),
        "explain": lambda text: explanations.explain(text, language),
        "define": lambda name: terms.define_term(name, language),
        "number": lambda value: wording.word_number(int(value), language),
        "percent": lambda share: wording.word_percent(share, language),
        "figure": lambda value: wording.word_figure(value, language),
        "badge": lambda status: elements.show_standing(status, language),
        "amount": lambda claim: elements.show_amount(claim, language),
        "said_by": lambda claim, name: elements.show_source(claim, name, language),
        "quoted": lambda claim: elements.quote_sentences(claim, language),
        "cite": lambda article: elements.cite(article, language),
        "show_day": lambda iso: elements.show_day(iso, language),
        "day": lambda iso: wording.word_day(iso, language),
        "month": lambda iso: wording.word_month(iso, language),
        "stretch": lambda begin, unit: wording.word_stretch(begin, unit, language),
        "period": lambda begin, end: wording.word_period(begin, end, language),
        "position": lambda lat, lon: wording.word_position(lat, lon, language),
        "link": context.link,
        "describe_page": structured.describe_page,
        "current_path": request.full_path.removesuffix("?"),
        "build": current_app.config["BUILD"],
    }


def _build_tag() -> str:
    """Name this build of the program by the files that pages are made of."""
    digest = hashlib.blake2b(__version__.encode(), digest_size=6)
    folders = (FOLDER, *(FOLDER / name for name in ("templates", "static", "static/vendor", "locale", "queries")))
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
