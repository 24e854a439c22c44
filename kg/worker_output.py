"""What a worker sends: frames, gathered so that they are few, and cut between two rows where an answer is too large.

Tables are serialised in Rust, which cannot be told to stop after a number of rows, so the rows are counted in what
comes out. Each format has a mark that stands between rows and nowhere else: in a JSON string a quotation mark is
escaped, so `},{"` is never part of one; in XML text `<` is an entity; in TSV line ends are escaped; in CSV a line end
counts where the quotation marks before it are even in number.
"""

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

import pyoxigraph as ox

FRAME = struct.Struct("!cI")
GATHER_BYTES = 65_536
GATHER_SECONDS = 0.02
"""A frame is sent when it has so many bytes, or so many seconds after the one before."""
LEAST_BYTES = 4_096
"""The engine hands over 8 kB at a time; fewer are the end of an answer, which is sent in one go with the end frame."""


class Mark(NamedTuple):
    """How rows are told apart in a format."""

    text: bytes
    cut: int
    """Where in the mark a table may end, from its beginning."""
    ends_row: bool
    """Whether it ends every row, so that it stands between rows only where something follows."""
    before: int
    """How many of them stand before the second row's own."""
    closing: bytes | None
    """What closes a table that was cut, with the reason; None where the format has no room for one."""


MARKS = {
    "json": Mark(b'},{"', 1, False, 0, b']},"truncated":"%b"}'),
    "xml": Mark(b"<result>", 0, False, 1, b"</results><!-- truncated: %b --></sparql>"),
    "csv": Mark(b"\r\n", 2, True, 1, None),
    "tsv": Mark(b"\n", 1, True, 1, None),
}


class FullError(Exception):
    """An answer reached its limit; it was cut and, where its format allows, closed."""

    def __init__(self, limit: str, allowed: int, *, closed: bool) -> None:
        super().__init__(describe_cut(limit, allowed))
        self.limit = limit
        self.allowed = allowed
        self.closed = closed


def describe_cut(limit: str, allowed: int) -> str:
    """Say where an answer was cut: after so many `rows` or `bytes`."""
    return f"only the first {allowed:,} {limit} of the answer"


def frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """Return one frame."""
    return FRAME.pack(kind, len(payload)) + payload


def send_frame(sock: socket.socket, kind: bytes, payload: bytes | bytearray = b"") -> None:
    """Send one frame."""
    sock.sendall(frame(kind, payload))


class Output(Protocol):
    """Where an answer goes."""

    @property
    def total(self) -> int:
        """Bytes that were written."""

    def write(self, data: Any) -> int:
        """Take more (bytes); return how much that is."""


class FrameWriter:
    """What pyoxigraph can serialise into as into a file; what is written goes out in data frames, after the head.

    Making and closing one of Python's own kinds of file would take a tenth of the time that a short answer takes.
    """

    def __init__(self, sock: socket.socket, head: bytes) -> None:
        self._sock = sock
        self._head = frame(b"H", head)
        self._gathered = bytearray()
        self._sent_at = 0.0
        self.total = 0
        """Bytes that were written."""

    def write(self, data: Any) -> int:
        """Send `data` (bytes), perhaps together with what comes next."""
        self._gathered += data
        self.total += len(data)
        gathered, now = len(self._gathered), time.monotonic()
        if gathered >= GATHER_BYTES or (gathered >= LEAST_BYTES and now - self._sent_at >= GATHER_SECONDS):
            self._send(b"")
            self._sent_at = now
        return len(data)

    def flush(self) -> None:
        """Do nothing: when to send is not for the serialiser to say."""

    def end(self, payload: bytes) -> None:
        """Send what was gathered, and the end frame."""
        self._send(frame(b"E", payload))

    def _send(self, end: bytes) -> None:
        data = frame(b"D", self._gathered) if self._gathered else b""
        self._sock.sendall(self._head + data + end)
        self._head, self._gathered = b"", bytearray()


class TableWriter:
    """The same for a table of at most so many rows and bytes."""

    def __init__(self, output: Output, format_name: str, max_rows: int, max_bytes: int) -> None:
        self._output = output
        self._mark = MARKS[format_name]
        self._marks_left = max_rows + self._mark.before
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self._quoted: bool | None = False if format_name == "csv" else None
        self._gathered = bytearray()
        self._looked_at = time.monotonic()
        self._held = b""
        self._full: FullError | None = None

    def write(self, data: Any) -> int:
        """Pass `data` on, perhaps together with what comes next: to look at much in one go costs a fraction.

        Raises:
            FullError: the limit is reached.
        """
        if self._full is not None:  # the serialiser tries again when it is dropped
            raise self._full
        self._gathered += data
        now = time.monotonic()
        if len(self._gathered) >= GATHER_BYTES or now - self._looked_at >= GATHER_SECONDS:
            self._looked_at = now
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing, likewise."""

    def finish(self) -> None:
        """Pass on what is left; errors as `write`."""
        self._pass_on(is_last=True)

    def _pass_on(self, *, is_last: bool = False) -> None:
        """Pass on what was gathered, but for what might be the beginning of a mark."""
        piece = self._held + bytes(self._gathered)
        self._gathered.clear()
        looked_at = piece[:-1] if self._mark.ends_row else piece
        found = self._count(looked_at)
        if found >= self._marks_left:
            cut = next(place for number, place in enumerate(self._places(looked_at), 1) if number == self._marks_left)
            self._close(piece[:cut], "rows", self._max_rows)
        room = self._max_bytes - self._output.total
        if len(piece) > room:
            cut = max((place for place in self._places(looked_at) if place <= room), default=0)
            self._close(piece[:cut], "bytes", self._max_bytes, torn=not cut)
        self._marks_left -= found
        hold = 0 if is_last else len(self._mark.text) - 1 + self._mark.ends_row
        done = piece[: max(len(piece) - hold, 0)]
        if self._quoted is not None and done.count(b'"') % 2:
            self._quoted = not self._quoted
        self._output.write(done)
        self._held = piece[len(done) :]

    def _count(self, text: bytes) -> int:
        if self._quoted or (self._quoted is not None and b'"' in text):
            return sum(1 for _ in self._places(text))
        return text.count(self._mark.text)

    def _places(self, text: bytes) -> Iterator[int]:
        """Yield where the table may be cut."""
        mark, quoted, place = self._mark, bool(self._quoted), 0
        for segment in text.split(b'"') if self._quoted is not None else (text,):
            if not quoted:
                at = segment.find(mark.text)
                while at >= 0:
                    yield place + at + mark.cut
                    at = segment.find(mark.text, at + len(mark.text))
            place += len(segment) + 1
            quoted = not quoted

    def _close(self, rest: bytes, limit: str, allowed: int, *, torn: bool = False) -> None:
        self._output.write(rest)
        closing = None if torn else self._mark.closing
        if closing is not None:
            self._output.write(closing % describe_cut(limit, allowed).encode())
        self._full = FullError(limit, allowed, closed=closing is not None)
        raise self._full


class NotRdf11Error(Exception):
    """A triple that RDF 1.1 cannot hold."""


def check_rdf_11(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Pass on triples.

    Raises:
        NotRdf11Error: at one with a triple term, or a string with a direction of writing.
    """
    for triple in triples:
        found = triple.object
        if isinstance(found, ox.Triple):
            raise NotRdf11Error("a triple term")
        if isinstance(found, ox.Literal) and found.direction is not None:
            raise NotRdf11Error("a string with a direction of writing")
        yield triple


class TripleLimit:
    """Yields triples to a serialiser until there are so many, or its output has so many bytes."""

    def __init__(self, triples: Iterable[Any], output: FrameWriter, max_rows: int, max_bytes: int) -> None:
        self._triples = triples
        self._output = output
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self.limit, self.allowed = "", 0
        """The limit that was reached, as `FullError` has it; empty where none was."""

    def __iter__(self) -> Iterator[Any]:
        for number, triple in enumerate(self._triples):
            if number >= self._max_rows:
                self.limit, self.allowed = "rows", self._max_rows
                return
            if self._output.total >= self._max_bytes:
                self.limit, self.allowed = "bytes", self._max_bytes
                return
            yield triple
