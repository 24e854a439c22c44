"""Writes in processes that may die for them: one forked for each write, by a template as that of the query workers.

Run as `python -m kg.write_process FD STORE LIMITS MODEL` by `kg.writing`, which has the other end of the socket FD.
With a MODEL (`-` for the bundled one) the template loads what reading articles takes before it forks. It never opens
the store. A process takes one job, opens the store with its lock, writes, publishes and ends. Killed in the middle, it
leaves the last transaction that was whole, and no lock.

The answer is a frame `H` with the result and `E`, or `X` with an error by its class; neither means that it died.
"""

import json
import signal
import socket
import sys

from kg.errors import LagebildError
from kg.remote import Location, locate
from kg.tasks import load_reader
from kg.worker_orders import WorkerLimits
from kg.worker_output import send_frame
from kg.worker_process import Template, receive_job
from kg.write_jobs import from_message
from kg.write_runs import Context, run


class WriteTemplate(Template):
    """The process that forks one process for each write."""

    def __init__(self, control: socket.socket, store_path: Location, limits: WorkerLimits, model: str | None) -> None:
        super().__init__(control, store_path, limits)
        self._failure: LagebildError | None = None
        if model is not None:
            try:
                load_reader(model)
            except LagebildError as error:  # whoever asks for an article is told
                self._failure = error

    def _work(self, sock: socket.socket) -> None:
        message = receive_job(sock)
        if message is None:
            return
        signal.setitimer(signal.ITIMER_REAL, message["seconds"])
        try:
            if self._failure is not None:
                raise self._failure
            job, base_iri, settings = from_message(message)
            result = run(job, Context(self._store_path, base_iri, settings))
        except LagebildError as error:
            send_frame(sock, b"X", json.dumps([type(error).__name__, vars(error)]).encode())
        else:
            send_frame(sock, b"H", json.dumps(result).encode())
            send_frame(sock, b"E")


def main(arguments: list[str]) -> None:
    """Run the template: the control socket's descriptor, the store's folder, the limits, the model if it reads."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the socket in its own time
    descriptor, store_path, limits, *model = arguments
    name = None if not model else model[0].removeprefix("-")
    control = socket.socket(fileno=int(descriptor))
    WriteTemplate(control, locate(store_path), WorkerLimits(**json.loads(limits)), name).run()


if __name__ == "__main__":
    main(sys.argv[1:])
