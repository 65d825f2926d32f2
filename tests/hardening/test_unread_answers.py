"""Clients that do not read their answers are disconnected, and occupy little memory until then."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from support.attacks import (
    connect,
    count_connections,
    find_http_process,
    read_memory,
    receive_all,
    unread,
)
from support.servers import Served, served, wait_until, works

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS, ANSWER = 2, 4_000_000
CLIENTS = 30
# Five answers, the buffers of their clients, and what the process needs in passing.
MOST_MEGABYTES = 70


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = ("--seconds", str(SECONDS), "--answer", str(ANSWER))
    with served(built, tmp_path_factory.mktemp("log") / "log", *limits) as running:
        yield running


def ask_rows(rows: int, number: int = 0) -> bytes:
    """The request of an answer with so many rows, of about 550 bytes each."""
    query = f"SELECT * {{ ?a ?b ?c . ?d a ?e . BIND({number} AS ?f) }} LIMIT {rows}"
    head = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: application/sparql-results+xml\r\n"
    return f"{head}Connection: close\r\n\r\n".encode()


def test_unread_answers_occupy_little_memory_and_are_disconnected(server: Served) -> None:
    process, before = find_http_process(server), count_connections(server)
    memory = read_memory(process)
    most = 0.0
    with ExitStack() as stack:
        for number in range(CLIENTS):
            connection = stack.enter_context(connect(server, 4096))
            connection.sendall(ask_rows(7_000, number))
            assert connection.recv(12) == b"HTTP/1.1 200"
            most = max(most, read_memory(process) - memory)
        assert most < MOST_MEGABYTES, f"{most} MB"
        wait_until(lambda: count_connections(server) <= before)
    assert works(server)


@pytest.mark.parametrize(
    "request_line",
    [b"GET /ldn-kg.ttl", b"HEAD /ldn-kg.ttl", b"GET /claim/no"],
    ids=bytes.decode,
)
def test_unread_answers_to_pipelined_requests_are_disconnected(server: Served, request_line: bytes) -> None:
    before = count_connections(server)
    with connect(server, 4096) as connection:
        connection.setblocking(False)
        request = request_line + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        end = time.monotonic() + 1
        while time.monotonic() < end:
            try:
                connection.send(request * 1000)
            except BlockingIOError:
                time.sleep(0.01)
            except ConnectionError:
                break
        wait_until(lambda: count_connections(server) <= before)
    assert works(server)


def test_a_client_that_reads_slowly_gets_the_whole_answer(server: Served) -> None:
    """It reads for longer than the time limit of a query, but always more than the least rate."""
    with connect(server, 16_384) as connection:
        connection.sendall(ask_rows(2_000))
        received, end = bytearray(), time.monotonic() + 2 * SECONDS
        while time.monotonic() < end:
            received += connection.recv(8_192)
            time.sleep(0.1)
        received += receive_all(connection)
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n"
    assert len(body) > 500_000


def test_clients_of_the_same_answer_share_its_bytes(server: Served) -> None:
    """Their answers would exceed the memory for unread answers if each had its own copy."""
    request = ask_rows(1_500)
    with connect(server) as first:
        first.sendall(request)
        whole = receive_all(first).partition(b"\r\n\r\n")[2]
    assert 500_000 < len(whole) < 1_000_000
    assert CLIENTS * len(whole) > 5 * ANSWER - CLIENTS * 200_000
    with unread(server, [request] * CLIENTS) as connections:
        bodies = [receive_all(connection).partition(b"\r\n\r\n")[2] for connection in connections]
    assert [body == whole for body in bodies] == [True] * CLIENTS
