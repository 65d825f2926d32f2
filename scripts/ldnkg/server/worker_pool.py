"""Manage the worker processes: assign a worker to each query, and replace a worker that exceeds a limit."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ldnkg.errors import LdnkgError
from ldnkg.paths import GRAPH
from ldnkg.server.config import RECORDS, find_documents
from ldnkg.server.messages import HttpError, pack_files, pack_message, receive_answer

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Mapping

    from ldnkg.server.config import Limits
    from ldnkg.server.messages import WorkerAnswer

# The environment of a worker: memory in huge pages if glibc and Linux support them.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
RESTART_SECONDS = 1.0
# A worker ends by itself this many seconds after the server would have killed it.
GRACE = 5.0
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class WorkerPool:
    """A fixed number of worker processes, each of which answers one query at a time.

    Further queries wait for a free worker, and are refused if too many are waiting. `waiting` is the number of waiting
    queries, and `killed` the number of workers that were killed and replaced.
    """

    def __init__(self, limits: Limits, files: Mapping[str, bytes]) -> None:
        names = [GRAPH, RECORDS, *find_documents(files)]
        self._files, self._limits = {name: files[name] for name in names}, limits
        self._free: asyncio.Queue[Process] = asyncio.Queue()
        self._workers: set[Process] = set()
        self._restarts: set[asyncio.Task[None]] = set()
        self.waiting = self.killed = 0

    async def start(self) -> None:
        """Start the workers and wait until each has loaded the graph; raise LdnkgError if one cannot load it.

        No worker is still starting when this function ends.
        """
        starting = (self._start_worker() for _ in range(self._limits.at_once))
        for failed in filter(None, await asyncio.gather(*starting, return_exceptions=True)):
            raise failed

    async def stop(self) -> None:
        """Kill the workers."""
        for task in self._restarts:
            task.cancel()
        for worker in list(self._workers):
            await self._kill(worker)

    @property
    def busy(self) -> bool:
        """Whether there are workers and none of them is free."""
        return bool(self._workers) and self._free.empty()

    async def ask(self, **message: Any) -> WorkerAnswer:  # noqa: ANN401
        """Return the answer of a worker to the message; raise HttpError if its query exceeds a limit.

        If the query exceeds a limit or is cancelled, its worker is killed and replaced.
        """
        return await self._ask(message, self._limits.at_once)

    async def _ask(self, message: dict[str, Any], more: int) -> WorkerAnswer:
        """Ask a worker and, if it was killed from outside, up to `more` others, because all may have been."""
        worker = await self._borrow()
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await _exchange(worker, message)
        except TimeoutError as error:
            await self._replace(worker)
            sentence = f"The query was stopped after {self._limits.seconds:g} s. Simplify it or add a LIMIT."
            raise HttpError(504, sentence) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self._replace(worker)
            if more and worker.returncode == -KILL:  # from outside: a limit ends a query in another way
                return await self._ask(message, more - 1)
            sentence = "The worker process ended, probably because it exceeded the memory limit. Simplify the query."
            raise HttpError(422, sentence) from error
        except BaseException:
            await self._replace(worker)
            raise
        self._free.put_nowait(worker)
        return answer

    async def _borrow(self) -> Process:
        """Return a free worker; raise HttpError if too many queries wait or no worker becomes free in time."""
        if self._free.empty() and self.waiting >= self._limits.waiting:
            raise HttpError(503, "Too many queries are waiting. Try again in a moment.", retry_after=1)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                while _has_ended(worker := await self._free.get()):  # killed while it was idle
                    await self._replace(worker)
                return worker
        except TimeoutError as error:
            sentence = f"No worker became free within {self._limits.seconds:g} s. Try again in a moment."
            raise HttpError(503, sentence, retry_after=1) from error
        finally:
            self.waiting -= 1

    async def _start_worker(self) -> None:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "ldnkg.server.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=self._limits.answer,
            start_new_session=True,
            env=LARGE_PAGES | os.environ,
        )
        self._workers.add(worker)
        try:
            ready = await self._prepare(worker)
        except BaseException:
            await self._kill(worker)
            raise
        if ready.status != HTTPStatus.OK:
            await self._kill(worker)
            raise LdnkgError(ready.content.decode())
        self._free.put_nowait(worker)

    async def _prepare(self, worker: Process) -> WorkerAnswer:
        """Send the worker its settings and the files, and return whether it is ready; its own time limit is later."""
        files, content = pack_files(self._files)
        limits = {"memory": self._limits.memory, "answer": self._limits.answer}
        try:
            return await _exchange(worker, {"files": files, "seconds": self._limits.seconds + GRACE, **limits}, content)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            sentence = "A worker process ended while it loaded the graph. Check the memory of the machine and --memory."
            raise LdnkgError(sentence) from error

    async def _restart_worker(self) -> None:
        """Start a worker; if this fails, try again, because the machine may lack memory for a moment."""
        while True:
            try:
                await self._start_worker()
            except (LdnkgError, OSError):
                await asyncio.sleep(RESTART_SECONDS)
            else:
                return

    async def _replace(self, worker: Process) -> None:
        """Kill the worker and start another in the background."""
        self.killed += 1
        await self._kill(worker)
        task = asyncio.create_task(self._restart_worker())
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)

    async def _kill(self, worker: Process) -> None:
        self._workers.discard(worker)
        if not _has_ended(worker):
            with suppress(ProcessLookupError):
                os.kill(worker.pid, KILL)  # Process.kill would take the exit status before asyncio reads it
        await worker.wait()


async def _exchange(worker: Process, message: dict[str, Any], content: bytes = b"") -> WorkerAnswer:
    """Send a message to the worker and return its answer."""
    assert worker.stdin is not None  # noqa: S101
    assert worker.stdout is not None  # noqa: S101
    worker.stdin.write(pack_message(message, content))
    await worker.stdin.drain()
    return await receive_answer(worker.stdout)


def _has_ended(worker: Process) -> bool:
    """Return whether the process has ended; asyncio may learn this later."""
    if worker.returncode is not None or not hasattr(os, "waitid"):
        return worker.returncode is not None
    try:
        return os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
