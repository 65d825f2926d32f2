"""Reads the tables of the data: rows of text with tabs between, under a line that names the columns."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ldnkg.problem import reason
from ldnkg.yamlfile import Fault, refuse_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "#"


@dataclass(frozen=True)
class Row:
    """One row of a table: its file, its line (from 1) and its cells by column."""

    path: Path
    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a table, and the lines of its head, each without its mark."""

    path: Path
    head: list[str]
    rows: list[Row]


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file; raise Fault where there is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Fault("file-unreadable", 1, reason(error)) from error
    except UnicodeDecodeError as error:
        raise Fault("file-not-utf8", error.object.count(b"\n", 0, error.start) + 1) from error


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Return the table of the file; raise Fault where a row, or the line of the columns, is not as it must be."""
    text = read_text(path)
    refuse_invisible(text)
    lines = text.splitlines()
    head = [line.removeprefix(HEAD) for line in lines if line.startswith(HEAD)]
    rows = list(csv.reader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != list(columns):
        raise Fault("table-header", len(head) + 1, ", ".join(columns))
    return Table(path, head, [_row(path, n, row, columns) for n, row in enumerate(rows[1:], len(head) + 2)])


def _row(path: Path, line: int, row: list[str], columns: Sequence[str]) -> Row:
    if len(row) != len(columns):
        raise Fault("table-row", line, f"{len(row)} columns and must have {len(columns)}")
    return Row(path, line, dict(zip(columns, row, strict=True)))
