"""Fixtures of the attacks: the built files, in a folder and as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.writing.folder import write_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def served_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """The built files that a server needs, and a page."""
    needed = ("ldn-kg.ttl", "ldn-kg.trig", "queries.ttl", "void.ttl", "index.html", "ontology.ttl")
    return {name: files[name] for name in needed}


@pytest.fixture(scope="session")
def built(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all built files, which tests must not change."""
    folder = tmp_path_factory.mktemp("served") / "dist"
    write_files(files, folder)
    return folder
