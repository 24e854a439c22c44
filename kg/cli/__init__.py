"""The command line. A command's module, and with it the libraries that it needs, is loaded when the command is used."""

from kg.cli.main import main

__all__ = ["main"]
