"""Attack a server on loopback with raw requests, and observe its process."""

from __future__ import annotations

import re
import resource
import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.processes import find_descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.servers import Served


def find_http_process(server: Served) -> int:
    """The id of the process that answers HTTP, which is a child of the process of the command."""
    return min(find_descendants(server.process.pid, b"multiprocessing.spawn"))


def read_memory(process: int) -> float:
    """The resident memory of a process, in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    assert found
    return int(found[1]) / 1000


def count_connections(server: Served) -> int:
    """The number of established connections to the port of the server, from the table of the system."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]]
    return sum(row[1].endswith(f":{server.port:04X}") and row[3] == "01" for row in rows)


def connect(server: Served, receive_bytes: int = 0, seconds: float = 30) -> socket.socket:
    """A connection to the server; `receive_bytes` is the size of the client's buffer for unread bytes."""
    connection = socket.socket()
    connection.settimeout(seconds)
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.connect(("127.0.0.1", server.port))
    return connection


def receive_all(connection: socket.socket) -> bytes:
    """What the server sends until it closes the connection."""
    received = bytearray()
    while part := connection.recv(65536):
        received += part
    return bytes(received)


@contextmanager
def unread(server: Served, requests: list[bytes]) -> Iterator[list[socket.socket]]:
    """Send each request over its own connection, and read nothing of the answers until the block begins."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(server, 4096)) for _ in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request)
        yield connections


def allow_files(number: int) -> bool:
    """Whether this process may have so many open files, after raising its limit if possible."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed < number <= most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, most))
    return number <= most
