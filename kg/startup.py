"""How a process that reads starts sooner."""

import lzma
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Any


def import_spacy() -> None:
    """Import spaCy without its command line, which takes a quarter of the time and is wanted by nobody here.

    The package asks for one function of it, `spacy.info`, which stays as good as it was: it imports the command line
    when it is called. An edition of spaCy that asks for more is imported whole.
    """
    if "spacy" in sys.modules:
        return
    stand_ins = {"spacy.cli": ModuleType("spacy.cli"), "spacy.cli.info": ModuleType("spacy.cli.info")}
    stand_ins["spacy.cli.info"].info = _info  # type: ignore[attr-defined]  # a module's names are set as it runs
    sys.modules.update(stand_ins)
    try:
        import spacy  # noqa: F401, PLC0415 - what it takes is what this is about
    except ImportError:
        pass  # who imports it next does so with the command line
    finally:
        for name in stand_ins:
            del sys.modules[name]


def read_packed() -> bytes:
    """Return simplemma's file of German forms."""
    return files("simplemma").joinpath("strategies", "dictionaries", "data", "de.plzma").read_bytes()


@cache
def unpack_dictionary() -> Callable[[], bytes]:
    """Begin to unpack that file in a thread, beside which the others go on; return what waits for it and gives it."""
    executor = ThreadPoolExecutor(1, "unpacking")
    unpacked = executor.submit(lzma.decompress, read_packed())

    def wait() -> bytes:
        with executor:  # no thread is left: processes are forked from some that read
            return unpacked.result()

    return wait


def _info(*args: Any, **kwargs: Any) -> Any:
    from spacy.cli.info import info  # noqa: PLC0415 - see above

    return info(*args, **kwargs)
