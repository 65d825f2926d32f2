"""Read tables: rows of tab-separated cells below a line that names the columns."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import describe_os_error
from ldnkg.files import MAX_BYTES, read_limited
from ldnkg.records.characters import find_flaws, find_invisible
from ldnkg.records.yaml_reader import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

HEAD = "#"
MOST_ERRORS = 100  # errors reported per table; the rest is reported once these are corrected


class Row(NamedTuple):
    """One row of a table: its file, its line (from 1) and its cells by column."""

    path: Path
    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """The rows of a table, and the comment lines above it without their `#`."""

    path: Path
    head: list[str]
    rows: list[Row]


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file of at most `most` bytes; raise ReadError if it cannot be read."""
    try:
        return read_limited(path, most).decode("utf-8")
    except OSError as error:
        raise ReadError("file-unreadable", 1, describe_os_error(error)) from error
    except UnicodeDecodeError as error:
        raise ReadError("file-not-utf8", error.object.count(b"\n", 0, error.start) + 1) from error


def read_table(path: Path, columns: Sequence[str]) -> tuple[Table, list[ReadError]]:
    """Return the table of a file that has exactly these columns, and the errors of the lines that are not rows."""
    try:
        return _parse_table(path, columns)
    except ReadError as error:
        return Table(path, [], []), [error]


def _parse_table(path: Path, columns: Sequence[str]) -> tuple[Table, list[ReadError]]:
    text = read_text(path)
    for number, code in find_invisible(text):
        raise ReadError("character-invisible", number, code)
    lines = text.splitlines()
    head = list(takewhile(lambda line: line.startswith(HEAD), lines))
    first = len(head) + 1
    if split_cells(lines[len(head)] if first <= len(lines) else "") != list(columns):
        raise ReadError("table-header", first, ", ".join(columns))
    found = list(parse_rows(path, enumerate(lines[first:], first + 1), columns))
    rows = [row for row in found if isinstance(row, Row)]
    errors = [error for error in found if isinstance(error, ReadError)]
    errors += [error for row in rows for error in _find_flaws(row)]
    return Table(path, [line.removeprefix(HEAD) for line in head], rows), errors[:MOST_ERRORS]


def _find_flaws(row: Row) -> Iterator[ReadError]:
    """Yield an error for each flaw of a text in a cell."""
    for column, cell in row.cells.items():
        yield from (ReadError(rule, row.line, value, column) for rule, value in find_flaws(cell))


def split_cells(line: str) -> list[str]:
    """Return the cells of a line, which tabs separate."""
    return line.split("\t")


def parse_rows(path: Path, lines: Iterable[tuple[int, str]], columns: Sequence[str]) -> Iterator[Row | ReadError]:
    """Yield the row of each numbered line, or the error of a line that has more or fewer cells than columns."""
    for number, line in lines:
        cells = split_cells(line)
        if len(cells) == len(columns):
            yield Row(path, number, dict(zip(columns, cells, strict=True)))
        else:
            yield ReadError("table-row", number, f"{len(cells)} columns instead of {len(columns)}", cells[0])
