"""Cancel the work for a request if its client disconnects."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from ldnkg.server.messages import HttpError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from starlette.requests import Request
    from starlette.types import Receive

T = TypeVar("T")
CLIENT_DISCONNECTED = 499


async def run_until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of the work; if the client disconnects first, cancel it and raise HttpError for the log."""
    working, disconnected = asyncio.ensure_future(work), asyncio.ensure_future(wait_for_disconnect(request.receive))
    try:
        await asyncio.wait({working, disconnected}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise HttpError(CLIENT_DISCONNECTED, "The client disconnected.")
        return working.result()
    finally:
        for task in (working, disconnected):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def wait_for_disconnect(receive: Receive) -> None:
    """Wait until the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass
