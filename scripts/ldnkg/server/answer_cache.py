"""Cache answers, because the served graph does not change, and revalidate the answers that clients have cached."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool

from ldnkg.server.content_negotiation import accepts_gzip
from ldnkg.server.disconnect import CLIENT_DISCONNECTED
from ldnkg.server.shared_answer import Answer, SharedAnswer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRESH_SECONDS = 300
MAX_BYTES, MAX_BODY_BYTES = 64_000_000, 1_000_000
# Memory of an entry without its body and its headers: the key, which is a hash, and the objects.
ENTRY_BYTES = 2_000
# The answers to these paths differ each time and are computed at once.
NEVER_SHARED = {"/health", "/metrics"}
_VARY = (b"accept", b"accept-encoding", b"host")
_NO_STORE = (b"cache-control", b"no-store")
_FRESH = (b"cache-control", b"public, max-age=%d" % FRESH_SECONDS)


class AnswerCache:
    """An ASGI middleware with a least-recently-used cache of answers to GET, of at most `max_bytes`.

    A HEAD request gets the answer to GET without its body. Simultaneous requests for the same answer reach the
    application once, unless the answer differs each time. Only the event loop uses the cache, so it needs no lock.
    """

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BYTES) -> None:
        self._app = app
        self._answers: LRUCache[bytes, Answer] = LRUCache(max_bytes, _measure)
        self._computed: dict[bytes, SharedAnswer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD request from the cache or the application; pass other requests to the application."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if b"accept-encoding" in headers:
            gzip = accepts_gzip(headers[b"accept-encoding"].decode("latin-1"))
            headers[b"accept-encoding"] = b"gzip" if gzip else b"identity"
        request = {**scope, "method": "GET", "headers": list(headers.items())}
        answer = await self._get_answer(request, headers, receive)
        await _send_answer(answer, headers.get(b"if-none-match", b""), send, has_body=scope["method"] == "GET")

    async def _get_answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        """Return the answer from the cache, or else from the application, and cache it if possible."""
        if scope["path"] in NEVER_SHARED:
            return await _request_answer(self._app, scope, receive)
        parts = (scope["path"], scope["query_string"], *(headers.get(name, b"") for name in _VARY))
        key = sha256(repr(parts).encode()).digest()
        answer = self._answers.get(key) or await self._share_answer(key, scope, receive)
        if _is_cacheable(answer):
            self._answers[key] = answer
        return answer

    async def _share_answer(self, key: bytes, scope: Scope, receive: Receive) -> Answer:
        """Return the answer that is already being computed for another client, or else request it."""
        shared, is_first = self._computed.get(key), key not in self._computed
        if shared is None:
            shared = self._computed[key] = SharedAnswer(partial(_request_answer, self._app, scope))
        try:
            answer = await shared.wait(receive)
        finally:
            if self._computed.get(key) is shared and (shared.is_done or shared.is_abandoned):
                del self._computed[key]
        if answer is None:
            return Answer(CLIENT_DISCONNECTED, [], b"")
        return answer if is_first or not _is_volatile(answer) else await _request_answer(self._app, scope, receive)


async def _request_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    messages: list[Message] = []

    async def collect(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, collect)
    start, *rest = messages
    body = rest[0]["body"] if len(rest) == 1 else b"".join(part.get("body", b"") for part in rest)
    status, headers = start["status"], list(start["headers"])
    if len(body) > MAX_BODY_BYTES:
        return Answer(status, await run_in_threadpool(_add_cache_headers, status, headers, body), body)
    return Answer(status, _add_cache_headers(status, headers, body), body)


def _measure(answer: Answer) -> int:
    """Return the memory of an entry of the cache, in bytes."""
    return ENTRY_BYTES + sum(len(name) + len(value) for name, value in answer.headers) + len(answer.body)


def _is_cacheable(answer: Answer) -> bool:
    return answer.status == 200 and len(answer.body) <= MAX_BODY_BYTES and bool(answer.etag)


def _is_volatile(answer: Answer) -> bool:
    return _NO_STORE in answer.headers


def _add_cache_headers(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers with an ETag and, if they have no Cache-Control and the status is 200, with one.

    An answer that must not be stored has no ETag, so that no client revalidates it. The ETag is weak because a
    compressed body differs from the uncompressed one only in its encoding.
    """
    kept = [pair for pair in headers if pair[0] not in {b"etag", b"last-modified"}]
    if _NO_STORE in kept:
        return kept
    etag = b'W/"%s"' % sha256(body).hexdigest()[:32].encode()
    fresh = [] if status != 200 or any(name == b"cache-control" for name, _ in headers) else [_FRESH]
    return [*kept, (b"etag", etag), *fresh]


async def _send_answer(answer: Answer, if_none_match: bytes, send: Send, *, has_body: bool) -> None:
    """Send the answer, or status 304 without a body if the client has cached it."""
    status, headers, body = answer
    known = [etag.strip().removeprefix(b"W/") for etag in if_none_match.split(b",")]
    if status == 200 and answer.etag and (known == [b"*"] or answer.etag.removeprefix(b"W/") in known):
        status, body = 304, b""
        headers = [pair for pair in headers if pair[0] not in {b"content-length", b"content-type", b"content-encoding"}]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if has_body else b""})
