"""Run the command line, or the code of a guide, in this process."""

from __future__ import annotations

import io
import subprocess
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from ldnkg.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def run_in_process(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `ldnkg` with these arguments in a folder; return its exit status and what it printed."""
    words = [str(argument) for argument in arguments]
    out, err = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
    return subprocess.CompletedProcess(["ldnkg", *words], status, out.getvalue(), err.getvalue())


def run_code(code: str, cwd: Path) -> str:
    """Run Python code of a guide in a folder, as `python -c` would; return what it printed."""
    out = io.StringIO()
    with chdir(cwd), redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "<guide>", "exec"), {"__name__": "__main__"})  # noqa: S102
    return out.getvalue()
