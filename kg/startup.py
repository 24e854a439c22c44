"""How a process that reads starts sooner."""

import gzip
import lzma
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

Result = TypeVar("Result")

NAMES = ("towns", "given_names")
_REGISTRIES = ("spacy_", "thinc_", "srsly_")
"""With what the entry points of these packages begin: they look through all for each of some hundred names."""


def begin(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin work in a thread, beside which others go on while it unpacks or hashes; return what waits for its result.

    Whoever waits first leaves no thread behind: processes are forked from some that read.
    """
    executor = ThreadPoolExecutor(1, "beginning")
    begun = executor.submit(work)

    def wait() -> Result:
        with executor:
            return begun.result()

    return wait


def import_spacy() -> None:
    """Import spaCy without its command line, which takes a quarter of the time and is wanted by nobody here.

    The package asks for one function of it, `spacy.info`, which stays as good as it was: it imports the command line
    when it is called. An edition of spaCy that asks for more is imported whole.
    """
    if "spacy" in sys.modules:
        return
    info = ModuleType("spacy.cli.info")
    info.info = _info  # type: ignore[attr-defined]  # a module's names are set as it runs
    stand_ins: dict[str, ModuleType | None] = {"spacy.cli": ModuleType("spacy.cli"), "spacy.cli.info": info}
    if "pydantic.v1" not in sys.modules:
        stand_ins["pydantic.v1"] = None  # confection can do without the old interface, and spaCy has none of it left
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None means that it cannot be imported
    try:
        import_module("spacy")
    except ImportError:
        pass  # who imports it next does so with the command line
    finally:
        for name in stand_ins:
            del sys.modules[name]
    _pass_over_others()


def _pass_over_others() -> None:
    """Let spaCy's registries look for what they lack among entry points of their own only."""
    from importlib.metadata import EntryPoints  # noqa: PLC0415 - it is loaded by now, and only where spaCy is

    catalogue = sys.modules.get("catalogue")
    if catalogue is None:
        return
    known = catalogue.AVAILABLE_ENTRY_POINTS
    groups = [group for group in known.groups if group.startswith(_REGISTRIES)]
    own = EntryPoints(chain.from_iterable(known.select(group=group) for group in groups))
    vars(catalogue)["AVAILABLE_ENTRY_POINTS"] = own


def import_simplemma() -> None:
    """Import simplemma with its rules for German alone: to compile those for twenty others takes most of the time.

    An edition that keeps its rules elsewhere is imported whole.
    """
    name = "simplemma.strategies.defaultrules"
    found = find_spec("simplemma")
    if "simplemma" in sys.modules or found is None:
        return
    rules, functions = ModuleType(name), dict[str, Any]()
    rules.__path__ = [
        str(Path(place, "strategies", "defaultrules")) for place in found.submodule_search_locations or ()
    ]
    vars(rules)["RULE_FUNCTIONS"] = functions
    sys.modules[name] = rules
    try:
        functions["de"] = import_module(f"{name}.de").apply_de
    except (ImportError, AttributeError):
        for loaded in [module for module in sys.modules if module.partition(".")[0] == "simplemma"]:
            del sys.modules[loaded]


def read_packed() -> bytes:
    """Return simplemma's file of German forms."""
    import_simplemma()
    return files("simplemma").joinpath("strategies", "dictionaries", "data", "de.plzma").read_bytes()


@cache
def unpack_dictionary() -> Callable[[], bytes]:
    """Begin to unpack that file; return what waits for it and gives it."""
    packed = read_packed()
    return begin(lambda: lzma.decompress(packed))


@cache
def unpack_names(name: str) -> Callable[[], bytes]:
    """Begin to unpack one of the lists of `NAMES`, of which `training/gazetteer/words.py` tells."""
    packed = files("kg").joinpath("data", "gazetteer", f"{name}.txt.gz").read_bytes()
    return begin(lambda: gzip.decompress(packed))


def unpack_all() -> None:
    """Begin with all that is packed."""
    unpack_dictionary()
    for name in NAMES:
        unpack_names(name)


def _info(*args: Any, **kwargs: Any) -> Any:
    from spacy.cli.info import info  # noqa: PLC0415 - see above

    return info(*args, **kwargs)
