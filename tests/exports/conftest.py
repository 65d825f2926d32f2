"""Fixtures of the tests of formats: the files of every format, and the command line in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.exports.registry import FORMATS
from support.cli import run_in_process

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph


@pytest.fixture(scope="session")
def files_by_format(aligned: CombinedGraph) -> dict[str, dict[str, bytes]]:
    """The files of each format by its name; not to be changed."""
    return {name: form.make_files(aligned) for name, form in FORMATS.items()}


@pytest.fixture
def run_ldnkg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in this process, in an empty folder by default, with the fast SHACL engine by default.

    The engines are compared with each other elsewhere; the reference takes a second or more for each run.
    """
    monkeypatch.setattr("ldnkg.cli.options.REFERENCE", "shacl")

    def run(*arguments: object, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return run_in_process(*arguments, cwd=cwd)

    return run
