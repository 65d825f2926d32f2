"""A fixture with the files of every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.exports.registry import FORMATS

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph


@pytest.fixture(scope="session")
def files_by_format(aligned: CombinedGraph) -> dict[str, dict[str, bytes]]:
    """The files of each format by its name, which tests must not change."""
    return {name: form.make_files(aligned) for name, form in FORMATS.items()}
