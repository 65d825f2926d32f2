"""`ldnkg serve`: serve the built graph until the command is stopped."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from ldnkg.cli import console
from ldnkg.cli.options import get_home, parse_path
from ldnkg.errors import LdnkgError
from ldnkg.paths import find_output_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = (
    "serve the built graph over HTTP, read-only: a SPARQL endpoint and dereferenceable IRIs; SIGHUP loads a new build "
    "(needs ldnkg[serve])"
)
EXAMPLE = "--port 7878"
REQUIRED = ("cachetools", "granian", "prometheus_client", "starlette")
LAST_PORT = 65535
MACHINE = ", the memory of this machine"
# The default, the largest value and the meaning of each limit.
LIMITS = {
    "seconds": (10, 86_400, "maximum duration of a query, in seconds"),
    "query": (100_000, 100_000_000, "maximum size of a query, in bytes"),
    "answer": (20_000_000, 2_000_000_000, "maximum size of an answer, in bytes"),
    "memory": (1_000_000_000, 0, "maximum memory of a worker process, in bytes"),
    "at-once": (2, 256, "number of queries that run at the same time, each in its own worker process"),
    "waiting": (32, 10_000, "maximum number of queries that wait for a worker"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg serve`."""
    host = "the address to listen on (default: 127.0.0.1, which only this machine can reach)"
    parser.add_argument("--host", default="127.0.0.1", help=host)
    port = "the port to listen on, or 0 for any free port (default: 7878)"
    parser.add_argument("--port", type=int, default=7878, help=port)
    public = "the public URL if the server is behind a reverse proxy; it must end in a slash"
    parser.add_argument("--address", default="", metavar="URL", help=public)
    folder = "the folder of the built files (default: dist of the publication)"
    parser.add_argument("--files", metavar="DIR", type=parse_path, help=folder)
    for name, (default, _, meaning) in LIMITS.items():
        help_text = f"{meaning} (default: {default})"
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help=help_text)


def run(arguments: Namespace) -> int:
    """Serve within the limits; raise LdnkgError if a dependency or a built file is missing."""
    if not all(map(find_spec, REQUIRED)):
        raise LdnkgError("The server needs the extra 'serve'. Run `pip install '.[serve]'` in a clone of LDN-KG.")
    from ldnkg.exports.media_types import get_media_type
    from ldnkg.server.config import Limits, ServerConfig
    from ldnkg.server.run import run as serve

    limits = Limits(**_read_limits(arguments))
    _refuse_address(arguments.address)
    if not 0 <= arguments.port <= LAST_PORT:
        raise LdnkgError(f"--port {arguments.port}: not a port. Give a number from 0 to {LAST_PORT}.")
    home = get_home(arguments)
    files = Path(arguments.files) if arguments.files else find_output_folder(home)
    config = ServerConfig(files.resolve(), limits, get_media_type, arguments.address)
    serve(config, arguments.host, arguments.port, console.write_err, quiet=arguments.quiet)
    return 0


def _read_limits(arguments: Namespace) -> dict[str, int]:
    """Return the limits by name; raise LdnkgError if a limit is too small or too large."""
    limits = {name: getattr(arguments, name.replace("-", "_")) for name in LIMITS}
    for name, limit in limits.items():
        least = 0 if name == "waiting" else 1
        if limit < least:
            raise LdnkgError(f"--{name} {limit}: too small. Give at least {least}.")
        most = LIMITS[name][1] if name != "memory" else max(LIMITS[name][0], _measure_memory())
        if limit > most:
            raise LdnkgError(f"--{name} {limit}: too large. Give at most {most}{MACHINE if name == 'memory' else ''}.")
    return {name.replace("-", "_"): limit for name, limit in limits.items()}


def _measure_memory() -> int:
    """Return the memory of this machine in bytes, or a huge number if the system does not tell it."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize


def _refuse_address(address: str) -> None:
    """Raise LdnkgError if the public URL is not an HTTP URL that ends in a slash."""
    if address and not _is_base_url(address):
        raise LdnkgError(
            f"--address {address}: not an HTTP URL that ends in a slash. Give one, such as https://graph.example/."
        )


def _is_base_url(address: str) -> bool:
    """Return whether the text is an HTTP URL that ends in a slash and is a valid IRI."""
    from pyoxigraph import NamedNode

    try:
        parts, _ = urlsplit(NamedNode(address).value), urlsplit(address).port
    except ValueError:
        return False
    whole = parts.scheme in {"http", "https"} and parts.hostname and parts.path.endswith("/")
    return bool(whole and not parts.query and not parts.fragment)
