"""Repeat a measurement for publications of several sizes, several times for each."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bench.copies import copies
from ldnkg.cli import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ldnkg.paths import Home

RUNS = {1: 5, 10: 5, 100: 3}
T = TypeVar("T")


class Measured(NamedTuple):
    """The measurements at one size: number of copies, number of claims, and for each run the seconds of each step."""

    factor: int
    claims: int
    runs: list[dict[str, float]]


def measured(
    home: Home, factors: Iterable[int], doing: str, measure: Callable[[Home], dict[str, float]]
) -> Iterator[Measured]:
    """Yield the measurements at each size; `RUNS` gives the number of runs."""
    for factor in factors:
        with tempfile.TemporaryDirectory() as place, console.progress(quiet=False) as step:
            step(f"copying the records {factor} times")
            copy = copies(home, Path(place), factor)
            claims = len(list((copy.data / "claims").iterdir()))
            step(f"{doing} {claims} claims")
            yield Measured(factor, claims, [measure(copy) for _ in range(RUNS.get(factor, 1))])


def timed(taken: dict[str, float], name: str, work: Callable[[], T]) -> T:
    """Return the result of the work, and store the seconds it took under the name."""
    started = time.perf_counter()
    result = work()
    taken[name] = time.perf_counter() - started
    return result
