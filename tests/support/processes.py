"""Find the processes that a process has started."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def list_descendants(pid: int) -> set[int]:
    """The ids of the processes that the process has started, and of those that these have started."""
    found: set[int] = set()
    for children in Path("/proc", str(pid), "task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, children.read_text("utf-8").split()):
                found |= {child} | list_descendants(child)
    return found


def find_descendants(pid: int, word: bytes) -> set[int]:
    """The ids of the running descendants of the process whose command line contains the word."""
    return {child for child in list_descendants(pid) if word in _read_command(child)}


def is_running(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent does not."""
    with suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def _read_command(pid: int) -> bytes:
    with suppress(OSError):
        return Path("/proc", str(pid), "cmdline").read_bytes()
    return b""
