"""The production server: granian, one process, shut down gracefully by SIGTERM or Ctrl-C."""

import os
import socket
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from kg.errors import SettingError
from kg.sandbox import die_with_parent
from kg.settings import PREFIX, Settings
from kg.store import open_snapshot
from kg.web.accesslog import AccessLog
from kg.web.app import create_app
from kg.web.gateway import Gateway

THREADS = 64
"""Requests in progress at once beside those that the cache answers; most of them wait for a query worker."""
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter to itself; the one that answers from the cache is not to wait for it."""
STOP_SECONDS = 10
"""Time that requests in progress have when the server stops."""


def serve(store_path: str | Path | None, host: str, port: int) -> None:
    """Serve a store until the process is told to stop.

    Args:
        store_path: the store's folder; None means the setting `store`.
        host: address to listen on.
        port: port to listen on.

    Raises:
        StoreError: there is no store, or no graph in it.
        SettingError: the port is taken or cannot be listened on.
    """
    settings = Settings.from_environment()
    path = Path(store_path or settings.store).resolve()
    with open_snapshot(path):
        pass
    _check_port(host, port)
    os.environ[f"{PREFIX}STORE"] = str(path)
    print(f"Serving {path} at http://{'localhost' if host == '127.0.0.1' else host}:{port}/ (Ctrl-C stops)", flush=True)
    Granian(
        "kg.web.serve:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        factory=True,
        log_enabled=False,
    ).serve()


def application() -> Gateway:
    """Make the application in the process that granian forks, which is not to outlive granian."""
    die_with_parent(os.getppid())
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app()
    given: Settings = app.config["SETTINGS"]
    log = [AccessLog(given.access_log)] if given.access_log else []
    return Gateway(
        app,
        app.extensions["cache"],
        threads=THREADS,
        most_bytes=3 * max(given.query_max_bytes, given.write_max_bytes),
        proxies=frozenset(given.proxies.split()),
        observers=[app.extensions["metrics"], *log],
    )


def _check_port(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise SettingError(f"{host}:{port} cannot be listened on: {reason}.", "Choose another with --port.") from error
