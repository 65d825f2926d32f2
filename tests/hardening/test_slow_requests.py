"""A request that arrives one byte after the other keeps its connection no longer than a query may take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from support.attacks import connect
from support.servers import Served, served, works

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# A byte each 0.1 s: the whole body would take hours, and the server gives a request 1 s.
PAUSE_SECONDS, MOST_BYTES = 0.1, 150
HEAD = b" HTTP/1.1\r\nHost: x\r\n"
LENGTH, CHUNKED = b"Content-Length: 100000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
QUERY, FORM = b"Content-Type: application/sparql-query\r\n", b"Content-Type: application/x-www-form-urlencoded\r\n"
SLOW: Mapping[str, tuple[bytes, bytes]] = {
    "headers": (b"GET /health" + HEAD + b"X: ", b""),
    "query": (b"POST /sparql" + HEAD + QUERY + LENGTH, b"HTTP/1.1 408"),
    "query in chunks": (b"POST /sparql" + HEAD + QUERY + CHUNKED, b"HTTP/1.1 408"),
    "form": (b"POST /sparql" + HEAD + FORM + LENGTH, b"HTTP/1.1 408"),
    "unknown media type": (b"POST /sparql" + HEAD + LENGTH, b"HTTP/1.1 415"),
    "method": (b"POST /health" + HEAD + LENGTH, b"HTTP/1.1 405"),
    "GET": (b"GET /health" + HEAD + LENGTH, b"HTTP/1.1 200"),
    "GET in chunks": (b"GET /sparql?query=ASK%7B%7D" + HEAD + CHUNKED, b"HTTP/1.1 200"),
}


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(built, tmp_path_factory.mktemp("log") / "log", "--seconds", "1") as running:
        yield running


@pytest.mark.parametrize(("head", "answer"), SLOW.values(), ids=SLOW)
def test_a_slow_request_is_ended(server: Served, head: bytes, answer: bytes) -> None:
    received = send_slowly(server, head, b"1\r\n \r\n" if head.endswith(CHUNKED) else b" ")
    assert received.startswith(answer)
    assert received.count(b"HTTP/1.1") == bool(answer)
    assert works(server)


def send_slowly(server: Served, head: bytes, part: bytes) -> bytes:
    """Send the part again and again until the server closes the connection, and return what it has sent."""
    received = b""
    with connect(server, seconds=PAUSE_SECONDS) as connection:
        connection.sendall(head)
        for _ in range(MOST_BYTES):
            try:
                while more := connection.recv(65536):
                    received += more
                return received
            except TimeoutError:
                pass
            except ConnectionError:
                return received
            try:
                connection.sendall(part)
            except ConnectionError:
                time.sleep(PAUSE_SECONDS)
    raise AssertionError("The connection is still open.")
