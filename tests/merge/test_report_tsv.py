"""The TSV of a report has every row, and is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.report import TABLES
from ldnkg.merge.report_tsv import COLUMNS, format_tsv, protect_cell
from support.merging import BIOLINK, LABEL, MESH, PATHS, report_merge, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def read(text: str) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_each_row_of_the_report_is_a_row(reference: ReferenceIndex) -> None:
    report = report_merge(reference, BIOLINK, PATHS)
    expected = [{"table": name, **row} for name in TABLES for row in report[name]]
    found = read(format_tsv(report))
    assert len(found) == len(expected) > 40
    for row, cells in zip(expected, found, strict=True):
        values = {key: protect_cell(value) for key, value in row.items() if key != "where"}
        assert {key: value for key, value in cells.items() if value} == {k: v for k, v in values.items() if v}


def test_the_columns_begin_with_what_a_reviewer_needs(reference: ReferenceIndex) -> None:
    rows = read(format_tsv(report_merge(reference, BIOLINK)))
    assert list(rows[0])[:7] == ["table", "kind", "decision", "source", "file", "line", "record"]
    assert {row["decision"] for row in rows} == {""}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", '"='])
def test_a_cell_is_never_a_formula(sign: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    label = f"{sign}HYPERLINK(1)"
    text = f"""<{MESH}D009271> {LABEL} "{label.replace('"', chr(92) + '"')}" .\n"""
    rows = read(format_tsv(report_merge(reference, write_file(tmp_path, "a.nt", text))))
    (cell,) = (row["source_label"] for row in rows if row["table"] == "labels")
    assert cell == (label if sign == '"=' else f"'{label}")


def test_tabs_and_line_ends_are_escaped(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = rf'<{MESH}D009271> {LABEL} "a\tb\nc\rd\\te\u2028f" .' + "\n"
    table = format_tsv(report_merge(reference, write_file(tmp_path, "a.nt", text)))
    (cell,) = (row["source_label"] for row in read(table) if row["table"] == "labels")
    assert cell == r"a\tb\nc\rd\\te\u2028f"
    assert len(table.splitlines()) == table.count("\n") == len(read(table)) + 1
