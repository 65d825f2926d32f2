"""Measures speed as ratios against yardsticks run beside: `make bench`, or `python -m bench 1 10 100`.

The article's publication is copied under new names, 1, 10 and 100 times, and each copy is built as the command does it.
Every figure is the median of several runs, in wall seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.asking import asking
from bench.exports import exporting
from bench.loading import loading
from bench.processes import checking, starts, watching
from bench.rules import shares
from bench.scale import RUNS, scale
from bench.serving import serving
from ldnkg.paths import Home


def main() -> None:
    """Run the benchmark at the factors given, else at 1, 10 and 100."""
    home = Home(Path(__file__).resolve().parents[2])
    factors = [int(factor) for factor in sys.argv[1:]] or list(RUNS)
    scale(home, factors)
    exporting(home, factors)
    asking(home, factors)
    loading(home, factors)
    starts(home)
    checking(home)
    watching(home)
    shares(home)
    serving(home)


if __name__ == "__main__":
    main()
