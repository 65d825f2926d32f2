"""Run servers on loopback for a test, send them requests, and stop them by their process ids."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from support.paths import ROOT
from support.processes import find_descendants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

BASE = "https://w3id.org/ldn-kg/"
ORAL = "claim/naltrexone-is-taken-orally"
REGIMENS = f"SELECT ?s WHERE {{ ?s a <{BASE}ontology#Regimen> }}"
CRAWLING = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SERVED = ("ldn-kg.ttl", "ldn-kg.trig", "queries.ttl", "void.ttl")
# The rdflib name of each graph format, by media type.
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}


class Reply(NamedTuple):
    """An HTTP response: its status, its headers by name in lower case, and its content."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Served(NamedTuple):
    """A running server: its process, its port and its log file."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 30,
    ) -> Reply:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def follow(self, path: str, accept: str = "*/*", method: str = "GET") -> Reply:
        """The reply at the end of the redirects, each of which must be to this server."""
        for _ in range(5):
            reply = self.ask(path, method, headers={"Accept": accept})
            if reply.status not in {301, 302, 303, 307, 308}:
                return reply
            assert reply.headers["location"].startswith(self.home), reply.headers["location"]
            path = "/" + reply.headers["location"].removeprefix(self.home).partition("#")[0]
        raise AssertionError(f"{path} is redirected again and again.")

    @property
    def home(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self.port}/"

    def query(self, sparql: str, accept: str = "text/csv", **more: str) -> Reply:
        return self.ask(f"/sparql?{urlencode({'query': sparql, **more})}", headers={"Accept": accept})


def works(server: Served) -> bool:
    """Whether the server answers a query correctly."""
    return server.query(REGIMENS).text.count("\n") == 3


def read_metric(server: Served, name: str) -> float:
    """The value of the first metric whose line starts with the name, or 0 if there is none."""
    lines = server.ask("/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)), 0.0)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true; fail after a minute."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("The condition is not true after a minute.")


def worker_pids(server: Served) -> set[int]:
    """The ids of the worker processes of the server."""
    return find_descendants(server.process.pid, b"ldnkg.server.worker")


def send_bytes(server: Served, sent: bytes, *, half: bool = False, seconds: float = 10) -> bytes:
    """Send bytes over a socket and return the answer until the server closes; nothing on a reset or a timeout.

    `half` closes the connection for sending, so that the server reads the end of the request.
    """
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        try:
            connection.sendall(sent)
            if half:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while part := connection.recv(65536):
                received += part
        except (ConnectionError, TimeoutError):
            return b""
        return received


def free_port() -> int:
    """A port of loopback that is not in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the folder and yield once its port is open; its output is in the file `log`."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _until(lambda: _open(port), process, folder / "log")
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server is ready; fail with its log if it ends or is not ready in time."""
    for _ in range(600):
        assert process.poll() is None, log.read_text("utf-8", errors="replace")
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r} does not answer: {log.read_text('utf-8', errors='replace')}")


def command(files: Path, port: int, *arguments: str) -> list[str]:
    """The command that serves the built files of a folder on the port."""
    place = ["--home", str(ROOT), "--files", str(files), "--port", str(port)]
    return [sys.executable, "-m", "ldnkg", "serve", *place, *arguments]


def start_server(files: Path, log: Path, *arguments: str, code: Path | str = ROOT / "scripts") -> Served:
    """Start a server of the built files of a folder, and do not wait for it; `code` is as for `served`."""
    port = free_port()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")])}
    with log.open("wb") as output:
        process = subprocess.Popen(command(files, port, *arguments), env=env, stdout=output, stderr=output)
    return Served(process, port, log)


@contextmanager
def served(files: Path, log: Path, *arguments: str, code: Path | str = ROOT / "scripts") -> Iterator[Served]:
    """Serve the built files of a folder until the block ends; `code` is the folder of the package `ldnkg`."""
    server = start_server(files, log, *arguments, code=code)
    process = server.process
    try:
        _until(lambda: _healthy(server), process, log)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


def _healthy(server: Served) -> bool:
    try:
        return server.ask("/health").status == 200
    except OSError:
        return False
