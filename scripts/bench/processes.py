"""Measure the wall time of whole commands, compared with reference commands that run in turn with them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.copies import copies
from ldnkg.cli import console

if TYPE_CHECKING:
    from ldnkg.paths import Home

STARTS, CHECKS, CHANGES = 15, 5, 5
BYTECODE = "PYTHONDONTWRITEBYTECODE"
PYTHON = sys.executable
LDNKG, PYSHACL = (str(Path(PYTHON).with_name(name)) for name in ("ldnkg", "pyshacl"))
IMPORT = "import pyoxigraph"


def starts(home: Home) -> None:
    """Print the time of a cold start, compared with a bare interpreter or import."""
    question = "drug-receptor-mechanism-condition-citation"
    rows = [
        [
            "ldnkg --help",
            "python -c pass",
            *_ratio(home, [LDNKG, "--help"], [PYTHON, "-c", "pass"], STARTS),
            "5",
        ],
        [
            "ldnkg query",
            f"python -c '{IMPORT}'",
            *_ratio(home, [LDNKG, "query", question], [PYTHON, "-c", IMPORT], STARTS),
            "4",
        ],
    ]
    console.print_table(["cold start", "reference", "ms", "reference, ms", "ratio", "limit"], rows)


def checking(home: Home) -> None:
    """Print the time of a check, compared with pySHACL's command on the built files and with a bare import."""
    validated = [PYSHACL, "-s", str(home.dist / "shapes.ttl"), str(home.dist / "ldn-kg.ttl")]
    fast = [LDNKG, "check", "--engine", "shacl"]
    rows = [
        [
            "ldnkg check",
            "pyshacl -s shapes.ttl ldn-kg.ttl",
            *_ratio(home, [LDNKG, "check"], validated, CHECKS),
            "2",
        ],
        [
            "ldnkg check --engine shacl",
            f"python -c '{IMPORT}'",
            *_ratio(home, fast, [PYTHON, "-c", IMPORT], STARTS),
            "9",
        ],
    ]
    console.print_table(["check", "reference", "ms", "reference, ms", "ratio", "limit"], rows)


def _ratio(home: Home, command: list[str], reference: list[str], times: int) -> list[str]:
    pairs = [(_process(home, command), _process(home, reference)) for _ in range(times + 1)]
    measured, compared = (median(taken) * 1000 for taken in zip(*pairs[1:], strict=True))
    return [f"{measured:.0f}", f"{compared:.0f}", f"{median(a / b for a, b in pairs[1:]):.1f}"]


def _process(home: Home, command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True, cwd=home.root, env=_installed())  # noqa: S603
    return time.perf_counter() - started


def _installed() -> dict[str, str]:
    """Return the environment without PYTHONDONTWRITEBYTECODE, so that commands use bytecode as pip installs it."""
    return {name: value for name, value in os.environ.items() if name != BYTECODE}


def watching(home: Home) -> None:
    """Print the time that `ldnkg check --watch` takes from a change of one file to its result."""
    with tempfile.TemporaryDirectory() as place:
        copy = copies(home, Path(place), 1)
        command = [LDNKG, "check", "--watch", "--engine", "shacl"]
        with subprocess.Popen(command, cwd=place, stderr=subprocess.PIPE, text=True, env=_installed()) as process:  # noqa: S603
            taken = _answers(process, next((copy.data / "claims").iterdir()))
            process.terminate()
    row = ["ldnkg check --watch --engine shacl, one file changed", f"{1000 * median(taken):.0f}", "1000"]
    console.print_table(["command", "ms", "limit"], [row])


def _answers(process: subprocess.Popen[str], path: Path) -> list[float]:
    taken = []
    _wait(process)
    for _ in range(CHANGES):
        started = time.perf_counter()
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        _wait(process)
        taken.append(time.perf_counter() - started)
    return taken


def _wait(process: subprocess.Popen[str]) -> None:
    """Read the standard error of the command until it has printed the summary of a check."""
    assert process.stderr is not None  # noqa: S101
    while "evaluations by" not in (line := process.stderr.readline()):
        assert line, "the command has ended"  # noqa: S101
