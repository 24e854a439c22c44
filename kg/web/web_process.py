"""The process that answers: the application behind an HTTP server, with workers for queries."""

import asyncio
import gc
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable

import uvloop
from flask import Flask

from kg.lookups import Lookups
from kg.settings import Settings
from kg.web.accesslog import AccessLog
from kg.web.ahead import PagesAhead
from kg.web.app import create_app
from kg.web.clients import ClientLimits
from kg.web.connections import HttpServer
from kg.web.direct import DirectQueries
from kg.web.exchanges import App
from kg.web.gateway import Gateway
from kg.worker_handles import TemplateProcess
from kg.workers import Supervisor

THREADS = 64
"""Requests in progress at once beside those that the cache answers; most of them wait for a query worker."""
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter to itself; the one that answers from the cache is not to wait for it."""
MOST_CONNECTIONS = 4_096
MOST_CONNECTIONS_EACH = 512
"""Of one client, so that none keeps all others out; not of our proxies."""
FILES = 256
"""Files that are open beside the connections: workers' sockets, the log."""


def make_server(template: TemplateProcess) -> Callable[[socket.socket], None]:
    """Do what takes time before the first request.

    Args:
        template: forks the workers for queries.

    Returns:
        What serves from a socket until the process is told to stop.

    Raises:
        SettingError, StoreError: as `create_app`.
    """
    app = create_app()
    workers: Supervisor = app.extensions["supervisor"]
    workers.warm(template)
    lookups = Lookups(workers.store_path)
    gateway = _make_gateway(app, lookups)

    def serve_all(listening: socket.socket) -> None:
        threading.Thread(target=lambda: workers.queries, name="start workers").start()  # while the server starts
        with lookups, PagesAhead(app, app.config["SETTINGS"].pages_ahead):
            serve_socket(gateway, listening)

    return serve_all


def _make_gateway(app: Flask, lookups: Lookups) -> Gateway:
    given: Settings = app.config["SETTINGS"]
    log = [AccessLog(given.access_log)] if given.access_log else []
    return Gateway(
        app,
        app.extensions["cache"],
        ClientLimits(given.client_at_once, given.client_per_second, exempt_loopback=not given.proxies),
        threads=THREADS,
        most_bytes=3 * max(given.query_max_bytes, given.write_max_bytes),
        proxies=frozenset(given.proxies.split()),
        direct=DirectQueries(app.extensions["supervisor"], lookups, given, app.config["BASE_IRI"]),
        observers=[app.extensions["metrics"], *log],
    )


def _most_connections() -> int:
    """Return how many connections there may be at once, once as many files may be open as that takes."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if now != resource.RLIM_INFINITY and now < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(allowed - FILES, FILES)


def serve_socket(app: App, listening: socket.socket) -> None:
    """Serve from a socket until SIGTERM, and then until all that has come in is answered."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what is there by now stays, and need not be looked through again and again
    uvloop.run(_serve_until_stopped(app, listening))


async def _serve_until_stopped(app: App, listening: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C reaches every process; the guardian says when to stop
    at_once, name_peer = (app.answer_at_once, app.name_peer) if isinstance(app, Gateway) else (None, str)
    most = _most_connections()
    server = HttpServer(
        app, listening, most=most, most_each=MOST_CONNECTIONS_EACH, name_peer=name_peer, at_once=at_once
    )
    await server.run(told)
