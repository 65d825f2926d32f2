"""Quality of the published graph: a query gives a row for each failure, and its planted fault gives one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = sorted((ROOT / "tests" / "data" / "quality").glob("*.rq"))


def failures(files: dict[str, bytes], fault: bytes = b"") -> dict[str, list[str]]:
    """The rows of each query that gives any."""
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    store.load(fault, format=ox.RdfFormat.TURTLE)
    found = {query.stem: rows(store, query) for query in QUERIES}
    return {name: failed for name, failed in found.items() if failed}


def rows(store: ox.Store, query: Path) -> list[str]:
    answer = store.query(query.read_text("utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    return [str(row) for row in answer]


def test_nothing_fails(files: dict[str, bytes]) -> None:
    assert failures(files) == {}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_planted_fault_is_found_by_its_query_and_by_no_other(query: Path, files: dict[str, bytes]) -> None:
    """No other, but for those that the fault itself names, for it cannot be planted without them."""
    fault = query.with_suffix(".fault.ttl").read_bytes()
    also = {line.removeprefix("# also: ") for line in fault.decode().splitlines() if line.startswith("# also: ")}
    assert failures(files, fault).keys() == {query.stem} | also


def test_every_query_and_every_fault_has_the_other() -> None:
    folder = ROOT / "tests" / "data" / "quality"
    assert len(QUERIES) > 1
    assert {path.stem for path in QUERIES} == {path.name.removesuffix(".fault.ttl") for path in folder.glob("*.ttl")}
