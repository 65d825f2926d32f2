"""Send answers in pieces, and disconnect clients that do not read them in time or block too much memory.

Granian accepts a piece when the client has read most of the pieces before it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from ldnkg.server.connections import disconnect

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE_BYTES = 16_384
# The memory of an answer in transit besides its body: the pieces in Granian's queue and in its buffer.
TRANSIT_BYTES = 200_000


class AnswerSending:
    """An ASGI middleware that limits the time of each piece to `seconds`, and all unread answers to `max_bytes`.

    If the unread answers exceed the limit, the client whose last progress is the oldest is disconnected. Clients that
    read the same cached answer share its bytes, which count once.
    """

    def __init__(self, app: ASGIApp, seconds: float, max_bytes: int) -> None:
        self._app, self._seconds, self._max_bytes = app, seconds, max_bytes
        self._unread: OrderedDict[asyncio.Timeout, bytes] = OrderedDict()
        self._readers: Counter[int] = Counter()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; send a long body in pieces."""

        async def send_in_pieces(message: Message) -> None:
            if len(message.get("body", b"")) <= PIECE_BYTES:
                await send(message)
            elif not await self._send_body(message["body"], send, more=message.get("more_body", False)):
                await run_in_threadpool(disconnect, {(scope["client"][0], int(scope["client"][1]))})

        await self._app(scope, receive, send_in_pieces)

    async def _send_body(self, body: bytes, send: Send, *, more: bool) -> bool:
        """Send the body in pieces; return whether the client has read each in time."""
        try:
            async with asyncio.timeout(None) as deadline:
                self._add(deadline, body)
                try:
                    for start in range(0, len(body), PIECE_BYTES):
                        self._extend(deadline)
                        piece, is_last = body[start : start + PIECE_BYTES], start + PIECE_BYTES >= len(body)
                        await send({"type": "http.response.body", "body": piece, "more_body": more or not is_last})
                finally:
                    self._remove(deadline)
        except TimeoutError:
            return False
        return True

    def _extend(self, deadline: asyncio.Timeout) -> None:
        """Note the progress of a client, and give it the time for the next piece."""
        if deadline not in self._unread:
            raise TimeoutError
        deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)
        self._unread.move_to_end(deadline)

    def _add(self, deadline: asyncio.Timeout, body: bytes) -> None:
        self._unread[deadline] = body
        self._readers[id(body)] += 1
        self._bytes += TRANSIT_BYTES + (len(body) if self._readers[id(body)] == 1 else 0)
        while self._bytes > self._max_bytes and len(self._unread) > 1:
            oldest = next(iter(self._unread))
            if not oldest.expired():
                oldest.reschedule(0)
            self._remove(oldest)

    def _remove(self, deadline: asyncio.Timeout) -> None:
        if deadline in self._unread:
            body = self._unread.pop(deadline)
            self._readers[id(body)] -= 1
            self._bytes -= TRANSIT_BYTES + (0 if self._readers[id(body)] else len(body))
            if not self._readers[id(body)]:
                del self._readers[id(body)]
