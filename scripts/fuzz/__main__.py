"""Fuzz for some minutes: `make fuzz MINUTES=10 SEED=1`, or repeat saved cases: `make fuzz CASES=FILE`.

Each case is a file of the publication, a query, a request or a foreign file, with some faults. A case fails if the
command or the server prints a traceback, dies from a signal, does not end in time, ends with a status that is not
documented, or changes a file other than its output. Failing cases are saved. The exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz.cases import make_case, read_case
from fuzz.judging import Judge, make_env
from fuzz.serving import Server
from ldnkg.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fuzz.cases import Case


def main() -> int:
    """Run the cases and print those that fail."""
    arguments = parse_arguments()
    console.write_out(f"seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as place:
        server = Server(Path(place), make_env())
        try:
            return run(Judge(Path(place), server), arguments)
        finally:
            server.stop()


def parse_arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", default="")
    parser.add_argument("--save", type=Path, help="the folder of the cases that fail (default: a temporary folder)")
    parser.add_argument("cases", type=Path, nargs="*", help="saved cases to repeat")
    arguments = parser.parse_args()
    arguments.seed = arguments.seed or secrets.token_hex(4)
    return arguments


def run(judge: Judge, arguments: argparse.Namespace) -> int:
    """Judge each case, print and save those that fail, and return the exit status."""
    counts: Counter[str] = Counter()
    save: Path | None = arguments.save
    for number, case in list_cases(arguments):
        counts[case.area] += 1
        if wrong := judge.judge(case):
            save = save or Path(tempfile.mkdtemp(prefix="ldnkg-fuzz-"))
            path = save_case(case, save, f"{arguments.seed}-{number}")
            counts["failed"] += 1
            console.write_out(f"{case.area} {case.name}: {wrong}\n  make fuzz CASES={path}")
    console.write_out(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if counts["failed"] else 0


def list_cases(arguments: argparse.Namespace) -> Iterator[tuple[int, Case]]:
    """Yield the saved cases, or new ones until the time is over, each with its number."""
    if arguments.cases:
        yield from enumerate(map(read_case, arguments.cases), 1)
        return
    end, number = time.monotonic() + 60 * arguments.minutes, 0
    while time.monotonic() < end:
        number += 1
        yield number, make_case(f"{arguments.seed}/{number}")


def save_case(case: Case, folder: Path, number: str) -> Path:
    """Write the case into the folder of its area, and return the path."""
    path = folder / case.area / f"{number}--{case.name}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(case.content)
    return path


if __name__ == "__main__":
    sys.exit(main())
