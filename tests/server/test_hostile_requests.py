"""Malformed, slow and abandoned requests are closed, and the server continues to answer."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from support.servers import REGIMENS, Served, send_bytes, works

POSTED = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\xff\xfe" * 1000 + b"\r\n\r\n",
        b"GET /sparql HTTP/9.9\r\nHost: x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nBroken header\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2_000_000 + b"\r\n\r\n",
        POSTED + b"Content-Length: nine\r\n\r\n",
        POSTED + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /sparql?query=" + b"%00" * 200 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
    ids=["binary", "version", "no-request", "header", "huge-header", "length", "chunk", "zeroes"],
)
def test_the_server_survives_malformed_requests(server: Served, sent: bytes) -> None:
    received = send_bytes(server, sent)
    assert not received.startswith(b"HTTP/1.1 5")
    assert b"Traceback" not in received
    assert works(server)


def test_the_server_survives_half_closed_and_abandoned_requests(server: Served) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    send_bytes(server, whole, half=True)
    send_bytes(server, whole[:20], half=True)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(f"GET /sparql?query={quote(REGIMENS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert works(server)


def test_slow_requests_are_closed(server: Served) -> None:
    """A request whose head or body does not end is closed soon after the time limit of a query."""
    head = b"GET /health HTTP/1.1\r\nHost: x\r\n"
    body = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\nASK"
    )
    with ThreadPoolExecutor(40) as many:
        waits = [many.submit(send_bytes, server, sent, seconds=20) for sent in [head] * 20 + [body] * 20]
        assert works(server)
        received = [wait.result() for wait in waits]
    assert all(b"HTTP/1.1 200" not in answer for answer in received)
    assert any(b"HTTP/1.1 408" in answer for answer in received[20:])
    assert works(server)


def test_idle_connections_are_closed(server: Served) -> None:
    with ExitStack() as many:
        idle = [many.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(50)]
        for connection in idle:
            connection.settimeout(20)
            assert b"HTTP/1.1 2" not in connection.recv(1000)
    assert works(server)
