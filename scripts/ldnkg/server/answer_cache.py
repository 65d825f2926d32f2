"""Remembers answers, for the graph does not change while it is served, and spares those who have them already."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.server.content_negotiation import accepts_gzip

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Key = tuple[str, bytes, bytes, bytes, bytes]

SECONDS = 300
WHOLE, EACH = 64_000_000, 1_000_000
_VARYING = (b"accept", b"accept-encoding", b"host")


class CachedAnswer(NamedTuple):
    """An answer: its status, its headers with an ETag, and its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def tag(self) -> bytes:
        """The name of what it says."""
        return dict(self.headers)[b"etag"]


class AnswerCache:
    """Keeps the answers to GET that were asked for last, up to so many bytes, and answers from them.

    HEAD is answered as GET is, without the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[Key, CachedAnswer] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or have it answered and keep that."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"])
        if b"accept-encoding" in told:
            told[b"accept-encoding"] = (
                b"gzip" if accepts_gzip(told[b"accept-encoding"].decode("latin-1")) else b"identity"
            )
        kept = await self._found(scope, receive, told)
        await _sent(kept, told.get(b"if-none-match", b""), send, body=scope["method"] == "GET")

    async def _found(self, scope: Scope, receive: Receive, told: dict[bytes, bytes]) -> CachedAnswer:
        key = (scope["path"], scope["query_string"], *(told.get(name, b"") for name in _VARYING))
        kept = self._kept.get(key)
        if kept is None:
            kept = await self._made({**scope, "method": "GET", "headers": list(told.items())}, receive)
            self._keep(key, kept)
        else:
            self._kept.move_to_end(key)
        return kept

    async def _made(self, scope: Scope, receive: Receive) -> CachedAnswer:
        parts: list[Message] = []

        async def take(message: Message) -> None:
            parts.append(message)

        await self._app(scope, receive, take)
        start, *rest = parts
        body = b"".join(part.get("body", b"") for part in rest)
        return CachedAnswer(start["status"], _labelled(start["status"], list(start["headers"]), body), body)

    def _keep(self, key: Key, kept: CachedAnswer) -> None:
        if kept.status != 200 or len(kept.body) > EACH or (b"cache-control", b"no-store") in kept.headers:
            return
        self._kept[key] = kept
        self._size += len(kept.body)
        while self._size > WHOLE:
            self._size -= len(self._kept.popitem(last=False)[1].body)


def _labelled(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers with a weak ETag, for what is compressed says the same, and for how long it may be kept."""
    told = [pair for pair in headers if pair[0] not in {b"etag", b"last-modified"}]
    tag = b'W/"%s"' % sha256(body).hexdigest()[:32].encode()
    fresh = [] if status != 200 or any(name == b"cache-control" for name, _ in headers) else [_FRESH]
    return [*told, (b"etag", tag), *fresh]


_FRESH = (b"cache-control", b"public, max-age=%d" % SECONDS)


async def _sent(kept: CachedAnswer, known: bytes, send: Send, *, body: bool) -> None:
    """Send the answer, or, where the asker has it, that it is the same; without its body where none is wanted."""
    status, headers, held = kept
    if status == 200 and known and (known.strip() == b"*" or kept.tag in (tag.strip() for tag in known.split(b","))):
        status, held = 304, b""
        headers = [pair for pair in headers if pair[0] not in {b"content-length", b"content-type", b"content-encoding"}]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": held if body else b""})
