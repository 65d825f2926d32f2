"""Does pieces of work in two processes where the system has two cores and can fork, else one after the other."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

T = TypeVar("T")


def side_by_side(works: Sequence[Callable[[], T]], cores: int | None = None) -> list[T]:
    """Return what each piece of work returns, in their order; raise what one of them raises.

    What is read of this process is the same in both; what is changed there is seen there alone.
    """
    if len(works) < 2 or (_cores() if cores is None else cores) < 2:
        return [work() for work in works]
    context = get_context("fork")
    turn = context.Value("i", 0)
    here, there = context.Pipe(duplex=False)
    other = context.Process(target=_help, args=(works, turn, here, there), daemon=True)
    other.start()
    there.close()
    try:
        done = _in_turn(works, turn) | _received(here)
    finally:
        other.kill()
        other.join()
    # What either could not do is done here in order, so that what is raised is the same each time.
    return [done[number] if number in done else work() for number, work in enumerate(works)]


def _cores() -> int:
    """Return how many cores this process may use; one where to fork is not safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _in_turn(works: Sequence[Callable[[], T]], turn: Any) -> dict[int, T]:  # noqa: ANN401
    """Do the next piece that nobody has begun, until there is none, or one cannot be done."""
    done: dict[int, T] = {}
    with suppress(Exception):
        while (number := _next(turn)) < len(works):
            done[number] = works[number]()
    return done


def _next(turn: Any) -> int:  # noqa: ANN401
    with turn.get_lock():
        number: int = turn.value
        turn.value += 1
    return number


def _help(works: Sequence[Callable[[], object]], turn: Any, here: Connection, there: Connection) -> None:  # noqa: ANN401
    """Do the work of the other process; an interrupt is for the first, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    here.close()
    with suppress(OSError):
        there.send(_in_turn(works, turn))


def _received(here: Connection) -> dict[int, Any]:
    try:
        received: dict[int, Any] = here.recv()
    except EOFError:
        return {}
    return received
