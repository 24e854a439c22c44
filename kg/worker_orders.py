"""What the process that forks workers is told, and what they may take; it loads fast, for who starts one early."""

import math
import struct
from dataclasses import dataclass
from typing import Final

from kg.settings import Settings

LENGTH: Final = struct.Struct("!I")
"""Before each job, its bytes."""
FORK: Final = b"F"
"""What the template is told: to fork a worker for the socket that travels with it."""
FORKED: Final = struct.Struct("!I")
"""What it answers: the worker's process id."""
STACK_PER_BYTE: Final = 5_500
"""Bytes of stack for each byte of a query; the engine took 3,900 for a pair of braces, the most that was seen."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What every worker of a template may take."""

    memory_mb: int
    """Address space, beside the stack."""
    stack_mb: int
    network: bool = False
    """Whether it may open sockets."""


def limit_queries(settings: Settings, *, network: bool) -> WorkerLimits:
    """Return what workers for queries may take."""
    stack_mb = math.ceil(settings.query_max_bytes * STACK_PER_BYTE / 2**20)
    return WorkerLimits(settings.query_memory_mb, stack_mb, network)
