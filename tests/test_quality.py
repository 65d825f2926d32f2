"""Quality of the published graph: a query gives a row for each failure, and its planted fault gives one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = sorted((ROOT / "tests" / "quality").glob("*.rq"))


def failures(query: Path, files: dict[str, bytes], fault: bytes = b"") -> list[str]:
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    store.load(fault, format=ox.RdfFormat.TURTLE)
    answer = store.query(query.read_text("utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    return [str(row) for row in answer]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_nothing_fails(query: Path, files: dict[str, bytes]) -> None:
    assert failures(query, files) == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_planted_fault_is_found(query: Path, files: dict[str, bytes]) -> None:
    assert failures(query, files, query.with_suffix(".fault.ttl").read_bytes())


def test_every_query_and_every_fault_has_the_other() -> None:
    folder = ROOT / "tests" / "quality"
    assert len(QUERIES) > 1
    assert {path.stem for path in QUERIES} == {path.name.removesuffix(".fault.ttl") for path in folder.glob("*.ttl")}
