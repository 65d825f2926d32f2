"""Keeps the processes that answer queries: lends one to each query, and ends and replaces one that takes too long."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.server.messages import packed, received
from ldnkg.server.worker_store import LARGE_PAGES

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from ldnkg.server.config import Site


AGAIN = 1.0


class Refused(Exception):
    """What cannot be answered: the status of HTTP, a sentence, and in how many seconds to ask again, if at all."""

    def __init__(self, status: int, sentence: str, again: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.again = status, again


class Answer(NamedTuple):
    """An answer: the status of HTTP, the media type, and the content."""

    status: int
    media: str
    content: bytes


class Pool:
    """A process for each query at once; others wait, and more than may wait are refused."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._free: asyncio.Queue[Process] = asyncio.Queue()
        self._all: set[Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self.waiting = self.ended = 0

    async def open(self) -> None:
        """Start the processes and wait until each has loaded the graph."""
        await asyncio.gather(*(self._start() for _ in range(self._site.limits.at_once)))

    async def close(self) -> None:
        """End the processes."""
        for task in self._starting:
            task.cancel()
        for process in list(self._all):
            await self._end(process)

    @property
    def busy(self) -> bool:
        """Whether there are processes, and each of them answers."""
        return bool(self._all) and self._free.empty()

    async def ask(self, **asked: Any) -> Answer:  # noqa: ANN401
        """Return the answer to a message; raise Refused where there is none within the limits."""
        process = await self._lent()
        try:
            async with asyncio.timeout(self._site.limits.seconds):
                answer = await _answered(process, asked)
        except TimeoutError as error:
            await self._replace(process)
            told = f"This was stopped after {self._site.limits.seconds:g} seconds. Ask for less, as with LIMIT."
            raise Refused(504, told) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self._replace(process)
            raise Refused(422, "This took more memory than a query may have, or worse. Ask for less.") from error
        except BaseException:
            await self._replace(process)
            raise
        self._free.put_nowait(process)
        return answer

    async def _lent(self) -> Process:
        if self._free.empty() and self.waiting >= self._site.limits.waiting:
            raise Refused(503, "Too many queries are waiting. Ask again in a moment.", again=1)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._site.limits.seconds):
                return await self._free.get()
        except TimeoutError as error:
            raise Refused(503, "Others are answered first. Ask again in a moment.", again=1) from error
        finally:
            self.waiting -= 1

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "ldnkg.server.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=self._site.limits.answer,
            start_new_session=True,
            env=LARGE_PAGES | os.environ,
        )
        limits = self._site.limits
        told = {"files": str(self._site.files), "memory": limits.memory, "answer": limits.answer}
        self._all.add(process)
        try:
            await _answered(process, told)
        except BaseException:
            await self._end(process)
            raise
        self._free.put_nowait(process)

    async def _start_again(self) -> None:
        """Start a process, however often it takes: the files may be away for a moment."""
        while True:
            try:
                await self._start()
            except (asyncio.IncompleteReadError, OSError):
                await asyncio.sleep(AGAIN)
            else:
                return

    async def _replace(self, process: Process) -> None:
        """End the process at once, and start another beside whatever goes on."""
        self.ended += 1
        await self._end(process)
        task = asyncio.create_task(self._start_again())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _end(self, process: Process) -> None:
        self._all.discard(process)
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _answered(process: Process, asked: dict[str, Any]) -> Answer:
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(packed(asked))
    await process.stdin.drain()
    head, content = await received(process.stdout)
    return Answer(head["status"], head.get("media", ""), content)
