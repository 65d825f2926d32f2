"""Measure loading N-Quads into a store on disk and querying it over HTTP, at several sizes.

`python -m bench.loading 1 100` runs this part alone.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox

from bench.quads import ROOT, quads
from bench.serving import HOST, read_memory, run_server
from ldnkg.cli import console
from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from ldnkg.server.run import choose_address

if TYPE_CHECKING:
    from collections.abc import Callable

LOADS, QUERIES = 3, 7
OXIGRAPH = str(Path(sys.executable).with_name("oxigraph"))
QUESTION = "drug-receptor-mechanism-condition-citation"
HEAD = [
    "copies", "bytes", "gzipped", "quads", "loading, s", "x parsing", "loading, MB", "store, bytes", "rows",
    "query, ms", "server, MB",
]  # fmt: skip


class LoadCost(NamedTuple):
    """The cost of loading: seconds, and peak memory in bytes."""

    seconds: float
    memory: int


def loading(home: Home, factors: list[int]) -> None:
    """Print the cost of loading and of one query at each size; `x parsing` is relative to parsing the same N-Quads."""
    rows = []
    for factor in factors:
        with tempfile.TemporaryDirectory() as place, console.progress(quiet=False) as step:
            step(f"loading {factor} copies")
            rows.append([f"{factor}", *_measure_row(home, quads(home, factor), Path(place))])
    console.print_table(HEAD, rows)


def _measure_row(home: Home, content: bytes, place: Path) -> list[str]:
    path = place / "ldn-kg.nq"
    path.write_bytes(content)
    loads, reads = [], []
    for number in range(LOADS):
        loads.append(_load(path, place / f"store-{number}"))
        reads.append(_measure_seconds(lambda: sum(1 for _ in ox.parse(content, format=ox.RdfFormat.N_QUADS))))
    seconds = median(load.seconds for load in loads)
    size = sum(file.stat().st_size for file in (place / "store-0").iterdir())
    return [
        f"{len(content):,}",
        f"{len(gzip.compress(content, mtime=0)):,}",
        f"{len(content.splitlines()):,}",
        f"{seconds:.2f}",
        f"{seconds / median(reads):.1f}",
        f"{max(load.memory for load in loads) / 1e6:.0f}",
        f"{size:,}",
        *_measure_query(load_questions(home)[QUESTION].text, place / "store-0"),
    ]


def _load(path: Path, store: Path) -> LoadCost:
    """Load the file into a new store in a new process; return its cost."""
    command = [OXIGRAPH, "load", "--location", str(store), "--file", str(path)]
    memory = 0
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        while process.poll() is None:
            memory = max(memory, read_memory(process.pid, "VmHWM"))
            time.sleep(0.002)
    assert process.returncode == 0, command  # noqa: S101
    return LoadCost(time.perf_counter() - started, memory)


def _measure_query(sparql: str, store: Path) -> list[str]:
    """Return the cells of the query: number of rows, median time in ms, and memory of the server afterwards in MB."""
    port = choose_address(HOST, 0).port
    address = f"{HOST}:{port}"
    command = [OXIGRAPH, "serve-read-only", "--location", str(store), "--bind", address, "--union-default-graph"]
    request = Request(f"http://{address}/query?{urlencode({'query': sparql})}", headers={"Accept": "text/csv"})
    answers: list[bytes] = []

    def ask() -> None:
        with urlopen(request, timeout=600) as answer:  # noqa: S310
            answers.append(answer.read())

    with run_server(command, port) as server:
        taken = median(_measure_seconds(ask) for _ in range(QUERIES))
        memory = read_memory(server.pid)
    return [f"{len(answers[0].splitlines()) - 1}", f"{1000 * taken:.1f}", f"{memory / 1e6:.0f}"]


def _measure_seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    loading(Home(ROOT), [int(factor) for factor in sys.argv[1:]] or [1, 100])
