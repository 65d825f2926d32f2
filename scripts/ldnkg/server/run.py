"""Runs the server until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import closing
from errno import EACCES, EADDRINUSE
from functools import partial
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.server.app import application
from ldnkg.server.worker import ABOUT, RECORDS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from ldnkg.server.config import Site


def run(site: Site, host: str, port: int, announce: Callable[[str], None], *, quiet: bool) -> None:
    """Serve the site at the address until SIGINT or SIGTERM; what is being answered then is answered first."""
    for name in (WHOLE, RECORDS, *ABOUT):
        if not (site.files / name).is_file():
            raise LdnkgError(f"{site.files / name}: nothing is built yet. Run `ldnkg build` first.")
    port = _free(host, port)
    seconds = int(site.limits.seconds)
    server = Server(
        "ldnkg.server.app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # which lets go of who connects and says nothing; the other waits for ever
        websockets=False,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(header_read_timeout=1000 * max(1, min(60, seconds))),
        backpressure=1024,
        workers_kill_timeout=seconds + 5,
    )
    server.serve(target_loader=partial(_loaded, site, host, port, announce, quiet), wrap_loader=False)


def _loaded(site: Site, host: str, port: int, announce: Callable[[str], None], quiet: bool) -> ASGIApp:
    if not quiet:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return application(site, partial(_told, host, port, announce))


async def _told(host: str, port: int, announce: Callable[[str], None], things: int) -> None:
    """Say where it is served, as soon as somebody can connect."""
    while not await asyncio.to_thread(_open, host, port):
        await asyncio.sleep(0.01)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    announce(f"{things} things at {address}, SPARQL at {address}sparql.")


def _open(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _free(host: str, port: int) -> int:
    """Return the port, or, for 0, one that nobody has; raise Problem where it cannot be listened to."""
    try:
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        other = "--port" if error.errno in {EADDRINUSE, EACCES} else "--host"
        raise LdnkgError(
            f"{host}:{port} cannot be served from, {describe_os_error(error)}. Choose another {other}."
        ) from error
