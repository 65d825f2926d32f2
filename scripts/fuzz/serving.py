"""Run a server on loopback and send it the bytes of a case."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from fuzz.cases import ROOT
from ldnkg.cli.main import main
from ldnkg.server.run import choose_address

if TYPE_CHECKING:
    from pathlib import Path

HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SECONDS = 10


class Server:
    """A server of the built publication, until `stop`."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.port, self.log = choose_address("127.0.0.1", 0).port, folder / "server.log"
        files = folder / "files"
        if main(["build", "--engine", "shacl", "--quiet", "--home", str(ROOT), "--out", str(files)]):
            raise SystemExit("The publication cannot be built, so nothing can be fuzzed.")
        place = ["--home", str(ROOT), "--files", str(files), "--port", str(self.port), "--seconds", "2"]
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "ldnkg", "serve", *place]
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log)  # noqa: S603
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            if self.is_healthy():
                return
            time.sleep(0.05)
        raise SystemExit(f"The server does not start: {self.log.read_text('utf-8', errors='replace')}")

    def judge(self, request: bytes) -> str:
        """Return what is wrong with the server after these bytes, or nothing."""
        answer = self.send(request, 1)
        if answer and not answer.startswith(b"HTTP/1."):
            return f"an answer that is not HTTP: {answer[:60]!r}"
        if answer[9:12] == b"500" or b"Traceback" in answer:
            return f"the answer {answer[:200]!r}"
        if self.process.poll() is not None:
            return f"the server ended with the status {self.process.returncode}"
        if not self.is_healthy():
            return "/health does not answer"
        return "a traceback in the log of the server" if b"Traceback" in self.log.read_bytes() else ""

    def is_healthy(self) -> bool:
        """Return whether /health answers."""
        return self.send(HEALTH, SECONDS)[9:12] == b"200"

    def send(self, request: bytes, seconds: float) -> bytes:
        """Send the bytes and return the answer until the server closes the connection or the time is over."""
        received = b""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            while part := connection.recv(65536):
                received += part
        return received

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(SECONDS)
