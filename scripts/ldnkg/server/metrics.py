"""Count and log requests by kind, status and duration, without their content or their client."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response

from ldnkg.server.config import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ldnkg.server.worker_pool import WorkerPool

LOG = logging.getLogger("ldnkg.server")
# Other methods are text of the client and are not logged.
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


class Metrics:
    """The metrics of the server, for Prometheus."""

    def __init__(self, get_pool: Callable[[], WorkerPool]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("ldnkg_requests", "HTTP requests.", ["kind", "status"], registry=self._registry)
        self._seconds = Histogram("ldnkg_seconds", "Duration of answers in seconds.", ["kind"], registry=self._registry)
        self._add_gauge("ldnkg_queries_waiting", "Queries that wait for a worker.", lambda: get_pool().waiting)
        self._add_gauge(
            "ldnkg_queries_stopped",
            "Workers that ended or were killed during a query, and were replaced.",
            lambda: get_pool().killed,
        )

    def _add_gauge(self, name: str, description: str, read: Callable[[], float]) -> None:
        Gauge(name, description, registry=self._registry).set_function(read)

    async def report(self, _: Request) -> Response:
        """Return the metrics in the text format of Prometheus."""
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
        return Response(generate_latest(self._registry), headers=headers)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return an application that counts and logs each request to `app`."""

        async def measure(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            started, status, seconds = time.perf_counter(), 500, 0.0

            async def send_and_note_status(message: Message) -> None:
                nonlocal status, seconds
                if "status" in message:  # the answer is complete, and its client only has to read it
                    status, seconds = message["status"], time.perf_counter() - started
                await send(message)

            try:
                await app(scope, receive, send_and_note_status)
            finally:
                self._record(scope, status, seconds or time.perf_counter() - started)

        return measure

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        first = scope["path"].strip("/").partition("/")[0]
        kind = first if first in ROUTES else "resource"
        self._requests.labels(kind, status).inc()
        self._seconds.labels(kind).observe(seconds)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        LOG.info("%s %s %d %.1f ms", method, kind, status, 1000 * seconds)
