"""Quality queries over the published graph: no query returns a row, and each returns one for its planted fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = sorted((ROOT / "tests" / "data" / "quality").glob("*.rq"))


def failures(files: dict[str, bytes], fault: bytes = b"") -> dict[str, list[str]]:
    """The rows of each query that returns rows."""
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    store.load(fault, format=ox.RdfFormat.TURTLE)
    found = {query.stem: rows(store, query) for query in QUERIES}
    return {name: failed for name, failed in found.items() if failed}


def rows(store: ox.Store, query: Path) -> list[str]:
    answer = store.query(query.read_text("utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    return [str(row) for row in answer]


def test_no_query_returns_a_row(files: dict[str, bytes]) -> None:
    assert failures(files) == {}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_planted_fault_is_found_by_its_query_and_by_no_other(query: Path, files: dict[str, bytes]) -> None:
    """A fault may break further queries if its comments `# also:` name them, because it cannot be planted alone."""
    fault = query.with_suffix(".fault.ttl").read_bytes()
    also = {line.removeprefix("# also: ") for line in fault.decode().splitlines() if line.startswith("# also: ")}
    assert failures(files, fault).keys() == {query.stem} | also


def test_every_query_has_a_fault_and_every_fault_a_query() -> None:
    folder = ROOT / "tests" / "data" / "quality"
    assert len(QUERIES) > 1
    assert {path.stem for path in QUERIES} == {path.name.removesuffix(".fault.ttl") for path in folder.glob("*.ttl")}
