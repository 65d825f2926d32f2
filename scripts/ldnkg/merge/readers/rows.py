"""Read the rows of KGX one at a time, from tab-separated values or JSON; a row that cannot be read is skipped."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.files import MIB
from ldnkg.merge.readers.files import make_error, open_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from ldnkg.merge.readers.skipping import SkippedInput

MAX_LINE_BYTES = 16 * MIB
MAX_KEYS = 10_000
MAX_DEPTH = 20
MAX_VALUES = 100_000
BIOLINK = "biolink:"
_BOM = b"\xef\xbb\xbf"


class SourceRow(NamedTuple):
    """A row of a source: its line (from 1) and the values by key."""

    line: int
    cells: dict[str, list[Any]]


def read_rows(
    path: Path, required: Collection[str], several: Collection[str], skipped: SkippedInput, *, is_json: bool
) -> Iterator[SourceRow]:
    """Yield each row of a file; skip a line that is not a row. Raise LdnkgError if the file is no table.

    In a tab-separated file, the cells of the columns in `several` are lists with the separator `|`. A key means the
    same with the prefix `biolink:` and without it.
    """
    found = _read_objects(path, skipped) if is_json else _read_cells(path, required, several, skipped)
    for row in found:
        if long := [name for name, values in row.cells.items() if len(values) > MAX_VALUES]:
            sentence = f"'{long[0]}' has more than {MAX_VALUES:,} values, the maximum. Split it."
            skipped.add(row.line, "row", sentence)
        else:
            yield row


def read_lines(path: Path, skipped: SkippedInput) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line; skip a line that is too long or not UTF-8."""
    with open_source(path) as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                while not line.endswith(b"\n") and (line := file.readline(MIB)):
                    pass
                limit = f"{MAX_LINE_BYTES // MIB} MiB, the maximum"
                skipped.add(number, "row", f"the line is longer than {limit}. Check the format of the file.")
                continue
            text = _decode(line.removeprefix(_BOM) if number == 1 else line)
            if text is None:
                skipped.add(number, "row", "the line is not UTF-8 text. Save the file as UTF-8.")
            else:
                yield number, text


def _decode(line: bytes) -> str | None:
    try:
        return line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return None


def _read_cells(
    path: Path, required: Collection[str], several: Collection[str], skipped: SkippedInput
) -> Iterator[SourceRow]:
    lines = read_lines(path, skipped)
    number, head = next(lines, (1, ""))
    columns = list(map(simplify_key, head.split("\t"))) if number == 1 else []
    _refuse_columns(path, columns, required)
    for row in split_rows(lines, columns, skipped):
        yield SourceRow(row.line, {name: _split(name, str(cell), several) for name, cell in row.cells.items() if cell})


def simplify_key(key: str) -> str:
    """Return a key without the prefix `biolink:`, with which it means the same."""
    return key.removeprefix(BIOLINK)


def split_rows(lines: Iterator[tuple[int, str]], columns: Sequence[str], skipped: SkippedInput) -> Iterator[SourceRow]:
    """Yield the row of each line that is not blank; skip a line with too few or too many cells.

    Empty cells behind the last column are allowed.
    """
    width = len(columns)
    named = columns.index("id") if "id" in columns else 0
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != width:
            if not any(cells):
                continue
            if len(cells) < width or any(cells[width:]):
                record = cells[named] if named < len(cells) else ""
                skipped.add(number, "row", f"the row has {len(cells)} cells instead of {width}. Correct it.", record)
                continue
        if line.strip():
            yield SourceRow(number, dict(zip(columns, cells, strict=False)))  # type: ignore[arg-type]


def _refuse_columns(path: Path, columns: Sequence[str], required: Collection[str]) -> None:
    if len(columns) > MAX_KEYS:
        raise make_error(path, 1, f"the table has more than {MAX_KEYS:,} columns, the maximum. Check the format.")
    if missing := [name for name in required if name not in columns]:
        sentence = f"the required column '{missing[0]}' is missing. Name the columns in the first line."
        raise make_error(path, 1, sentence)
    if repeated := [name for name, count in Counter(columns).items() if count > 1]:
        raise make_error(path, 1, f"the column '{repeated[0]}' is repeated. Give each column a unique name.")


def _split(name: str, cell: str, several: Collection[str]) -> list[Any]:
    return [part for part in cell.split("|") if part] if name in several else [cell]


def _read_objects(path: Path, skipped: SkippedInput) -> Iterator[SourceRow]:
    objects = 0
    for number, line in read_lines(path, skipped):
        if not line.strip():
            continue
        try:
            row = make_row(number, _parse_object(line))
        except ValueError as error:
            skipped.add(number, "row", str(error))
            continue
        objects += 1
        yield row
    if not objects and (found := skipped.found):
        raise LdnkgError(str(found[0]))


def make_row(number: int, found: object) -> SourceRow:
    """Return the row of a JSON value; raise ValueError if it is not an object, or exceeds a limit."""
    if not isinstance(found, dict):
        raise ValueError("a JSON object is required here. Write one object per line.")
    if len(found) > MAX_KEYS:
        raise ValueError(f"the object has more than {MAX_KEYS:,} keys, the maximum. Split it.")
    if is_deeper(found, MAX_DEPTH):
        raise ValueError(f"the JSON is nested deeper than {MAX_DEPTH} levels, the maximum. Flatten it.")
    cells: dict[str, list[Any]] = {}
    for key, value in found.items():
        cells.setdefault(simplify_key(key), []).extend(value if isinstance(value, list) else [value])
    return SourceRow(number, cells)


def _parse_object(line: str) -> object:
    try:
        return json.loads(line, object_pairs_hook=refuse_repeated, parse_constant=refuse_number, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise ValueError(f"the JSON is invalid: {error.msg}. Write one object per line.") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise ValueError(f"the JSON cannot be parsed: {error}. Correct the line.") from error


def is_deeper(value: object, most: int) -> bool:
    """Return whether the arrays and objects of a JSON value contain each other in more than `most` levels."""
    level = [value]
    for _ in range(most + 1):
        parts = (part for part in level if isinstance(part, dict | list))
        level = [each for part in parts for each in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return False
    return any(isinstance(part, dict | list) for part in level)


def refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of the pairs; raise ValueError if a key is repeated."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is repeated in an object")
    return found


def refuse_number(name: str) -> object:
    """Raise ValueError for `NaN` and `Infinity`, which JSON does not have."""
    raise ValueError(f"{name} is not a JSON number")
