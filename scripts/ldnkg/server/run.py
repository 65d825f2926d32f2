"""Run the server until it is stopped.

Two processes belong to the server: the main process, which the user started, and the process of the application. They
exchange messages through a pipe: the main process asks for a reload, and the application says why it cannot start.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import sys
import threading
import time
from contextlib import closing, suppress
from errno import EACCES, EADDRINUSE
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.server.connections import allow_connections
from ldnkg.server.log import configure_log, make_granian_log
from ldnkg.server.parent_process import end_with_parent
from ldnkg.server.request_checks import BUFFER_BYTES
from ldnkg.server.snapshot import require_built_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from starlette.types import ASGIApp

    from ldnkg.server.config import ServerConfig

# Connections that the system accepts before Granian does.
BACKLOG = 4096
# The server needs these connections beside those of each worker.
FEWEST_CONNECTIONS, CONNECTIONS_PER_WORKER = 32, 4
RELOAD = "reload"
POLL_SECONDS = 0.01


class Address(NamedTuple):
    """Where the server listens: the host as the user wrote it, its IP address, and the port."""

    host: str
    ip: str
    port: int

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"


class _Server(MPServer):
    """Granian's server, which passes SIGHUP on instead of restarting the application."""

    def __init__(self, pipe: Connection, seconds_to_stop: int, **settings: Any) -> None:  # noqa: ANN401
        super().__init__("ldnkg.server.reloading", workers_kill_timeout=1, **settings)
        self._pipe, self._seconds_to_stop, self.failure = pipe, seconds_to_stop, ""

    def signal_handler_reload(self, *_: object) -> None:
        """Ask the application for a reload."""
        with suppress(OSError):
            self._pipe.send(RELOAD)

    def wait_for_failure(self) -> None:
        """Stop the server if the application says that it cannot start; end with the pipe."""
        with suppress(EOFError, OSError):
            self.failure = self._pipe.recv()
            self._silence_workers()
            stop: Callable[[], None] = self.signal_handler_interrupt
            stop()
            self._pipe.send("")

    def _silence_workers(self) -> list[BaseProcess]:
        """Prevent Granian from reporting the end of its workers as unexpected, and return their processes."""
        for worker in self.wrks:
            worker.interrupt_by_parent = True
        return [worker.inner for worker in self.wrks]

    def _stop_workers(self) -> None:
        """Stop the workers, and let Granian kill only those that are still alive after the time limit.

        Two threads wait for the end of a worker. While one of them collects its exit status, the other sees the ended
        worker as alive, and Granian would report that it refused to stop.
        """
        processes = self._silence_workers()
        for process in processes:
            process.terminate()
        latest = time.monotonic() + self._seconds_to_stop
        while any(process.is_alive() for process in processes) and time.monotonic() < latest:
            time.sleep(POLL_SECONDS)
        stop: Callable[[], None] = super()._stop_workers
        stop()


def run(config: ServerConfig, host: str, port: int, announce: Callable[[str], None], *, quiet: bool) -> None:
    """Serve until SIGINT or SIGTERM, and then finish the requests in progress; SIGHUP reloads the files.

    `announce` is called with a sentence when the server accepts connections. Granian spawns the process of the
    application, because a fork could inherit locks that are never released. `announce` must therefore be picklable: a
    function of a module. Granian takes the start method from the settings of `multiprocessing`. Raise LdnkgError if the
    server cannot start.
    """
    require_built_files(config.files)
    address = choose_address(host, port)
    multiprocessing.set_start_method("spawn", force=True)
    pipe, far_end = multiprocessing.Pipe()
    seconds = int(config.limits.seconds)
    server = _Server(
        pipe,
        seconds + 5,
        address=address.ip,
        port=address.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # Granian's automatic mode never closes an idle connection
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=make_granian_log(),
        http1_settings=HTTP1Settings(1000 * max(1, min(60, seconds)), max_buffer_size=BUFFER_BYTES),
        backlog=BACKLOG,
        backpressure=_count_connections(config.limits.at_once),
    )
    threading.Thread(target=server.wait_for_failure, daemon=True).start()
    try:
        server.serve(
            target_loader=partial(_load_application, config, address, announce, quiet, far_end), wrap_loader=False
        )
    except SystemExit:
        if not server.failure:
            raise
    if server.failure:
        raise LdnkgError(server.failure)


def _count_connections(workers: int) -> int:
    """Return how many connections the server may accept; raise LdnkgError if the system allows too few files."""
    connections, needed = allow_connections(), FEWEST_CONNECTIONS + CONNECTIONS_PER_WORKER * workers
    if connections < needed:
        raise LdnkgError(
            f"The system allows this process too few open files for {workers} workers and their clients. "
            f"Allow at least {2 * needed}, for example with `ulimit -n {2 * needed}`."
        )
    return connections


def _load_application(
    config: ServerConfig, address: Address, announce: Callable[[str], None], quiet: bool, pipe: Connection
) -> ASGIApp:
    """Return the application; the import is here because only the process of the application needs it."""
    end_with_parent()
    if (parent := multiprocessing.parent_process()) and parent.pid != os.getppid():
        sys.exit(1)  # the main process ended before
    from ldnkg.server.reloading import ReloadingApplication

    configure_log(quiet=quiet)
    return ReloadingApplication(config, partial(_announce_when_open, address, announce), pipe).make_asgi_application()


async def _announce_when_open(address: Address, announce: Callable[[str], None], entities: int) -> None:
    """Announce the URL of the server as soon as it accepts connections."""
    while not await asyncio.to_thread(is_open, address.ip, address.port):
        await asyncio.sleep(0.01)
    announce(f"Serving {entities} entities at {address.url}, SPARQL at {address.url}sparql.")


def is_open(host: str, port: int) -> bool:
    """Return whether the port accepts connections."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def choose_address(host: str, port: int) -> Address:
    """Return the address, with a free port instead of 0; raise LdnkgError if the server cannot listen on it."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            return Address(host, str(place[0]), int(probe.getsockname()[1]))
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else 0
        reason = describe_os_error(error) if isinstance(error, OSError) else "this is no host name"
        other = "--port" if number in {EADDRINUSE, EACCES} else "--host"
        raise LdnkgError(f"The server cannot listen on {host}:{port}: {reason}. Choose another {other}.") from error
