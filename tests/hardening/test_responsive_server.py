"""Large requests and idle connections do not delay other requests."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest

from support.attacks import allow_files, connect, receive_all
from support.servers import Served, served, works

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping
    from pathlib import Path

IDLE, AT_ONCE = 1_100, 10
# The server needs a few milliseconds for /health; each attack kept it busy for longer than this.
LONGEST_SECONDS = 0.6


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that waits for 30 s for a request, so that no idle connection is closed during a test."""
    with served(built, tmp_path_factory.mktemp("log") / "log", "--seconds", "30") as running:
        yield running


def repeat(part: bytes, size: int) -> bytes:
    return (part * (size // len(part) + 1))[:size]


def post(kind: bytes, body: bytes) -> bytes:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + kind
    return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def get(target: bytes, *fields: bytes) -> bytes:
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *fields]
    return b"\r\n".join([*lines, b"", b""])


FORM = b"application/x-www-form-urlencoded"
ATTACKS: Mapping[str, bytes] = {
    "Accept": get(b"/ontology", b"Accept: " + repeat(b"text/x;q=0.5,", 380_000)),
    "Accept of 60 kB": get(b"/ontology", b"Accept: " + repeat(b"a/b,", 60_000)),
    "Accept-Encoding": get(b"/ontology", b"Accept-Encoding: " + repeat(b"a,", 380_000)),
    "Content-Type": post(b"a/b" + repeat(b";a=b", 380_000), b""),
    "If-None-Match": get(b"/ontology", b"If-None-Match: " + repeat(b'"a",', 380_000)),
    "10,000 headers": get(b"/ontology", *[b"X: y"] * 10_000),
    "path": get(b"/" + repeat(b"a/", 60_000), b"Accept: text/html"),
    "query string": get(b"/sparql?query=ASK%7B%7D" + repeat(b"%20", 60_000)),
    "graphs": get(b"/sparql?query=ASK%7B%7D&" + repeat(b"default-graph-uri=a:b&", 60_000)),
    "form with 100,000 pairs": post(FORM, repeat(b"a=&", 299_999)),
    "form with escapes": post(FORM, b"query=ASK%7B%7D" + repeat(b"%20", 299_970)),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_large_requests_do_not_delay_others(server: Served, attack: bytes) -> None:
    """Ten large requests at once; /health is asked again and again until all are answered."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(server)) for _ in range(AT_ONCE)]
        threads = [threading.Thread(target=_send, args=(connection, attack)) for connection in connections]
        for thread in threads:
            thread.start()
        longest, end = 0.0, time.monotonic() + 0.5
        while time.monotonic() < end:
            started = time.monotonic()
            assert server.ask("/health").status == 200
            longest = max(longest, time.monotonic() - started)
    for thread in threads:
        thread.join()
    assert longest < LONGEST_SECONDS
    assert works(server)


def _send(connection: socket.socket, attack: bytes) -> None:
    with suppress(OSError):
        connection.sendall(attack)
        receive_all(connection)


@pytest.mark.skipif(not allow_files(IDLE + 200), reason="This system allows too few open files.")
def test_idle_connections_do_not_delay_others(server: Served) -> None:
    """All of them are still open when /health is answered."""
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(server)) for _ in range(IDLE)]
        assert server.ask("/health", seconds=10).status == 200
        assert works(server)
        idle[0].sendall(get(b"/health"))
        assert receive_all(idle[0]).startswith(b"HTTP/1.1 200")
        for connection in idle[1:]:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)


def test_a_body_in_many_small_pieces_does_not_delay_others(server: Served) -> None:
    """Each byte of the query is a chunk of its own."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: application/sparql-query\r\n\r\n"
    with connect(server) as connection:
        connection.sendall(head + b"".join(b"1\r\n%c\r\n" % byte for byte in b"ASK {}" + 5_000 * b" "))
        started = time.monotonic()
        assert server.ask("/health").status == 200
        assert time.monotonic() - started < LONGEST_SECONDS
        connection.sendall(b"0\r\n\r\n")
        assert receive_all(connection).startswith(b"HTTP/1.1 200")
