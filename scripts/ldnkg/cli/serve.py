"""`ldnkg serve`: serve the built graph until the command is stopped."""

from __future__ import annotations

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

HELP = "serve the built graph: SPARQL, and an answer under each address; read-only, until stopped (ldnkg[serve])"
EXAMPLE = "--port 7878"
REQUIRED = ("cachetools", "granian", "prometheus_client", "starlette")
LAST_PORT = 65535
LIMITS = {
    "seconds": (10, "how long a query may take"),
    "query": (100_000, "how many bytes a query may have"),
    "answer": (20_000_000, "how many bytes an answer may have"),
    "memory": (1_000_000_000, "how many bytes of memory a query may take"),
    "at-once": (2, "how many queries may run at once, each in a process of its own"),
    "waiting": (32, "how many queries may wait for that"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at; else this machine alone")
    parser.add_argument("--port", type=int, default=7878, help="the port to listen at, 0 for a free one; else 7878")
    public = "the address that users know it by, where it is behind another server, with a slash at the end"
    parser.add_argument("--address", default="", metavar="URL", help=public)
    folder = "the folder of the built files; else dist of the publication"
    parser.add_argument("--files", metavar="DIR", type=parse_path, help=folder)
    for name, (most, words) in LIMITS.items():
        parser.add_argument(f"--{name}", type=int, default=most, metavar="N", help=f"{words}; else {most}")


def run(arguments: Namespace) -> int:
    """Serve within the limits; raise LdnkgError if a dependency is not installed or nothing is built."""
    if not all(map(find_spec, REQUIRED)):
        raise LdnkgError("To serve wants more. Run `pip install 'ldnkg[serve]'`.")
    from ldnkg.server.config import Limits, ServerConfig
    from ldnkg.server.run import run as serve

    limits = Limits(**_read_limits(arguments))
    _refuse_address(arguments.address)
    if not 0 <= arguments.port <= LAST_PORT:
        raise LdnkgError(f"--port {arguments.port}: is no port. Give a number from 0 to {LAST_PORT}.")
    home = get_home(arguments)
    files = Path(arguments.files) if arguments.files else find_output_folder(home)
    config = ServerConfig(files.resolve(), limits, arguments.address)
    serve(config, arguments.host, arguments.port, console.write_err, quiet=arguments.quiet)
    return 0


def _read_limits(arguments: Namespace) -> dict[str, int]:
    """Return the limits by name; raise LdnkgError if one of them is too small."""
    found = {name: getattr(arguments, name.replace("-", "_")) for name in LIMITS}
    for name, limit in found.items():
        if limit < (0 if name == "waiting" else 1):
            raise LdnkgError(f"--{name} must be at least 1.")
    return {name.replace("-", "_"): limit for name, limit in found.items()}


def _refuse_address(address: str) -> None:
    """Raise LdnkgError if the public address is not an HTTP URL with a slash at its end."""
    parts = urlsplit(address)
    whole = parts.scheme in {"http", "https"} and parts.hostname and parts.path.endswith("/")
    if address and (not whole or parts.query or parts.fragment):
        raise LdnkgError(
            f"--address {address}: is no URL with a slash at its end. Give one, as https://graph.example/."
        )
