"""Run a case and say what is wrong with the way it ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from fuzz.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from fuzz.cases import Case
    from fuzz.serving import Server

SECONDS = 30
STATUSES = {"check": {0, 1, 2}, "query": {0, 1, 2, 124}, "merge": {0, 1, 2}}
PARTS = ("data", "ontology", "shapes", "queries")


class Judge:
    """A copy of the publication in a folder, and a server, for any number of cases."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.home, self.input, self.server = folder / "home", folder / "input", server
        for part in PARTS:
            shutil.copytree(ROOT / part, self.home / part)
        (self.home / "dist").mkdir()
        shutil.copy2(ROOT / "dist" / "ldn-kg.ttl", self.home / "dist")

    def judge(self, case: Case) -> str:
        """Return what is wrong, or nothing."""
        if case.area == "request":
            return self.server.judge(case.content)
        return self._judge_changed(case) if case.area == "check" else self._judge_file(case)

    def _judge_changed(self, case: Case) -> str:
        """Check the publication with the content of the case in the file that the case names."""
        path = self.home / case.name.replace("@", "/")
        before = path.read_bytes() if path.exists() else None
        path.write_bytes(case.content)
        try:
            return self._run(case.area, ["check", "--engine", "shacl"])
        finally:
            path.unlink() if before is None else path.write_bytes(before)

    def _judge_file(self, case: Case) -> str:
        shutil.rmtree(self.input, ignore_errors=True)
        self.input.mkdir()
        path = self.input / case.name.rpartition("@")[2]
        path.write_bytes(case.content)
        more = ["--timeout", "5"] if case.area == "query" else ["--out", str(self.input / "out")]
        return self._run(case.area, [case.area, str(path), *more])

    def _run(self, area: str, arguments: list[str]) -> str:
        before = summarise(self.home)
        command = [sys.executable, "-m", "ldnkg", *arguments, "--home", str(self.home)]
        try:
            ended = subprocess.run(  # noqa: S603
                command, capture_output=True, check=False, timeout=SECONDS, env=make_env(), cwd=self.home
            )
        except subprocess.TimeoutExpired:
            return f"did not end within {SECONDS} s"
        if b"Traceback" in ended.stderr:
            return "a traceback: " + ended.stderr.decode(errors="replace").strip().splitlines()[-1]
        if ended.returncode not in STATUSES[area]:
            return f"the exit status {ended.returncode}"
        return "" if summarise(self.home) == before else "a file of the publication was changed"


def make_env() -> dict[str, str]:
    """Return the environment of the commands: they run the code of this clone."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}


def summarise(folder: Path) -> dict[str, str]:
    """Return the checksum of each file below a folder, by its path."""
    found = {}
    for path in folder.rglob("*"):
        with suppress(OSError):
            found[str(path)] = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return found
