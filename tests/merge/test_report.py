"""The report of each extract equals the report written by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.report import TABLES
from support.merging import BIOLINK, EXTRACTS, PATHS, UNCOMPARED, report_merge

if TYPE_CHECKING:
    from ldnkg.merge.reference import ReferenceIndex

EXPECTED = json.loads((EXTRACTS / "report.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_report_of_an_extract_equals_the_report_written_by_hand(name: str, reference: ReferenceIndex) -> None:
    report = report_merge(reference, EXTRACTS / name)
    expected = EXPECTED[name]
    for table in expected.keys() - {"counts"}:
        rows = [[cell for key, cell in row.items() if key not in UNCOMPARED] for row in report[table]]
        assert sorted(rows) == sorted(expected[table]), table
        assert report["counts"][table] == len(expected[table])
    assert expected["counts"].items() <= report["counts"].items()


def test_the_report_of_two_sources_has_the_rows_of_both(reference: ReferenceIndex) -> None:
    together = report_merge(reference, BIOLINK, PATHS)
    separate = [report_merge(reference, BIOLINK), report_merge(reference, PATHS)]
    for table in TABLES:
        assert sorted(map(str, together[table])) == sorted(map(str, separate[0][table] + separate[1][table]))
