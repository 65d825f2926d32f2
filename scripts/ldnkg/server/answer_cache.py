"""Cache answers, because the served graph does not change, and revalidate the answers that clients have cached."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from cachetools import LRUCache

from ldnkg.server.content_negotiation import accepts_gzip

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRESH_SECONDS = 300
MAX_BYTES, MAX_BODY_BYTES = 64_000_000, 1_000_000
# Memory of an entry without its body: the key, the headers and their objects.
ENTRY_BYTES = 2_000
_VARY = (b"accept", b"accept-encoding", b"host")
_FRESH = (b"cache-control", b"public, max-age=%d" % FRESH_SECONDS)


class CachedAnswer(NamedTuple):
    """An answer: its status, its headers, which include an ETag, and its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def etag(self) -> bytes:
        """The value of the ETag header, or nothing if the answer must not be cached."""
        return dict(self.headers).get(b"etag", b"")


class AnswerCache:
    """An ASGI middleware with a least-recently-used cache of answers to GET, of at most `max_bytes`.

    A HEAD request gets the answer to GET without its body. Only the event loop uses the cache, so it needs no lock.
    """

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BYTES) -> None:
        self._app = app
        self._answers: LRUCache[bytes, CachedAnswer] = LRUCache(
            max_bytes, lambda answer: ENTRY_BYTES + len(answer.body)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD request from the cache or the application; pass other requests to the application."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if b"accept-encoding" in headers:
            gzip = accepts_gzip(headers[b"accept-encoding"].decode("latin-1"))
            headers[b"accept-encoding"] = b"gzip" if gzip else b"identity"
        answer = await self._get_answer(scope, receive, headers)
        await _send_answer(answer, headers.get(b"if-none-match", b""), send, has_body=scope["method"] == "GET")

    async def _get_answer(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes]) -> CachedAnswer:
        """Return the answer from the cache, or else from the application, and cache it if possible."""
        parts = (scope["path"], scope["query_string"], *(headers.get(name, b"") for name in _VARY))
        key = sha256(repr(parts).encode()).digest()
        answer = self._answers.get(key)
        if answer is None:
            answer = await self._request_answer({**scope, "method": "GET", "headers": list(headers.items())}, receive)
            if _is_cacheable(answer):
                self._answers[key] = answer
        return answer

    async def _request_answer(self, scope: Scope, receive: Receive) -> CachedAnswer:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        start, *rest = messages
        body = b"".join(part.get("body", b"") for part in rest)
        return CachedAnswer(start["status"], _add_cache_headers(start["status"], list(start["headers"]), body), body)


def _is_cacheable(answer: CachedAnswer) -> bool:
    return answer.status == 200 and len(answer.body) <= MAX_BODY_BYTES and bool(answer.etag)


def _add_cache_headers(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers with an ETag and, if they have no Cache-Control and the status is 200, with one.

    An answer that must not be stored has no ETag, so that no client revalidates it. The ETag is weak because a
    compressed body differs from the uncompressed one only in its encoding.
    """
    kept = [pair for pair in headers if pair[0] not in {b"etag", b"last-modified"}]
    if (b"cache-control", b"no-store") in kept:
        return kept
    etag = b'W/"%s"' % sha256(body).hexdigest()[:32].encode()
    fresh = [] if status != 200 or any(name == b"cache-control" for name, _ in headers) else [_FRESH]
    return [*kept, (b"etag", etag), *fresh]


async def _send_answer(answer: CachedAnswer, if_none_match: bytes, send: Send, *, has_body: bool) -> None:
    """Send the answer, or status 304 without a body if the client has cached it."""
    status, headers, body = answer
    known = [etag.strip().removeprefix(b"W/") for etag in if_none_match.split(b",")]
    if status == 200 and answer.etag and (known == [b"*"] or answer.etag.removeprefix(b"W/") in known):
        status, body = 304, b""
        headers = [pair for pair in headers if pair[0] not in {b"content-length", b"content-type", b"content-encoding"}]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if has_body else b""})
