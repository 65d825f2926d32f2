"""Find the connections of this process, and end those whose clients do not read their answers.

Granian gives an application no means to close a connection, so the sockets are found by the address of their client.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Client = tuple[str, int]

# The folder with an entry for each open file of this process, on Linux and macOS.
OPEN_FILES = Path("/dev/fd")
MOST_FILES, OTHER_FILES, FEWEST_FILES = 16_640, 256, 1024
# If a socket with this option is closed, the system discards the data that the client has not read.
_DISCARD = struct.pack("ii", 1, 0)


def allow_connections() -> int:
    """Return how many connections this process may accept, after raising its limit of open files if possible."""
    try:
        import resource
    except ModuleNotFoundError:
        return FEWEST_FILES
    allowed, most = (_count(limit) for limit in resource.getrlimit(resource.RLIMIT_NOFILE))
    if allowed < min(most, MOST_FILES):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MOST_FILES), most))
    files = min(_count(resource.getrlimit(resource.RLIMIT_NOFILE)[0]), MOST_FILES)
    return max(files - OTHER_FILES, files // 2)


def _count(limit: int) -> int:
    """Return a limit of open files; no limit is a negative number or a huge one."""
    return limit if limit >= 0 else sys.maxsize


def list_connections() -> Iterator[tuple[Client, socket.socket]]:
    """Yield each TCP connection of this process with the address of its client; the socket is closed afterwards."""
    for name in _list_open_files():
        with suppress(OSError), closing(_copy_socket(int(name))) as connection:
            if connection.family in {socket.AF_INET, socket.AF_INET6} and connection.type == socket.SOCK_STREAM:
                yield connection.getpeername()[:2], connection


def _list_open_files() -> list[str]:
    try:
        return [file.name for file in OPEN_FILES.iterdir()]
    except OSError:
        return []


def _copy_socket(file: int) -> socket.socket:
    """Return a copy of a socket, so that no other thread can close it; raise OSError if the file is no socket."""
    copy = os.dup(file)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def disconnect(clients: Collection[Client]) -> None:
    """Disconnect the clients."""
    for client, connection in list_connections():
        if client in clients:
            abort(connection)


def abort(connection: socket.socket) -> None:
    """End a connection and discard what its client has not read."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD)
        connection.shutdown(socket.SHUT_RDWR)
