"""Run `ldnkg`: in this process, which is fast; as a process; or on a pseudo-terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import time
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

import pytest

from ldnkg.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def run_in_process(*arguments: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder without starting a process, and return how it ended."""
    words = [str(argument) for argument in arguments]
    # As in a pipe: bytes below the text, and no terminal.
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setattr("sys.argv", ["ldnkg", *words])
        try:
            status = main(words)
        except SystemExit as ended:  # argparse, after wrong usage or --help
            status = int(ended.code or 0)
    texts = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    return subprocess.CompletedProcess(words, status, *texts)


def run_process(*arguments: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process in the folder, and return how it ended."""
    command = [sys.executable, "-m", "ldnkg", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=300
    )


def run_code(code: str, cwd: Path) -> str:
    """Run Python code of a guide in the folder, as `python -c` would, and return what it printed."""
    out = io.StringIO()
    with chdir(cwd), redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "<guide>", "exec"), {"__name__": "__main__"})  # noqa: S102
    return out.getvalue()


def run_limited(
    limit: str, amount: int, *arguments: object, cwd: Path, seconds: int = 300
) -> subprocess.CompletedProcess[str]:
    """Run the command as a process that sets a limit of the `resource` module for itself first."""
    code = f"import os, resource, sys; resource.setrlimit(resource.{limit}, ({amount}, {amount}))"
    replace = "os.execv(sys.executable, [sys.executable, '-m', 'ldnkg', *sys.argv[1:]])"
    command = [sys.executable, "-c", f"{code}; {replace}", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=seconds)


class OnTerminal:
    """The command as a process on a pseudo-terminal that is its controlling terminal, so that Ctrl-C reaches it."""

    SECONDS = 90

    def __init__(self, *arguments: object, cwd: Path) -> None:
        self.parent, child = pty.openpty()
        control = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
        replace = "os.execv(sys.executable, [sys.executable, '-m', 'ldnkg', *sys.argv[1:]])"
        command = [sys.executable, "-c", f"{control}; {replace}", *map(str, arguments)]
        env = {**os.environ, "TERM": "dumb", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=child, stdout=child, stderr=child, start_new_session=True
        )
        os.close(child)
        self.shown = ""

    def __enter__(self) -> OnTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(self.SECONDS)
        os.close(self.parent)

    def read_until(self, words: str) -> str:
        """Return what is shown up to these words, and forget it; fail if they do not come in time."""
        late = time.monotonic() + self.SECONDS
        while words not in self.shown:
            assert self._read(late), f"'{words}' is not shown: {self.shown}"
        before, found, self.shown = self.shown.partition(words)
        return before + found

    def _read(self, late: float) -> bool:
        """Read what is shown next; return False if the process ended or it is too late."""
        ready, _, _ = select.select([self.parent], [], [], max(0, late - time.monotonic()))
        try:
            piece = os.read(self.parent, 65536) if ready else b""
        except OSError:  # on Linux, when the process has closed the terminal
            piece = b""
        self.shown += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)

    def answer(self, prompt: str, line: str) -> str:
        """Wait for the prompt, type the line, and return what was shown before."""
        shown = self.read_until(prompt)
        os.write(self.parent, line.encode() + b"\n")
        return shown

    def press_until(self, words: str, key: bytes) -> None:
        """Press a key, such as Ctrl-C, which is byte 3, or Ctrl-D, which is byte 4, until these words are shown.

        CPython ignores a Ctrl-C between the prompt and its wait for a key, so the key is pressed again after some time.
        """
        late = time.monotonic() + self.SECONDS
        while words not in self.shown:
            assert time.monotonic() < late, f"'{words}' is not shown: {self.shown}"
            os.write(self.parent, key)
            pause = time.monotonic() + 1
            while words not in self.shown and self._read(pause):
                pass

    def finish(self) -> tuple[int, str]:
        """Return the exit status and what was shown last."""
        late = time.monotonic() + self.SECONDS
        while self._read(late):
            pass
        return self.process.wait(self.SECONDS), self.shown
