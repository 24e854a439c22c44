"""The production server: in a process of its own that is kept alive."""

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import uvloop
from flask import Flask

from kg.errors import SettingError
from kg.remote import Endpoint, Location, locate, name_publication
from kg.settings import PREFIX, Settings
from kg.snapshots import lock_snapshot
from kg.store import base_iri_of
from kg.web.accesslog import AccessLog
from kg.web.ahead import PagesAhead
from kg.web.app import create_app
from kg.web.clients import ClientLimits
from kg.web.connections import BACKLOG, HttpServer
from kg.web.direct import DirectQueries
from kg.web.exchanges import App
from kg.web.gateway import Gateway
from kg.web.guardian import Guardian
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
INHERITED = 3
"""Descriptor of the socket that systemd hands over (sd_listen_fds(3))."""


def serve(store_path: str | Location | None, host: str, port: int) -> None:
    """Serve a store until the process is told to stop.

    Args:
        store_path: the store's folder or address; None means the setting `store`.
        host: address to listen on; of no account where systemd hands a socket over.
        port: port to listen on.

    Raises:
        StoreError: there is no store, or no graph in it.
        SettingError: the port is taken or cannot be listened on, or a setting is wrong.
    """
    settings = Settings.from_environment()
    path = locate(store_path or settings.store)
    if isinstance(path, Path):
        path = path.resolve()
    base_iri_of(path)
    if isinstance(path, Endpoint):
        name_publication(path)
    else:
        with lock_snapshot(path):  # and does not open it: a database has threads, which a fork does not take along
            pass
    listening = _inherit() or _listen(host, port)
    listening.setblocking(False)
    host, port = listening.getsockname()[:2]
    os.environ[f"{PREFIX}STORE"] = str(path)
    place = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    print(f"Serving {path} at http://{place}:{port}/ (Ctrl-C stops)", flush=True)
    if not Guardian(listening, _prepare).run():
        raise SettingError("The server cannot start.", "See the lines above.")


def _prepare() -> Callable[[socket.socket], None]:
    """Do what takes time before the first request; return what serves from a socket."""
    app = create_app()
    workers: Supervisor = app.extensions["supervisor"]
    workers.warm()
    gateway = _make_gateway(app)

    def serve_all(listening: socket.socket) -> None:
        threading.Thread(target=lambda: workers.queries, name="start workers").start()  # while the server starts
        with PagesAhead(app, app.config["SETTINGS"].pages_ahead):
            serve_socket(gateway, listening)

    return serve_all


def _make_gateway(app: Flask) -> Gateway:
    given: Settings = app.config["SETTINGS"]
    log = [AccessLog(given.access_log)] if given.access_log else []
    return Gateway(
        app,
        app.extensions["cache"],
        ClientLimits(given.client_at_once, given.client_per_second, exempt_loopback=not given.proxies),
        threads=THREADS,
        most_bytes=3 * max(given.query_max_bytes, given.write_max_bytes),
        proxies=frozenset(given.proxies.split()),
        direct=DirectQueries(app.extensions["supervisor"], given, app.config["BASE_IRI"]),
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


def _inherit() -> socket.socket | None:
    """Return the socket that systemd has opened for this process, if it has."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    inherited = socket.socket(fileno=INHERITED)
    if inherited.family not in {socket.AF_INET, socket.AF_INET6}:
        raise SettingError("The socket that was handed over is none of TCP.", "Have ListenStream name a port.")
    return inherited


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address[0], port, *address[2:]))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise SettingError(f"{host}:{port} cannot be listened on: {reason}.", "Choose another with --port.") from error
    return listening
