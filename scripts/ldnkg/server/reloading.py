"""Serve one snapshot of the built files, and replace it by another without interrupting requests."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from starlette.routing import Router

from ldnkg.errors import LdnkgError
from ldnkg.server.answer_sending import AnswerSending
from ldnkg.server.app import build_application
from ldnkg.server.dereferencing import read_addresses
from ldnkg.server.metrics import Metrics
from ldnkg.server.reading_watch import ReadingWatch
from ldnkg.server.response_guard import ResponseGuard
from ldnkg.server.snapshot import read_snapshot
from ldnkg.server.worker_pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from multiprocessing.connection import Connection

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ldnkg.server.config import ServerConfig

    # Called with the number of entities when the server is ready.
    Announce = Callable[[int], Awaitable[None]]

LOG = logging.getLogger("ldnkg.server")
# The size of all unread answers together, in multiples of the largest answer.
ANSWERS_UNREAD = 5


class Serving:
    """The application of one snapshot with its workers, and the number of its requests in progress."""

    def __init__(self, app: ASGIApp, pool: WorkerPool, entities: int) -> None:
        self._app, self.pool, self.entities = app, pool, entities
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from this snapshot."""
        self._requests += 1
        self._idle.clear()
        try:
            await self._app(scope, receive, send)
        finally:
            self._requests -= 1
            if not self._requests:
                self._idle.set()

    async def retire(self) -> None:
        """Stop the workers after the requests in progress."""
        await self._idle.wait()
        await self.pool.stop()


class ReloadingApplication:
    """An ASGI application that passes each request to the current snapshot.

    When a message comes through the pipe, it reads the files again, starts workers for them, and then exchanges
    everything at once: graph, files, addresses and cached answers. If a file is missing or broken, the current snapshot
    stays. If the first snapshot cannot be loaded, it sends the reason through the pipe.
    """

    current: Serving

    def __init__(self, config: ServerConfig, announce: Announce, pipe: Connection) -> None:
        self._config, self._announce, self._pipe = config, announce, pipe
        self._metrics = Metrics(lambda: self.current.pool)
        self._retiring: set[asyncio.Task[None]] = set()
        self._wanted = asyncio.Event()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from the current snapshot."""
        await self.current(scope, receive, send)

    @asynccontextmanager
    async def run(self, _: Any) -> AsyncIterator[None]:  # noqa: ANN401
        """Load the first snapshot, announce it, reload it when requested, and stop the workers at the end."""
        self.current = await self._load_first()
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._read_pipe)
        tasks = [
            asyncio.create_task(self._announce_entities()),
            asyncio.create_task(ReadingWatch(self._config.limits.seconds).run()),
            asyncio.create_task(self._reload_when_requested()),
        ]
        yield
        for task in (*tasks, *self._retiring):
            task.cancel()
        await self.current.pool.stop()

    async def _load_first(self) -> Serving:
        """Return the first snapshot; if there is none, tell the main process why, and end this process."""
        try:
            return await self._load()
        except (LdnkgError, OSError) as error:
            self._pipe.send(str(error))
            with suppress(EOFError):
                await asyncio.to_thread(self._pipe.recv)
            os._exit(1)

    def _read_pipe(self) -> None:
        """Note a request to reload; several during a reload cause one more. End if the main process has ended."""
        try:
            self._pipe.recv()
        except EOFError:
            os._exit(1)
        self._wanted.set()

    async def _announce_entities(self) -> None:
        await self._announce(self.current.entities)

    async def _load(self) -> Serving:
        """Return the application of the files as they are now; raise LdnkgError if they cannot be served."""
        files = await asyncio.to_thread(read_snapshot, self._config.files)
        pool = WorkerPool(self._config.limits, files)
        try:
            await pool.start()
            addresses = await read_addresses(pool, files)
        except BaseException:
            await pool.stop()
            raise
        app = build_application(self._config, self._metrics, pool, addresses)
        return Serving(app, pool, len(addresses.entities))

    async def _reload_when_requested(self) -> None:
        while await self._wanted.wait():
            self._wanted.clear()
            await self._reload()

    async def _reload(self) -> None:
        try:
            new = await self._load()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new files, the old ones are served
            LOG.error("Not reloaded, the server answers from the former files: %s", error)
            return
        old, self.current = self.current, new
        LOG.info("Reloaded: %d entities.", new.entities)
        task = asyncio.create_task(old.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def make_asgi_application(self) -> ASGIApp:
        """Return the application with what does not depend on the snapshot: metrics and limits of answers."""
        limits = self._config.limits
        router = Router(default=self.serve, lifespan=self.run)
        limited = AnswerSending(ResponseGuard(router), limits.seconds, ANSWERS_UNREAD * limits.answer)
        return self._metrics.wrap(limited)
