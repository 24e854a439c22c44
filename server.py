"""Serve a store over HTTP: `python server.py --store DIR --port 8000`.

Other WSGI servers take the application from `create_app()`, which finds the store by the setting `LAGEBILD_STORE`.
"""

import argparse
import sys
from dataclasses import fields
from typing import Any

from kg.errors import LagebildError
from kg.settings import Settings
from kg.web.serve import serve


def __getattr__(name: str) -> Any:
    """Load the application where another server asks for it: the guardian comes up faster without."""
    if name == "create_app":
        from kg.web.app import create_app  # noqa: PLC0415 - see above

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Read the command line and serve until told to stop."""
    store = next(item.default for item in fields(Settings) if item.name == "store")
    parser = argparse.ArgumentParser(description="Serve a store over HTTP.")
    parser.add_argument("--store", default=None, help=f"folder of the store (default: LAGEBILD_STORE, else {store!r})")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    options = parser.parse_args()
    try:
        serve(options.store, options.host, options.port)
    except LagebildError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
