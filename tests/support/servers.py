"""Runs servers for a test, on loopback, and ends them by their ids."""

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


CRAWLING = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SERVED = ("ldn-kg.ttl", "ldn-kg.trig", "queries.ttl", "void.ttl")


class Reply(NamedTuple):
    """What a server answered: its status, its headers by their names in small letters, and its content."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Served(NamedTuple):
    """A server that runs: its process, its port, and the file that it logs to."""

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

    def query(self, sparql: str, accept: str = "text/csv", **more: str) -> Reply:
        return self.ask(f"/sparql?{urlencode({'query': sparql, **more})}", headers={"Accept": accept})


def free_port() -> int:
    """A port of loopback to which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the folder, from when its port is open until it is left; what it says is in `log` there."""
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
    """Wait until the server that writes this log is ready."""
    for _ in range(600):
        assert process.poll() is None, log.read_text("utf-8", errors="replace")
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r} does not answer: {log.read_text('utf-8', errors='replace')}")


def command(files: Path, port: int, *arguments: str) -> list[str]:
    """The command that serves the built files of a folder at the port."""
    place = ["--home", str(ROOT), "--files", str(files), "--port", str(port)]
    return [sys.executable, "-m", "ldnkg", "serve", *place, *arguments]


@contextmanager
def served(files: Path, log: Path, *arguments: str, code: Path = ROOT / "scripts") -> Iterator[Served]:
    """Serve the built files of a folder until the block ends; `code` is the folder of the package that serves them."""
    port = free_port()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")])}
    with log.open("wb") as said:
        process = subprocess.Popen(command(files, port, *arguments), env=env, stdout=said, stderr=said)
    server = Served(process, port, log)
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
