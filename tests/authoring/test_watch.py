"""`ldnkg check --watch` checks again whenever a file changes, until it is interrupted."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLAIM = "naltrexone-is-taken-orally.yaml"
PATIENCE = 60


class Watching:
    """The command as a process, and the lines that it prints."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "ldnkg", "check", "--watch", "--engine", "shacl"]
        self.process = subprocess.Popen(
            command, cwd=home, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, words: str) -> list[str]:
        """Return the lines up to the first one that contains these words."""
        read = [self.lines.get(timeout=PATIENCE)]
        while words not in read[-1]:
            read.append(self.lines.get(timeout=PATIENCE))
        return read


@pytest.fixture
def watching(copy: Path) -> Iterator[Watching]:
    made = Watching(copy)
    yield made
    made.process.kill()
    made.process.wait(PATIENCE)
    made.reader.join(PATIENCE)
    assert made.process.stdout is not None
    made.process.stdout.close()


def test_each_change_is_checked(watching: Watching, copy: Path) -> None:
    watching.until("No findings")
    path = copy / "data" / "claims" / CLAIM
    good = path.read_text("utf-8")
    path.write_text(good.replace("certainty: established", "certainty: associated"), "utf-8")
    lines = watching.until("1 finding")
    assert any(f"{CLAIM} has changed" in line for line in lines)
    assert any("dataset-hedge-missing" in line for line in lines)
    path.write_text("id: [", "utf-8")
    assert any("reading-yaml-broken" in line for line in watching.until("1 finding"))
    path.write_text(good, "utf-8")
    watching.until("No findings")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(PATIENCE) == 130
