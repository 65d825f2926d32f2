"""Run a command that parses foreign files in a child process, so that no end of a parser reaches the user as a signal.

A parser in Rust ends its process if it runs out of memory or stack, and no exception can prevent that.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager

from ldnkg.cli import console
from ldnkg.memory_limit import GIB, limit_memory
from ldnkg.server.parent_process import end_with_parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

CONFINED = "merge"
FORWARDED = (signal.SIGINT, signal.SIGTERM, *filter(None, [getattr(signal, "SIGHUP", None)]))
# For any sources, and for each byte of them: twice what a large KGX graph needs on a busy machine.
SECONDS, SECONDS_PER_MIB = 8, 6
MEMORY, MEMORY_PER_BYTE = GIB // 2, 50
STOPPED = "Nothing was written. Check what the sources contain, or merge them one at a time."
_child = False


def continue_in_child(words: Sequence[str]) -> None:
    """Return in a child process if the words run a confined command; the parent waits and ends as the child does.

    The child is forked, which is safe because nothing has started a thread yet. Without `fork`, the same process
    continues.
    """
    global _child
    if CONFINED not in words or not hasattr(os, "fork"):
        return
    parent = os.getpid()
    if pid := os.fork():
        _end_like(_wait(pid))
    _child = True
    os.setpgid(0, 0)  # Ctrl-C reaches only the parent, which forwards it.
    end_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    _hide_native_messages()


@contextmanager
def limit_resources(size: int) -> Iterator[None]:
    """Limit memory within the block in proportion to the sources, and processor time in the child."""
    if _child:
        _limit_seconds(SECONDS + SECONDS_PER_MIB * (size >> 20))
    with limit_memory(MEMORY + MEMORY_PER_BYTE * size):
        yield


def _limit_seconds(seconds: int) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min([seconds, *(each for each in (soft, hard) if each >= 0)]), hard))


def _wait(pid: int) -> int:
    """Return how the child ended, as its exit status or as the negative number of its signal."""

    def forward(number: int, _: FrameType | None) -> None:
        os.kill(pid, number)

    for number in FORWARDED:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, forward)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _end_like(status: int) -> None:
    """End this process as its child ended; print a sentence if nobody asked the child to end."""
    if status >= 0:
        os._exit(status)
    if -status in FORWARDED:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    console.open_streams()
    reason = "take too much processor time for their size"
    if -status != getattr(signal, "SIGXCPU", 0):
        reason = f"need too much memory, or end the parser ({signal.Signals(-status).name})"
    console.write_err(f"ldnkg: The sources {reason}. {STOPPED}")
    os._exit(2)


def _hide_native_messages() -> None:
    """Keep standard error for the sentences of Python: what a parser itself writes when it ends is for programmers."""
    if sys.stderr is None:
        return
    sys.stderr = open(os.dup(2), "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1)  # noqa: PTH123, SIM115
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
