"""Simultaneous identical requests are computed once, and the cache is bounded with its keys and headers."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ldnkg.server.answer_cache import ENTRY_BYTES, AnswerCache
from support.attacks import connect, receive_all
from support.servers import CRAWLING, Served, read_metric, served, wait_until, works

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

CLIENTS = 8
# It takes about a second.
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?c . ?d ?p ?f . FILTER(?a != ?d) }"


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that runs one query at a time and lets no other wait."""
    limits = ("--seconds", "4", "--at-once", "1", "--waiting", "0")
    with served(built, tmp_path_factory.mktemp("log") / "log", *limits) as running:
        yield running


def request(query: str) -> bytes:
    head = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n"
    return head.encode()


def ask_at_once(server: Served, query: str, clients: int = CLIENTS) -> list[tuple[int, bytes]]:
    """The statuses and bodies of simultaneous requests, each over its own connection."""
    with ExitStack() as stack, ThreadPoolExecutor(clients) as threads:
        connections = [stack.enter_context(connect(server)) for _ in range(clients)]
        for connection in connections:
            connection.sendall(request(query))
        replies = list(threads.map(receive_all, connections))
    return [(int(reply[9:12]), reply.partition(b"\r\n\r\n")[2]) for reply in replies]


def test_identical_queries_are_computed_once(server: Served) -> None:
    """Without sharing, all but one would be refused, because no query may wait."""
    replies = ask_at_once(server, SLOW)
    assert [status for status, _ in replies] == [200] * CLIENTS
    assert len({body for _, body in replies}) == 1
    assert read_metric(server, "ldnkg_queries_stopped") == 0


def test_other_clients_get_the_answer_if_the_first_disconnects(server: Served) -> None:
    query = f"{SLOW} # first"
    with connect(server) as first, connect(server) as second:
        first.sendall(request(query))
        time.sleep(0.2)
        second.sendall(request(query))
        time.sleep(0.1)
        first.close()
        assert receive_all(second).startswith(b"HTTP/1.1 200")
    assert read_metric(server, "ldnkg_queries_stopped") == 0


def test_a_query_is_stopped_if_all_its_clients_disconnect(server: Served) -> None:
    before = read_metric(server, "ldnkg_queries_stopped")
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connect(server)).sendall(request(CRAWLING))
        time.sleep(0.3)
    wait_until(lambda: read_metric(server, "ldnkg_queries_stopped") == before + 1)
    wait_until(lambda: works(server))


def test_errors_are_shared(server: Served) -> None:
    """All clients of a query that exceeds the time limit wait for it together, and only one worker is replaced."""
    before, started = read_metric(server, "ldnkg_queries_stopped"), time.monotonic()
    assert [status for status, _ in ask_at_once(server, CRAWLING + " # error")] == [504] * CLIENTS
    assert time.monotonic() - started < 2 * 4
    assert read_metric(server, "ldnkg_queries_stopped") == before + 1
    wait_until(lambda: works(server))


@pytest.mark.parametrize("function", ["RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_volatile_answers_are_never_shared(function: str, volatile: Served) -> None:
    replies = ask_at_once(volatile, f"SELECT ({function} AS ?x) {{}}", 4)
    assert [status for status, _ in replies] == [200] * 4
    assert function == "BNODE()" or len({body for _, body in replies}) == 4


@pytest.fixture(scope="module")
def volatile(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(built, tmp_path_factory.mktemp("log") / "log") as running:
        yield running


class Application:
    """An application whose answers have a header of 1,000 bytes, and which counts its requests."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        self.count += 1
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y" * 1000)]})
        await send({"type": "http.response.body", "body": b""})


def test_headers_count_as_memory_of_the_cache() -> None:
    """Without their headers, both answers would fit into the cache."""
    app = Application()
    cache = AnswerCache(app, max_bytes=2 * ENTRY_BYTES + 1_500)

    async def ask_all() -> None:
        for path in ("/a", "/b", "/a"):
            await cache(_make_scope(path), _receive, _ignore)

    asyncio.run(ask_all())
    assert app.count == 3


def test_long_keys_do_not_fill_the_memory() -> None:
    """The queries have 20 MB together, and their answers are empty."""
    cache = AnswerCache(Application())

    async def ask_all() -> None:
        for number in range(200):
            await cache(_make_scope("/a", b"%d" % number + 100_000 * b"a"), _receive, _ignore)

    tracemalloc.start()
    try:
        asyncio.run(ask_all())
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2_000_000


def _make_scope(path: str, query: bytes = b"") -> Scope:
    return {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}


async def _receive() -> Message:
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def _ignore(_: Message) -> None:
    """Discard a message."""
