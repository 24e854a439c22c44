"""Python's garbage collector, which looks in vain through what is loaded to stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """Have the collector pass over all that is made in a block, then and later.

    It is not switched off for that: other libraries do so for a moment, and switch it on again.
    """
    often = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*often)
