"""Fixtures of the merge tests: the index of our graph, read once, and a check of invalid inputs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge import reference as module
from ldnkg.merge.reference import ReferenceIndex, read_reference
from ldnkg.paths import Home
from support.merging import check_refused
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from support.merging import Refuse


@pytest.fixture(scope="session")
def reference() -> ReferenceIndex:
    """The index of the publication of this repository."""
    return read_reference(Home(ROOT))


@pytest.fixture
def refuse(
    reference: ReferenceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refuse:
    """A function that merges an invalid input and asserts that it is refused with one message."""
    monkeypatch.setattr(module, "read_reference", lambda _: reference)
    return partial(check_refused, folder=tmp_path, monkeypatch=monkeypatch, capsys=capsys)
