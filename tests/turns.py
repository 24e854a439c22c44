"""Tests that need the machine for themselves have it, though several processes run tests at once.

What a query in the slow lane gets is what nobody else wants, and limits of a second or two are passed by whatever waits
long enough for a processor: beside another process full of work such tests would measure that one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ALONE: Final = "alone"
"""The mark of a test that runs while no other does."""
_HERE: Final = Path(__file__)


class Turns:
    """Lets tests in, any number of them or one that is alone, by locks on files that all processes have."""

    def __init__(self) -> None:
        """Open what is locked."""
        self._door = os.open(_HERE, os.O_RDONLY)
        self._room = os.open(_HERE.with_name("conftest.py"), os.O_RDONLY)

    @contextmanager
    def take(self, *, alone: bool) -> Iterator[None]:
        """Wait for one's turn; it lasts until the block ends. Who waits to be alone holds the door against the rest."""
        fcntl.flock(self._door, fcntl.LOCK_EX)
        fcntl.flock(self._room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(self._door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)
