"""Compute an answer once for all clients that request it at the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.server.disconnect import wait_for_disconnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Message, Receive

    Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """An answer: its status, its headers and its body."""

    status: int
    headers: Headers
    body: bytes

    @property
    def etag(self) -> bytes:
        """The value of the ETag header, or nothing if the answer must not be cached."""
        return dict(self.headers).get(b"etag", b"")


class SharedAnswer:
    """The computation of an answer, which ends when the last client that waits for it disconnects.

    `compute` gets the messages that the application receives, as in ASGI: a request without a body and, if all clients
    have disconnected, their disconnection.
    """

    def __init__(self, compute: Callable[[Receive], Awaitable[Answer]]) -> None:
        self._waiting, self._requested, self._abandoned = 0, False, asyncio.Event()
        self._computing = asyncio.ensure_future(compute(self._receive))
        self._computing.add_done_callback(lambda done: done.cancelled() or done.exception())

    @property
    def is_abandoned(self) -> bool:
        """Whether all clients have disconnected."""
        return self._abandoned.is_set()

    @property
    def is_done(self) -> bool:
        """Whether the answer is computed, or its computation has failed."""
        return self._computing.done()

    async def wait(self, receive: Receive) -> Answer | None:
        """Return the answer, or None if the client disconnects before it is computed."""
        self._waiting += 1
        disconnected = asyncio.ensure_future(wait_for_disconnect(receive))
        try:
            await asyncio.wait({self._computing, disconnected}, return_when=asyncio.FIRST_COMPLETED)
            return self._computing.result() if self._computing.done() else None
        finally:
            disconnected.cancel()
            self._waiting -= 1
            if not self._waiting:
                self._abandoned.set()

    async def _receive(self) -> Message:
        if self._requested:
            await self._abandoned.wait()
            return {"type": "http.disconnect"}
        self._requested = True
        return {"type": "http.request", "body": b"", "more_body": False}
