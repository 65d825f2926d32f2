"""Complete each response: the header against guessed media types, and a sentence instead of an unexpected exception."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("ldnkg.server")
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_FAILED = "The request cannot be answered because of a fault in the server. Report it with the request.\n"


class ResponseGuard:
    """An ASGI middleware that sends `X-Content-Type-Options: nosniff` with each response.

    If the application raises an exception, its type and place are logged, and nothing else, because the message of an
    exception can contain parts of the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; if the application fails before it answers, send status 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started, message = True, {**message, "headers": [*message["headers"], NO_SNIFFING]}
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001
            LOG.error("A request failed: %s", _locate(error))
            if not started:
                await PlainTextResponse(_FAILED, 500)(scope, receive, send_guarded)


def _locate(error: Exception) -> str:
    """Return the type of an exception and the place that raised it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
