"""Measure the server with `wrk`: compared with Oxigraph's server on the same graph, and under a long load."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from ldnkg.cli import console
from ldnkg.querying.library import load_questions
from ldnkg.server.run import choose_address, is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.paths import Home

COMMONEST = (
    "drug-receptor-mechanism-condition-citation",
    "claims-about",
    "claims-at-least",
    "dose-of",
    "known-unknowns",
    "span-of-claim",
    "claims-of-sentence",
    "identifiers-in",
    "entity-by-identifier",
    "find-by-label",
)
HOST = "127.0.0.1"
SECONDS, ROUNDS, CONNECTIONS = 5, 5, 8
LONG, BATCH = 200_000, 4
SCRIPT = """
local paths, number = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
request = function()
  number = number + 1
  local path = paths[(number - 1) % #paths + 1]
  if os.getenv("NEW") then path = path .. "&number=" .. number end
  return wrk.format("GET", path, {["Accept"] = "application/sparql-results+json"})
end
done = function(summary, latency)
  local wrong = summary.errors
  print("RESULT", summary.requests, summary.duration, latency:percentile(99), latency:percentile(50),
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout)
end
"""


class RunningServer(NamedTuple):
    """A running server: its process id and its port."""

    pid: int
    port: int


class Load(NamedTuple):
    """The result of a load: requests, requests per second, p99 and p50 latency in ms, and errors."""

    requests: int
    rate: float
    p99: float
    p50: float
    errors: int


def serving(home: Home) -> None:
    """Print requests per second and latency of both servers, measured in turn, and memory under a long load."""
    if not shutil.which("wrk"):
        console.write_out("The server was not measured: wrk is not installed.")
        return
    with tempfile.TemporaryDirectory() as place, _run_ldnkg(home) as ours, _run_oxigraph(home) as oxigraph:
        work = _Workload(home, Path(place))
        rounds = [
            (work.load(ours.port, "sparql"), work.load(oxigraph, "query"), work.load(ours.port, "sparql", new=True))
            for _ in range(ROUNDS)
        ]
        names = ("ldnkg serve", "oxigraph serve", "ldnkg serve, cache bypassed")
        rows = [[name, *_format_row([one[at] for one in rounds])] for at, name in enumerate(names)]
        console.print_table(
            ["ten questions, eight connections", "requests per second", "p99, ms", "p50, ms", "errors"], rows
        )
        for at in (0, 2):
            rate = median(one[at].rate / one[1].rate for one in rounds)
            slow = median(one[at].p99 / one[1].p99 for one in rounds)
            console.write_out(
                f"{names[at]}: {rate:.2f} × the requests per second of Oxigraph (at least 0.7), {slow:.2f} × its p99."
            )
        _measure_long_load(work, ours)


class _Workload:
    def __init__(self, home: Home, place: Path) -> None:
        known = load_questions(home)
        self._place = place
        (place / "load.lua").write_text(SCRIPT, "utf-8")
        self._queries = [known[name].text for name in COMMONEST]

    def load(self, port: int, path: str, *, new: bool = False, seconds: int = SECONDS) -> Load:
        paths = "".join(f"/{path}?{urlencode({'query': query})}\n" for query in self._queries)
        (self._place / "paths").write_text(paths, "utf-8")
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}",
            "-s",
            str(self._place / "load.lua"),
            f"http://127.0.0.1:{port}",
        ]
        env = {**os.environ, "PATHS": str(self._place / "paths"), **({"NEW": "1"} if new else {})}
        output = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout  # noqa: S603
        line = next(line for line in output.splitlines() if line.startswith("RESULT"))
        requests, microseconds, p99, p50, errors = map(float, line.split()[1:])
        return Load(int(requests), 1e6 * requests / microseconds, p99 / 1000, p50 / 1000, int(errors))


def _format_row(loads: list[Load]) -> list[str]:
    rate, p99, p50 = (median(getattr(load, name) for load in loads) for name in ("rate", "p99", "p50"))
    return [f"{rate:,.0f}", f"{p99:.1f}", f"{p50:.1f}", f"{sum(load.errors for load in loads)}"]


def _measure_long_load(work: _Workload, ours: RunningServer) -> None:
    """Load the server in batches, half of each answered from its cache, and print its memory after each batch."""
    sizes: list[int] = []
    requests = errors = 0
    while requests < LONG:
        for new in (False, True):
            load = work.load(ours.port, "sparql", new=new, seconds=BATCH // 2)
            requests, errors = requests + load.requests, errors + load.errors
        sizes.append(_measure_memory(ours.pid))
    batches = ", ".join(f"{size / 1e6:.0f}" for size in sizes)
    console.write_out(
        f"{requests:,} requests, {errors} errors. Memory of all its processes after each batch, in MB: {batches}."
    )


def _measure_memory(pid: int) -> int:
    """Return the resident memory of a process and its descendants in bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return read_memory(pid) + sum(_measure_memory(int(child)) for child in children)


def read_memory(pid: int, kind: str = "VmRSS") -> int:
    """Return the resident memory of a process in bytes, or 0 if it has ended; with `VmHWM`, its peak."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(kind)), 0)


@contextmanager
def _run_ldnkg(home: Home) -> Iterator[RunningServer]:
    port = choose_address(HOST, 0).port
    command = [sys.executable, "-m", "ldnkg", "serve", "--port", str(port), "--home", str(home.root), "-q"]
    with run_server(command, port) as process:
        yield RunningServer(process.pid, port)


@contextmanager
def _run_oxigraph(home: Home) -> Iterator[int]:
    port = choose_address(HOST, 0).port
    with run_server([str(Path(sys.executable).with_name("oxigraph")), "serve", "--bind", f"127.0.0.1:{port}"], port):
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            graph = (home.dist / "ldn-kg.ttl").read_bytes()
            connection.request("PUT", "/store?default", graph, {"Content-Type": "text/turtle"})
            assert connection.getresponse().status < 300  # noqa: S101
        yield port


@contextmanager
def run_server(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server, wait until its port is open, and stop it when the block ends."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            while not is_open(HOST, port):
                assert process.poll() is None, command  # noqa: S101
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
