"""Writes tables as text: CSV, tab-separated, and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from ldnkg.problem import Problem

if TYPE_CHECKING:
    from ldnkg.exports.sheets import Column, Sheet

NUMBERS = {"integer": int, "decimal": float}


def as_csv(sheet: Sheet) -> bytes:
    """Return the table as CSV by RFC 4180, in UTF-8, with the lines ended as Unix does."""
    refuse_separators(sheet)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows(sheet.flat)
    return text.getvalue().encode()


def as_tsv(sheet: Sheet) -> bytes:
    """Return the table with tabs between and no quoting."""
    refuse_separators(sheet)
    lines = [[column.name for column in sheet.columns], *sheet.flat]
    return "".join(tabbed(line, sheet.name) for line in lines).encode()


def tabbed(cells: list[str], table: str) -> str:
    """Return the cells as a line with tabs between; raise Problem where one holds a tab or a line end."""
    line = "\t".join(cells)
    if line.count("\t") >= len(cells) or len(line.splitlines()) > 1 or line.endswith("\n"):
        what = "has a text with a tab or a line end, which no cell can hold"
        raise Problem(f"{table}: {cells[0]} {what}. Take it out.", 1)
    return f"{line}\n"


def refuse_separators(sheet: Sheet) -> None:
    """Raise Problem where one of several values holds what stands between them, for nobody could tell them apart."""
    for row in sheet.rows:
        for column in sheet.columns:
            if column.separator and any(column.separator in held for held in row.get(column.name, [])):
                of = f"{sheet.name}: {next(iter(row.values()))[0]}"
                which = f"has a '{column.separator}' in '{column.name}', which has several values"
                raise Problem(f"{of} {which}. Reword it.", 1)


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
