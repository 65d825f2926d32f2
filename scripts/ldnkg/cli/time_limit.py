"""End a query after a time limit, or at once with Ctrl-C."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from contextlib import contextmanager

from ldnkg.cli import console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60
TIMED_OUT = 124  # the exit status of `timeout`, the command of the system


def parse_seconds(text: str) -> float:
    """Return a duration in seconds, 0 for none.

    >>> parse_seconds("2.5")
    2.5
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError(f"'{text}' is not a duration. Give seconds, such as 10 or 2.5, or 0 for no limit.")
    return seconds


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Let the process end if the body takes longer than this number of seconds, or when the user presses Ctrl-C.

    The store evaluates a query without returning to Python, so neither an exception nor a signal handler could stop it.
    It does not block other threads, and nothing is written meanwhile, so a thread ends the whole process.
    """
    from signal import SIG_DFL, SIGINT, signal
    from threading import Timer

    timer = Timer(seconds, _end, (seconds,))
    timer.daemon = True
    before = signal(SIGINT, SIG_DFL)
    if seconds:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal(SIGINT, before)


def _end(seconds: float) -> None:
    """Print why the process ends, and end it."""
    sentence = (
        f"The query was stopped after {seconds:g} s. Simplify it, add a LIMIT, or allow more with --timeout SECONDS."
    )
    console.write_err(f"ldnkg: {sentence}")
    os._exit(TIMED_OUT)
