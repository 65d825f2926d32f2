"""Run the server until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
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
from ldnkg.paths import GRAPH
from ldnkg.server.config import DESCRIPTIONS, RECORDS
from ldnkg.server.connections import allow_connections
from ldnkg.server.request_checks import BUFFER_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from ldnkg.server.config import ServerConfig

# Connections that the system accepts before Granian does.
BACKLOG = 4096


def run(config: ServerConfig, host: str, port: int, announce: Callable[[str], None], *, quiet: bool) -> None:
    """Serve until SIGINT or SIGTERM, and then finish the requests in progress.

    `announce` is called with a sentence when the server accepts connections. Granian spawns the process of the
    application, because a fork could inherit locks that are never released. `announce` must therefore be picklable: a
    function of a module. Granian takes the start method from the settings of `multiprocessing`.
    """
    for name in (GRAPH, RECORDS, *DESCRIPTIONS):
        if not (config.files / name).is_file():
            raise LdnkgError(f"{config.files / name}: the built file does not exist. Run `ldnkg build` first.")
    port = choose_port(host, port)
    multiprocessing.set_start_method("spawn", force=True)
    seconds = int(config.limits.seconds)
    server = Server(
        "ldnkg.server.app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # Granian's automatic mode never closes an idle connection
        websockets=False,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(1000 * max(1, min(60, seconds)), max_buffer_size=BUFFER_BYTES),
        backlog=BACKLOG,
        backpressure=allow_connections(),
        workers_kill_timeout=seconds + 5,
    )
    loader = partial(_load_application, config, host, port, announce, quiet)
    server.serve(target_loader=loader, wrap_loader=False)


def _load_application(
    config: ServerConfig, host: str, port: int, announce: Callable[[str], None], quiet: bool
) -> ASGIApp:
    """Return the application; the import is here because only the process of the application needs it."""
    from ldnkg.server.app import build_application

    if not quiet:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return build_application(config, partial(_announce_when_open, host, port, announce))


async def _announce_when_open(host: str, port: int, announce: Callable[[str], None], entities: int) -> None:
    """Announce the URL of the server as soon as it accepts connections."""
    while not await asyncio.to_thread(is_open, host, port):
        await asyncio.sleep(0.01)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    announce(f"Serving {entities} entities at {address}, SPARQL at {address}sparql.")


def is_open(host: str, port: int) -> bool:
    """Return whether the port accepts connections."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def choose_port(host: str, port: int) -> int:
    """Return the port, or a free port instead of 0; raise LdnkgError if the server cannot listen on it."""
    try:
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        other = "--port" if error.errno in {EADDRINUSE, EACCES} else "--host"
        raise LdnkgError(
            f"The server cannot listen on {host}:{port}: {describe_os_error(error)}. Choose another {other}."
        ) from error
