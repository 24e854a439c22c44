"""The access log: a line of JSON about each request."""

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from kg.errors import SettingError
from kg.web.visits import Record

LONGEST_TARGET = 2_000


class AccessLog:
    """Writes the lines. A file that was moved away, as logrotate does, is made anew."""

    def __init__(self, place: str) -> None:
        """Open the log.

        Args:
            place: a file; `-` stands for the standard output.

        Raises:
            SettingError: the file cannot be written.
        """
        self._log = logging.Logger("kg.access", logging.INFO)
        try:
            handler = logging.StreamHandler(sys.stdout) if place == "-" else WatchedFileHandler(place, encoding="utf-8")
        except OSError as error:
            raise SettingError(
                f"The access log {place} cannot be written: {error.strerror}.",
                "Set LAGEBILD_ACCESS_LOG to another file.",
            ) from error
        self._log.addHandler(handler)

    def __call__(self, record: Record) -> None:
        """Write a line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": record.id,
            "client": record.client,
            "method": record.method,
            "target": record.target[:LONGEST_TARGET],
            "status": record.status,
            "bytes": record.sent,
            "seconds": round(record.seconds, 6),
            "cached": record.cached,
            "whole": record.whole,
        }
        self._log.info(json.dumps(line, ensure_ascii=False))
