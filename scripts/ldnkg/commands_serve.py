"""What `ldnkg serve` does: it serves the built graph until it is stopped."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ldnkg.commands_check import home_of
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

LAST_PORT = 65535
LIMITS = ("seconds", "query", "answer", "memory", "at_once", "waiting")


def serve(arguments: Namespace) -> int:
    """Serve within the limits given; raise Problem where what it takes is not installed, or nothing is built."""
    try:
        from ldnkg.serve.run import run
        from ldnkg.serve.site import Limits, Site
    except ModuleNotFoundError as error:
        raise Problem("To serve wants more. Run `pip install 'ldnkg[serve]'`.") from error
    for name in LIMITS:
        if getattr(arguments, name) < (0 if name == "waiting" else 1):
            raise Problem(f"--{name.replace('_', '-')} must be at least 1.")
    _refuse_unfit(arguments.address)
    if not 0 <= arguments.port <= LAST_PORT:
        raise Problem(f"--port {arguments.port}: is no port. Give a number from 0 to {LAST_PORT}.")
    home = home_of(arguments)
    limits = Limits(**{name: getattr(arguments, name) for name in LIMITS})
    files = Path(arguments.files) if arguments.files else home.dist
    site = Site(files.resolve(), home.ontology / "serve", limits, arguments.address)
    run(site, arguments.host, arguments.port, quiet=arguments.quiet)
    return 0


def _refuse_unfit(address: str) -> None:
    """Raise Problem where the public address is none below which paths can stand."""
    parts = urlsplit(address)
    whole = parts.scheme in {"http", "https"} and parts.hostname and parts.path.endswith("/")
    if address and (not whole or parts.query or parts.fragment):
        raise Problem(f"--address {address}: is no URL with a slash at its end. Give one, as https://graph.example/.")
