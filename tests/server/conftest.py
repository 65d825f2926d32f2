"""Fixtures of the server tests: a folder with the built files, and a server for the tests that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.exports import fidelity
from ldnkg.exports.checksums import EXPORT_CHECKSUMS, format_checksums
from ldnkg.exports.registry import FORMATS, choose_formats, make_all_files
from support.servers import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph

LIMITS = ("--seconds", "1", "--query", "20000", "--answer", "300000", "--waiting", "2", "--memory", "600000000")


@pytest.fixture(scope="session")
def exported(aligned: CombinedGraph) -> dict[str, bytes]:
    """The content of each file that `ldnkg export` writes, by name."""
    made = make_all_files([form for form in choose_formats() if form.is_installed()], aligned)
    made[fidelity.NAME] = fidelity.format_losses(fidelity.read_losses(FORMATS))
    return {**made, EXPORT_CHECKSUMS: format_checksums(made)}


@pytest.fixture(scope="session")
def built(files: dict[str, bytes], exported: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built and the exported files."""
    folder = tmp_path_factory.mktemp("built")
    for name, content in {**files, **exported}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with low limits; a test that stops its workers waits until the server answers again."""
    with served(built, tmp_path_factory.mktemp("log") / "log", *LIMITS) as running:
        yield running
