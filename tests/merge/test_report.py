"""The report of each extract is the one written by hand."""

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
def test_the_report_of_an_extract_is_the_report_written_by_hand(name: str, reference: ReferenceIndex) -> None:
    report = report_merge(reference, EXTRACTS / name)
    expected = EXPECTED[name]
    for table in ("joined", "near", "refused", "labels", "contradictions", "new_about_ours"):
        rows = [[cell for key, cell in row.items() if key not in UNCOMPARED] for row in report[table]]
        assert sorted(rows) == sorted(expected[table]), table
        assert report["counts"][table] == len(expected[table])
    assert expected["counts"].items() <= report["counts"].items()


def test_two_sources_together_are_reported_like_each_alone(reference: ReferenceIndex) -> None:
    both = report_merge(reference, BIOLINK, PATHS)
    alone = [report_merge(reference, BIOLINK), report_merge(reference, PATHS)]
    for table in TABLES:
        assert both[table] == sorted(alone[0][table] + alone[1][table], key=lambda row: tuple(row.values()))
