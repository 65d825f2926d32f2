"""Reads the tables of the data: rows of text with tabs between, under a line that names the columns."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import describe_os_error
from ldnkg.records.yaml_reader import ReadError, refuse_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "#"
TOLD = 100  # faults of one table: whoever has mended these asks again


class Row(NamedTuple):
    """One row of a table: its file, its line (from 1) and its cells by column."""

    path: Path
    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """The rows of a table, and the lines of its head, each without its mark."""

    path: Path
    head: list[str]
    rows: list[Row]


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file; raise Fault where there is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ReadError("file-unreadable", 1, describe_os_error(error)) from error
    except UnicodeDecodeError as error:
        raise ReadError("file-not-utf8", error.object.count(b"\n", 0, error.start) + 1) from error


def read_table(path: Path, columns: Sequence[str]) -> tuple[Table, list[ReadError]]:
    """Return the table of the file and every fault that keeps a row, or the whole, from being read."""
    try:
        return _table(path, columns)
    except ReadError as fault:
        return Table(path, [], []), [fault]


def _table(path: Path, columns: Sequence[str]) -> tuple[Table, list[ReadError]]:
    text = read_text(path)
    refuse_invisible(text)
    lines = text.splitlines()
    head = list(takewhile(lambda line: line.startswith(HEAD), lines))
    first, *rows = [line.split("\t") for line in lines[len(head) :]] or [[]]
    if first != list(columns):
        raise ReadError("table-header", len(head) + 1, ", ".join(columns))
    numbered = list(enumerate(rows, len(head) + 2))
    wide = f"columns and must have {len(columns)}"
    faults = [ReadError("table-row", line, f"{len(row)} {wide}") for line, row in numbered if len(row) != len(columns)]
    found = [
        Row(path, line, dict(zip(columns, row, strict=True))) for line, row in numbered if len(row) == len(columns)
    ]
    return Table(path, [line.removeprefix(HEAD) for line in head], found), faults[:TOLD]
