"""Measures speed as ratios against yardsticks run beside: `make bench`, or `python -m bench 1 10 100`.

Only the exports, at other sizes: `python -m bench exporting 10 100`.

The article's publication is copied under new names, 1, 10 and 100 times, and each copy is built as the command does it.
Every figure is the median of several runs, in wall seconds.
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
    """Run the parts of the benchmark that are named, else all, at the factors given, else at 1, 10 and 100."""
    home = Home(Path(__file__).resolve().parents[2])
    gc.set_threshold(100_000)  # as the command has it
    factors = [int(given) for given in sys.argv[1:] if given.isdecimal()] or list(RUNS)
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
    for name in [given for given in sys.argv[1:] if not given.isdecimal()] or parts:
        parts[name](home)


if __name__ == "__main__":
    main()
