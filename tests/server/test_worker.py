"""The worker process opens no file and no connection after it has loaded the graph."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support import confined_worker

if TYPE_CHECKING:
    from pathlib import Path

    from support.servers import Served


@pytest.mark.parametrize("word", ["SERVICE", "service SILENT", "\\u0053ERVICE"])
def test_a_query_with_service_is_refused(server: Served, word: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        reply = server.query(f"SELECT * WHERE {{ {word} <{address}> {{ ?s ?p ?o }} }}")
        assert (reply.status, "queries another endpoint" in reply.text) == (403, True)
        assert not was_connected(other)


def was_connected(listener: socket.socket) -> bool:
    """Whether a client has connected; the system knows this before the connection is accepted."""
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_a_worker_opens_no_file_and_no_connection(built: Path) -> None:
    """For every message: it imports nothing late, and SERVICE fails even in a query that is not refused."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        command = [sys.executable, confined_worker.__file__, str(built), address]
        ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert not was_connected(other)
    found = json.loads(ended.stdout)
    assert found["opened"] == []
    assert (found["file"], found["service"]) == ("OSError", "OSError")
    assert set(found["statuses"]) == {200, 400, 403, 404, 406, 422, 500}
    assert len(found["statuses"]) == len(confined_worker.MESSAGES)
