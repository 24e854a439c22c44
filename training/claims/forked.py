"""Work on many articles in several processes that share what is in memory."""

import gc
from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

_Result = TypeVar("_Result")
_CHUNK = 8
_CHUNKS = 12
"""A process ends after so many, and what it has remembered of articles with it."""
_functions: list[Callable[[int], object]] = []
"""What a forked process finds here need not be sent to it."""


def spread(function: Callable[[int], _Result], count: int, jobs: int, chunk: int = _CHUNK) -> list[_Result]:
    """Return what a function gives for 0 to `count` - 1; its results are sent between processes where `jobs` > 1."""
    if jobs == 1:
        return [function(number) for number in range(count)]
    _functions.append(function)
    gc.collect()
    gc.freeze()  # so that collecting garbage does not copy what is shared
    try:
        with get_context("fork").Pool(jobs, maxtasksperchild=_CHUNKS) as pool:
            return pool.map(_call, range(count), chunksize=chunk)  # type: ignore[arg-type]  # `_call` gives what `function` does
    finally:
        gc.unfreeze()
        _functions.pop()


def _call(number: int) -> object:
    return _functions[-1](number)
