"""Measure speed and print the figures: `make bench`, or `python -m bench 1 10 100`.

`python -m bench exporting 10 100` measures the exports alone, with 10 and with 100 copies of the graph.

A part that depends on the size copies the records 1, 10 and 100 times under new names and builds each copy as the
command does. Times are medians of several runs, in wall time. Ratios compare a command with a reference command that
runs in turn with it on the same machine.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.asking import asking
from bench.exports import exporting
from bench.factors import RUNS
from bench.loading import loading
from bench.processes import checking, starts, watching
from bench.rules import shares
from bench.scale import scale
from bench.serving import serving
from ldnkg.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Run the named parts of the benchmark, or all, with the given numbers of copies, or with 1, 10 and 100."""
    home = Home(Path(__file__).resolve().parents[2])
    gc.set_threshold(100_000)  # the value that `ldnkg` sets
    factors = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()] or list(RUNS)
    parts: dict[str, Callable[[Home], None]] = {
        "scale": partial(scale, factors=factors),
        "exporting": partial(exporting, factors=factors),
        "asking": partial(asking, factors=factors),
        "starts": starts,
        "checking": checking,
        "watching": watching,
        "shares": shares,
        "loading": partial(loading, factors=factors),
        "serving": serving,
    }
    for name in [argument for argument in sys.argv[1:] if not argument.isdecimal()] or parts:
        parts[name](home)


if __name__ == "__main__":
    main()
