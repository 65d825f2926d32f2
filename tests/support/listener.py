"""Listen on loopback, to see whether anything connects."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Listener:
    """A port of loopback that closes each connection at once and counts them."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening, self.connections = listening, 0
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

    def count(self) -> None:
        """Count the connections until the port is closed."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.close()
            self.connections += 1


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as port:
        listener = Listener(port)
        thread = Thread(target=listener.count, daemon=True)
        thread.start()
        yield listener
        port.shutdown(socket.SHUT_RDWR)
        thread.join()
