"""Where a store is: a folder of this machine, or the addresses at which a SPARQL 1.1 store answers."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import SettingError
from kg.settings import Settings

_OURS = "/sparql"
"""Path of a server of ours, where an address names none."""
TABLE = "application/sparql-results+json"
GRAPH = "application/n-triples"
"""Media types of the answers that are asked for."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses of a store elsewhere; it holds no secrets, so that it may be shown."""

    query: str
    update: str
    graphs: str = ""
    """Of its Graph Store HTTP Protocol; empty where it has none that is to be used."""

    def __str__(self) -> str:
        """Return what `parse_location` makes it of again."""
        return self.query


Location = Path | Endpoint


def parse_location(text: str | Path, update: str = "", graphs: str = "") -> Location:
    """Tell whether a store is a folder or an address, and find the other addresses of one.

    `https://host/query` is taken for an Oxigraph server, with `/update` and `/store` beside it; everything else for a
    store that takes updates where it takes queries. A host without a path means `/sparql` there.

    Args:
        text: a folder, or an address that begins with `http://` or `https://`.
        update: where it takes updates, if that does not follow.
        graphs: where its Graph Store HTTP Protocol is, if that does not follow.

    Raises:
        SettingError: the address is none, or has a name and a password in it.
    """
    if isinstance(text, Path) or not text.startswith(("http://", "https://")):
        return Path(text)
    try:
        parts = urlsplit(text)
        has_host, has_secret = bool(parts.hostname) and parts.port != 0, "@" in parts.netloc
    except ValueError:
        has_host = has_secret = False
    if has_secret:  # it would stand in logs and in the list of processes
        raise SettingError(
            f"The address of the store at {parts.hostname} has a name or a password in it.",
            "Take them out, and set LAGEBILD_STORE_USER and LAGEBILD_STORE_PASSWORD.",
        )
    if not has_host or parts.fragment or not text.isprintable() or " " in text:
        raise SettingError(f"{text!r} is no address of a store.", "Give one like https://example.org/sparql.")
    if parts.path in {"", "/"}:
        text = parts._replace(path=_OURS).geturl()
    elif parts.path.endswith("/query"):
        root = parts.path.removesuffix("query")
        update = update or parts._replace(path=f"{root}update").geturl()
        graphs = graphs or parts._replace(path=f"{root}store").geturl()
    return Endpoint(text, update or text, graphs)


def locate(text: str | Location) -> Location:
    """Do as `parse_location`, with the other addresses that the settings have."""
    if isinstance(text, Endpoint):
        return text
    settings = Settings.from_environment()
    return parse_location(text, settings.store_update, settings.store_graphs)
