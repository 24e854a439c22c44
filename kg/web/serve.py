"""The production server: in a process of its own that is kept alive.

A guardian that was killed is started again, and until then nobody is answered. So it listens first, checks the store,
and then forks the process that answers, which starts the one that forks workers: both load the program at the same
time, and the guardian itself later.
"""

import errno
import importlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SettingError
from kg.settings import PREFIX, Settings
from kg.web.guardian import BACKLOG, Guardian

if TYPE_CHECKING:
    from kg.remote import Location

LEAVE_SECONDS = 2.0
"""Time that the processes of a server that was killed have to let go of the address."""
INHERITED = 3
"""Descriptor of the socket that systemd hands over (sd_listen_fds(3))."""


def serve(store_path: "str | Location | None", host: str, port: int) -> None:
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
    listening = _inherit() or _listen(host, port)
    listening.setblocking(False)
    path = _check(store_path or settings.store)
    host, port = listening.getsockname()[:2]
    os.environ[f"{PREFIX}STORE"] = str(path)
    place = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    print(f"Serving {path} at http://{place}:{port}/ (Ctrl-C stops)", flush=True)
    if not Guardian(listening, _prepare, _load).run():
        raise SettingError("The server cannot start.", "See the lines above.")


def _check(store_path: "str | Location") -> "Location":
    """Return where a store is, once it is seen to be one that can be read."""
    from kg.remote import Endpoint, locate, name_publication  # noqa: PLC0415 - connections wait by now
    from kg.snapshots import lock_snapshot  # noqa: PLC0415 - as above
    from kg.store import base_iri_of  # noqa: PLC0415 - as above

    path = locate(store_path)
    if isinstance(path, Path):
        path = path.resolve()
    base_iri_of(path)
    if isinstance(path, Endpoint):
        name_publication(path)
    else:
        with lock_snapshot(path):  # and does not open it: a database has threads, which a fork does not take along
            pass
    return path


def _prepare() -> Callable[[socket.socket], None]:
    """Do what takes time before the first request; return what serves from a socket."""
    from kg.remote import Endpoint, locate  # noqa: PLC0415 - see the module
    from kg.worker_handles import TemplateProcess  # noqa: PLC0415 - as above
    from kg.worker_orders import limit_queries  # noqa: PLC0415 - as above

    settings = Settings.from_environment()
    path = locate(settings.store)
    template = TemplateProcess(path, limit_queries(settings, network=isinstance(path, Endpoint)))
    template.start()
    from kg.web.web_process import make_server  # noqa: PLC0415 - takes as long as the template does to start

    return make_server(template)


def _load() -> None:
    importlib.import_module("kg.web.web_process")


def _inherit() -> socket.socket | None:
    """Return the socket that systemd has opened for this process, if it has."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    inherited = socket.socket(fileno=INHERITED)
    if inherited.family not in {socket.AF_INET, socket.AF_INET6}:
        raise SettingError("The socket that was handed over is none of TCP.", "Have ListenStream name a port.")
    return inherited


def _listen(host: str, port: int) -> socket.socket:
    deadline = time.monotonic() + LEAVE_SECONDS
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while not _bind(listening, (address[0], port, *address[2:]), is_last=time.monotonic() > deadline):
            time.sleep(0.005)
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise SettingError(f"{host}:{port} cannot be listened on: {reason}.", "Choose another with --port.") from error
    return listening


def _bind(listening: socket.socket, address: tuple[object, ...], *, is_last: bool) -> bool:
    """Bind a socket; False where the address is taken, unless this is the last attempt: then that is an error."""
    try:
        listening.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE or is_last:
            raise
        return False
    return True
