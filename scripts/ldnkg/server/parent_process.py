"""End this process together with the one that started it."""

from __future__ import annotations

import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, see the manual page prctl(2)


def end_with_parent() -> None:
    """Let the system kill this process when the thread that started it ends, also if it is killed.

    Only Linux can do this. Elsewhere a process ends when it reads the end of its pipe to the parent.
    """
    if sys.platform == "linux":
        from ctypes import CDLL

        CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
