"""A query for a worker, and the answer while it comes in."""

import hashlib
import json
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from operator import attrgetter
from typing import Final

from kg.errors import LagebildError
from kg.worker_output import describe_cut

Binding = str | int | Mapping[str, str]
"""A plain literal, or `{"iri": …}`."""


@dataclass(slots=True)
class Job:
    """One query and how to answer it."""

    query: str
    table: str | None = "json"
    """Format of a SELECT's or ASK's answer: `json`, `xml`, `csv`, `tsv`; None where such an answer is not wanted."""
    graph: str | None = "nt"
    """Format of a CONSTRUCT's or DESCRIBE's answer: `ttl`, `nt`, `rdf`, `jsonld`; None likewise."""
    base_iri: str | None = None
    """What relative IRIs in the query are resolved against; without it they are errors."""
    union: bool = True
    """Whether the default graph is the union of all graphs."""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    """Values of variables, put in by the engine and never by pasting text."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Prefixes of an RDF document; with them the triples are also sorted, so keep such answers small."""
    seconds: float | None = None
    """How long it may take; None means as long as its pool allows."""
    max_rows: int = sys.maxsize
    """Rows or triples after which the answer is cut."""
    max_bytes: int = sys.maxsize
    snapshot: str | None = None
    """Name of the snapshot to ask; None means the current one."""
    network: bool = False
    """Whether it calls other endpoints."""
    is_repeatable: bool = True
    """Whether it always has the same answer from the same snapshot."""
    only_rdf_11: bool = False
    """Whether a graph is to hold nothing that RDF 1.1 does not know; if it does, that is an error."""
    is_compacted: bool = False
    """Whether JSON-LD is wanted in its compacted form."""
    dump: str | None = None
    """`nq` or `trig`: all graphs are wanted as one compressed file, and `query` is empty."""

    def message(self) -> dict[str, object]:
        """Return the job as it travels to a worker."""
        return dict(zip(FIELDS, _read_fields(self), strict=True))

    @property
    def digest(self) -> str:
        """Name what is asked, of whatever snapshot."""
        return hashlib.blake2b(repr(_read_fields(self)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def describe_limits(self) -> str:
        """Return its limits as a list of parameters, for a response header."""
        return _describe_limits(self.seconds, self.max_rows, self.max_bytes)


@lru_cache
def _describe_limits(seconds: float | None, rows: int, size: int) -> str:
    limits = {"seconds": seconds, "rows": rows, "bytes": size}
    return ", ".join(f"{name}={value}" for name, value in limits.items() if value not in {None, sys.maxsize})


FIELDS: Final = tuple(each.name for each in fields(Job))
_read_fields: Final = attrgetter(*FIELDS)

Frame = tuple[bytes, bytes]
Frames = Generator[Frame | int | None, float | None, None]
"""First the descriptor at which a worker's answer comes in, once it has the job; then the frames of that answer.

What is sent is the seconds to wait for the next frame, after which None comes in its place; None means as long as it
takes.
"""


@lru_cache
def _read_head(payload: bytes) -> tuple[str, str | None, str]:
    """Return kind, format and snapshot of an answer, which are those of many."""
    head = json.loads(payload)
    return head["kind"], head["format"], head["snapshot"]


class Answer:
    """A worker's answer while it comes in: what it is, and its bytes."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._error: LagebildError | None = None
        self._begun = bytearray()
        self.is_whole = False
        """Whether all of it has been read."""
        self.descriptor = -1
        """Where the answer comes in."""
        self.kind = ""
        """`table`, `graph` or `dump`."""
        self.format: str | None = None
        """Name of the format; None where the job wanted no answer of this kind, and there are no bytes."""
        self.snapshot = ""
        self.truncated = ""
        """Where the answer was cut because of a limit, in words; empty where it was not. Known at its end."""
        self.is_closed = True
        """Whether a cut answer is well-formed and says itself that it was cut. Known at its end."""

    def send(self) -> None:
        """Hand the job over to a worker; errors as `WorkerPool.ask`."""
        found = next(self._frames)
        assert isinstance(found, int)  # it comes first  # noqa: S101
        self.descriptor = found

    def start(self) -> None:
        """Wait for the head, if it is not there yet; errors as `WorkerPool.ask`."""
        if self._error is not None:
            raise self._error
        if not self.kind:
            self._read_head(self._frames.send(None))

    def poll(self, most_bytes: int, seconds: float = 0.0) -> bool:
        """Take in what comes within so many seconds, up to so many bytes, to the nearest chunk.

        Returns:
            Whether there is nothing to wait for: it is whole, it is longer, or it ended in an error, which `start`
            raises.
        """
        if self.is_whole or self._error is not None:
            return True
        deadline = time.monotonic() + seconds if seconds else 0.0
        try:
            while len(self._begun) < most_bytes:
                frame = self._frames.send(max(deadline - time.monotonic(), 0.0) if deadline else 0.0)
                if frame is None:
                    return False
                if self.kind:
                    self._begun += self._take(frame)
                else:
                    self._read_head(frame)
        except StopIteration:
            self.is_whole = True
        except LagebildError as error:
            self._error = error
        return True

    def begin(self, most_bytes: int, seconds: float) -> tuple[bytes, bool]:
        """Read the beginning of the answer, which is all of it if it is short and soon there.

        Args:
            most_bytes: how much to read at most, to the nearest chunk.
            seconds: how long to wait for more once there is something.

        Returns:
            What there is, and whether that is all.
        """
        found, deadline = self._begun, None
        while not self.is_whole and len(found) < most_bytes:
            patience = None if deadline is None else max(deadline - time.monotonic(), 0.0)
            try:
                frame = self._frames.send(patience)
            except StopIteration:
                self.is_whole = True
                break
            if frame is None:
                break
            found += self._take(frame)
            deadline = deadline or time.monotonic() + seconds
        return bytes(found), self.is_whole

    @property
    def chunks(self) -> Iterator[bytes]:
        """The bytes that have not been read yet.

        Raises:
            QueryTimeoutError, QueryCrashError, QueryAbandonedError: the answer was cut off.
        """
        for frame in self._frames:
            if data := self._take(frame):
                yield data

    def close(self) -> None:
        """Stop early."""
        self._frames.close()

    def _read_head(self, frame: Frame | int | None) -> None:
        assert isinstance(frame, tuple)  # without a limit it waits  # noqa: S101
        self.kind, self.format, self.snapshot = _read_head(frame[1])

    def _take(self, frame: Frame | int | None) -> bytes:
        assert isinstance(frame, tuple)  # without a limit it waits  # noqa: S101
        kind, payload = frame
        if kind == b"D":
            return payload
        if payload != b"{}":
            end = json.loads(payload)
            self.truncated, self.is_closed = describe_cut(end["limit"], end["allowed"]), end["closed"]
        return b""
