"""A fixture for tests that check many publications whose files are mostly the same."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ldnkg.files import read_turtle
from ldnkg.records import loader, reader
from ldnkg.records.yaml_reader import parse_record_with_errors
from ldnkg.validation import check as checking
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

_read_turtle, _parse_record = cache(read_turtle), cache(parse_record_with_errors)


@cache
def _read_rules(folder: Path) -> Rules:
    rules = Rules(folder)
    rules.evaluations(rules.store)
    assert rules.sentences
    return rules


def read_rules(folder: Path) -> Rules:
    """Return the rules with what was read of them before; messages name the files of this folder."""
    rules = copy(_read_rules(folder.resolve()))
    rules.folder = folder
    del rules.paths
    return rules


def read_turtle_once(path: Path) -> list[ox.Quad]:
    return _read_turtle(path.resolve())


@pytest.fixture
def _shared_files_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse the rules, the ontology and each text of a record once. The records are still read from disk."""
    monkeypatch.setattr(checking, "Rules", read_rules)
    monkeypatch.setattr(loader, "read_turtle", read_turtle_once)
    monkeypatch.setattr(reader, "parse_record_with_errors", _parse_record)
