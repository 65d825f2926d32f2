"""Fixtures of the server tests: a folder with the built files, and a server for the tests that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.servers import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = ("--seconds", "1", "--query", "20000", "--answer", "300000", "--waiting", "2", "--memory", "600000000")


@pytest.fixture(scope="session")
def built(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built files."""
    folder = tmp_path_factory.mktemp("built")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with low limits; a test that stops its workers waits until the server answers again."""
    with served(built, tmp_path_factory.mktemp("log") / "log", *LIMITS) as running:
        yield running
