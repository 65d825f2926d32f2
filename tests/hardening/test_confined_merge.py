"""The merge runs in a child process: if a parser ends it, the command prints a sentence; both end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT
from support.processes import is_running, list_descendants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 60


@contextmanager
def start_merge(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A merge that takes some seconds, and the id of its child."""
    lines = (f"<http://example.org/{i}> <http://example.org/p> <http://example.org/o> .\n" for i in range(100_000))
    (folder / "a.nt").write_text("".join(lines), "utf-8")
    command = [sys.executable, "-m", "ldnkg", "merge", "a.nt", "--out", "out", "--home", str(ROOT)]
    with subprocess.Popen(command, cwd=folder, stdout=-1, stderr=-1, text=True) as process:
        try:
            late = time.monotonic() + SECONDS
            # The trial is a child of the child; once it runs, the child has left the group of its parent.
            while len(found := list_descendants(process.pid)) < 2:
                assert time.monotonic() < late, process.poll()
                time.sleep(0.01)
            yield process, next(pid for pid in found if list_descendants(pid))
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["SIGABRT", "SIGSEGV", "SIGILL", "SIGKILL", "SIGXCPU"])
def test_the_end_of_the_child_is_one_sentence(name: str, tmp_path: Path) -> None:
    with start_merge(tmp_path) as (process, child):
        os.kill(child, signal.Signals[name])
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    words = "take too much processor time" if name == "SIGXCPU" else f"need too much memory, or end the parser ({name})"
    assert err.startswith(f"ldnkg: The sources {words}")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_whoever_ends_the_command_ends_the_child(number: int, status: int, tmp_path: Path) -> None:
    with start_merge(tmp_path) as (process, child):
        process.send_signal(number)
        out, err = process.communicate(timeout=SECONDS)
        late = time.monotonic() + SECONDS
        while is_running(child):
            assert time.monotonic() < late
            time.sleep(0.01)
    assert (process.returncode, out, err) == (status, "", "")
    assert not (tmp_path / "out").exists()
