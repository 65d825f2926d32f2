"""Run `ldnkg`: in this process, which is fast, or as a process, if the process itself is under test."""

from __future__ import annotations

import io
import os
import subprocess
import sys
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
        except SystemExit as ended:  # of argparse, for a wrong use or for help
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


def run_limited(limit: str, amount: int, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a process that sets a limit of the `resource` module for itself first."""
    code = f"import os, resource, sys; resource.setrlimit(resource.{limit}, ({amount}, {amount}))"
    replace = "os.execv(sys.executable, [sys.executable, '-m', 'ldnkg', *sys.argv[1:]])"
    command = [sys.executable, "-c", f"{code}; {replace}", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
