"""Ends the work for a request when whoever sent it has gone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from ldnkg.server.worker_pool import Refused

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from starlette.requests import Request

T = TypeVar("T")
GONE = 499


async def while_there(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives; where the asker goes before, cancel it and raise Refused, which nobody reads."""
    doing, going = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({doing, going}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Refused(GONE, "Whoever asked has gone.")
        return doing.result()
    finally:
        for task in (doing, going):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _gone(request: Request) -> None:
    """Wait until the connection is closed."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
