"""The garbage collector and what stays."""

import gc
import weakref

from kg.garbage import nothing_is_garbage


class Ring:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.own = self


def test_what_is_loaded_is_passed_over_even_where_a_library_switches_the_collector_on() -> None:
    often = gc.get_threshold()
    collected: list[str] = []
    gc.callbacks.append(lambda phase, _: collected.append(phase))
    try:
        with nothing_is_garbage():
            gc.disable()
            gc.enable()
            kept = weakref.ref(Ring())
            assert [[] for _ in range(2 * often[0])]
        assert not collected
        gc.collect()
        assert kept() is not None
    finally:
        gc.callbacks.pop()
    assert gc.get_threshold() == often
