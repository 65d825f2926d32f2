"""The answer cache: which answers it keeps, and which answer it drops first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ldnkg.server.answer_cache import ENTRY_BYTES, MAX_BODY_BYTES, AnswerCache

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

# The size of an entry with a body of one byte: its headers are ETag and Cache-Control.
ENTRY = ENTRY_BYTES + len("etag") + len('W/""') + 32 + len("cache-control") + len("public, max-age=300") + 1


class Application:
    """An application that repeats the query string as often as the path says, and records the requests."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        self.requests.append(scope["query_string"])
        await asyncio.sleep(0)
        status, times = map(int, scope["path"].strip("/").split("/"))
        headers = [(b"cache-control", b"no-store")] if scope["query_string"].startswith(b"no-store") else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": times * scope["query_string"]})


async def get(cache: AnswerCache, query: bytes, path: str = "/200/1", method: str = "GET") -> tuple[int, bytes]:
    messages: list[Message] = []

    received = iter([{"type": "http.request"}])

    async def receive() -> Message:
        for message in received:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": []}
    await cache(scope, receive, send)
    return messages[0]["status"], messages[1]["body"]


def ask(cache: AnswerCache, *queries: bytes, path: str = "/200/1") -> None:
    """Send the queries one after the other, and check the status and the body of each answer."""
    for query in queries:
        assert asyncio.run(get(cache, query, path)) == (int(path.split("/")[1]), int(path.split("/")[2]) * query)


@pytest.fixture
def app() -> Application:
    return Application()


def test_a_cached_answer_is_not_requested_again(app: Application) -> None:
    cache = AnswerCache(app)
    ask(cache, b"a", b"b", b"a", b"b")
    assert app.requests == [b"a", b"b"]


def test_get_is_answered_from_the_cached_answer_to_head(app: Application) -> None:
    cache = AnswerCache(app)
    assert asyncio.run(get(cache, b"a", method="HEAD")) == (200, b"")
    ask(cache, b"a")
    assert app.requests == [b"a"]


def test_the_least_recently_used_answer_is_dropped_first(app: Application) -> None:
    cache = AnswerCache(app, max_bytes=2 * ENTRY)
    ask(cache, b"a", b"b", b"a", b"c", b"a", b"b")
    assert app.requests == [b"a", b"b", b"c", b"b"]


def test_a_long_answer_replaces_several_short_answers(app: Application) -> None:
    cache = AnswerCache(app, max_bytes=3 * ENTRY)
    ask(cache, b"a", b"b")
    ask(cache, b"c", path=f"/200/{ENTRY + 1}")
    ask(cache, b"a", b"b")
    assert app.requests == [b"a", b"b", b"c", b"a", b"b"]


def test_an_answer_to_two_simultaneous_requests_is_requested_once(app: Application) -> None:
    cache = AnswerCache(app, max_bytes=2 * ENTRY)

    async def ask_at_once() -> None:
        await asyncio.gather(get(cache, b"a"), get(cache, b"a"))

    asyncio.run(ask_at_once())
    ask(cache, b"b", b"a", b"b")
    assert app.requests == [b"a", b"b"]


@pytest.mark.parametrize(
    ("query", "path"),
    [(b"a", "/404/1"), (b"no-store", "/200/1"), (b"a", f"/200/{MAX_BODY_BYTES + 1}")],
    ids=["error", "no-store", "long"],
)
def test_an_answer_that_is_not_cacheable_is_requested_again(app: Application, query: bytes, path: str) -> None:
    cache = AnswerCache(app)
    ask(cache, query, query, path=path)
    assert app.requests == [query, query]


def test_short_answers_to_long_queries_do_not_fill_the_memory(app: Application) -> None:
    """The size of an entry includes more than its body, and its key has the same size for every query."""
    cache = AnswerCache(app, max_bytes=10 * ENTRY)
    queries = [b"%d" % number + 1000 * b" " for number in range(100)]
    ask(cache, *queries, path="/200/0")
    ask(cache, queries[0], path="/200/0")
    assert len(app.requests) == 101
