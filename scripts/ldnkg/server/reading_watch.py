"""Disconnect clients that leave answers unread which the application has already handed over.

These are the last pieces of a long answer, short answers, and answers to pipelined requests. Only Linux tells how many
bytes a client has received.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ldnkg.server.answer_sending import PIECE_BYTES
from ldnkg.server.connections import abort, list_connections

if TYPE_CHECKING:
    from ldnkg.server.connections import Client

# The place and the size of the number of acknowledged bytes in Linux's struct tcp_info.
_ACKNOWLEDGED, _INFO_BYTES = 120, 128
CHECKS = 4


class ReadingWatch:
    """Disconnects each client that has read less than a piece in `seconds` although an answer waits for it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._progress: dict[Client, tuple[float, int]] = {}

    async def run(self) -> None:
        """Check the connections several times in each time limit, until the task is cancelled."""
        while sys.platform == "linux":
            await asyncio.sleep(self._seconds / CHECKS)
            await asyncio.to_thread(self.check)

    def check(self) -> None:
        """Disconnect the clients whose time is over, and note the progress of the others."""
        now, known, self._progress = time.monotonic(), self._progress, {}
        for client, connection in list_connections():
            with suppress(OSError, struct.error):
                if not count_unread(connection):
                    continue
                read = _count_acknowledged(connection)
                since, before = known.get(client, (now, read))
                if read - before < PIECE_BYTES and now - since > self._seconds:
                    abort(connection)
                else:
                    self._progress[client] = (since, before) if read - before < PIECE_BYTES else (now, read)


def count_unread(connection: socket.socket) -> int:
    """Return how many bytes wait in the system for the client to receive them."""
    from fcntl import ioctl
    from termios import TIOCOUTQ

    return int(struct.unpack("i", ioctl(connection, TIOCOUTQ, bytes(4)))[0])


def _count_acknowledged(connection: socket.socket) -> int:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    return int(struct.unpack_from("Q", info, _ACKNOWLEDGED)[0])
