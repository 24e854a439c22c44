"""Where the files beside the package are: `ontology/` and `queries/` of a checkout, the same inside a wheel."""

from pathlib import Path

from kg.errors import DataError

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the file or folder called `name`, e.g. `ontology` or `queries/derive/events.rq`.

    Raises:
        DataError: the installation has no such file.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise DataError(f"The file {name!r} of Lagebild is missing.", "Install the package again, from a whole checkout.")
