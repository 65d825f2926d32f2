"""Writes tables as text: CSV, tab-separated, and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ldnkg.sheets import Column, Sheet

NUMBERS = {"integer": int, "decimal": float}


def as_csv(sheet: Sheet) -> bytes:
    """Return the table as CSV by RFC 4180, in UTF-8, with the lines ended as Unix does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows(sheet.flat)
    return text.getvalue().encode()


def as_tsv(sheet: Sheet) -> bytes:
    """Return the table with tabs between and no quoting; no record holds a tab or a line end."""
    lines = [[column.name for column in sheet.columns], *sheet.flat]
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def as_json_lines(sheet: Sheet) -> bytes:
    """Return the table as one JSON object a line: several values as a list, numbers as numbers, nothing left out."""
    lines = [
        {column.name: typed(column, row[column.name]) for column in sheet.columns if column.name in row}
        for row in sheet.rows
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def typed(column: Column, values: list[str]) -> object:
    """Return what a cell holds: a number where the column has numbers, a list where it can have several values."""
    made = [NUMBERS.get(column.datatype, str)(value) for value in values]
    return made if column.separator else made[0]
