"""Runs the server until it is told to stop."""

from __future__ import annotations

import logging
import socket
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from ldnkg import console
from ldnkg.problem import Problem, reason
from ldnkg.serve.app import application
from ldnkg.serve.worker import ABOUT, RECORDS, WHOLE

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ldnkg.serve.site import Site


def run(site: Site, host: str, port: int, *, quiet: bool) -> None:
    """Serve the site at the address until SIGINT or SIGTERM; what is being answered then is answered first."""
    for name in (WHOLE, RECORDS, *ABOUT):
        if not (site.files / name).is_file():
            raise Problem(f"{site.files / name}: nothing is built yet. Run `ldnkg build` first.")
    _refuse_taken(host, port)
    seconds = int(site.limits.seconds)
    server = Server(
        "ldnkg.serve.app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(header_read_timeout=1000 * max(1, min(60, seconds))),
        backpressure=1024,
        workers_kill_timeout=seconds + 5,
    )
    server.serve(target_loader=partial(_loaded, site, f"http://{host}:{port}/", quiet), wrap_loader=False)


def _loaded(site: Site, address: str, quiet: bool) -> ASGIApp:
    if not quiet:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return application(site, lambda things: console.tell(f"{things} things at {address}, SPARQL at {address}sparql."))


def _refuse_taken(host: str, port: int) -> None:
    try:
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Problem(f"{host}:{port} cannot be served from, {reason(error)}. Choose another --port.") from error
