"""If the main process of the server is killed, no process stays, and the port becomes free."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT
from support.processes import is_running, list_descendants
from support.servers import CRAWLING, Served, start_server, wait_until, worker_pids

if TYPE_CHECKING:
    from collections.abc import Iterator

MOMENTS = ["while it starts", "while it is idle", "while a query runs"]


def is_calculating(pid: int) -> bool:
    """Whether the process has used half a second of the processor for itself after it has loaded the graph."""
    fields = Path("/proc", str(pid), "stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) > 3 * os.sysconf("SC_CLK_TCK")


def ask_slowly(server: Served) -> None:
    with suppress(OSError):
        server.query(f"{CRAWLING} # {time.time()}")


@pytest.fixture
def starting(built: Path, tmp_path: Path) -> Iterator[Served]:
    """A server that is starting, and whose queries may take long."""
    server = start_server(built, tmp_path / "log", "--seconds", "600")
    yield server
    server.process.kill()
    server.process.wait(30)


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_process_outlives_a_killed_server(moment: str, starting: Served) -> None:
    if moment == "while it starts":
        wait_until(lambda: len(list_descendants(starting.process.pid)) >= 3)
    else:
        wait_until(lambda: b"Serving" in starting.log.read_bytes())
    if moment == "while a query runs":
        threading.Thread(target=ask_slowly, args=(starting,), daemon=True).start()
        wait_until(lambda: any(map(is_calculating, worker_pids(starting))))
    started = list_descendants(starting.process.pid)
    try:
        starting.process.kill()
        starting.process.wait(30)
        wait_until(lambda: not any(map(is_running, started)))
    finally:
        for pid in filter(is_running, started):
            os.kill(pid, signal.SIGKILL)
    socket.create_server(("127.0.0.1", starting.port)).close()


WORKER = """
import sys
from pathlib import Path
from ldnkg.server.messages import pack_files, pack_message
from ldnkg.server.snapshot import read_snapshot
from support.servers import CRAWLING
files, content = pack_files(read_snapshot(Path(sys.argv[1])))
settings = {"files": files, "answer": 10**6, "memory": 10**9, "seconds": 1}
query = {"query": CRAWLING, "base": None, "default": [], "named": [], "media_types": ["text/csv", ""]}
sys.stdout.buffer.write(pack_message(settings, content) + pack_message(query))
"""


def test_a_worker_ends_by_itself_after_its_time_limit(built: Path) -> None:
    """Also if its server has stopped and never kills it, and the query does not return to Python."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "scripts"), str(ROOT / "tests")])}
    messages = subprocess.run([sys.executable, "-c", WORKER, str(built)], env=env, capture_output=True, check=True)
    worker = [sys.executable, "-P", "-m", "ldnkg.server.worker"]
    ended = subprocess.run(worker, env=env, input=messages.stdout, capture_output=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGALRM
