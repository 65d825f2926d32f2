"""Read the rows of KGX one at a time, from tab-separated values or JSON Lines."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.files import MIB, display_path
from ldnkg.merge.readers.files import get_extension, make_error, open_source
from ldnkg.records.tsv_reader import parse_rows, split_cells
from ldnkg.records.yaml_reader import ReadError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

MAX_LINE_BYTES = 16 * MIB
MAX_KEYS = 10_000
MAX_DEPTH = 20
MAX_VALUES = 100_000
_BOM = b"\xef\xbb\xbf"


class SourceRow(NamedTuple):
    """A row of a source: its line (from 1) and the values by key."""

    line: int
    cells: dict[str, list[Any]]


def read_rows(path: Path, required: Collection[str], several: Collection[str]) -> Iterator[SourceRow]:
    """Yield each row of a file; raise LdnkgError at the first line that is invalid or lacks a required key.

    In a tab-separated file, the cells of the columns in `several` are lists with the separator `|`.
    """
    found = _read_objects(path) if get_extension(path) == ".jsonl" else _read_cells(path, required, several)
    empty = True
    for row in found:
        if missing := [name for name in required if not any(row.cells.get(name, []))]:
            raise make_error(path, row.line, f"the row lacks the required value '{missing[0]}'. Add it.")
        if long := [name for name, values in row.cells.items() if len(values) > MAX_VALUES]:
            raise make_error(path, row.line, f"'{long[0]}' has more than {MAX_VALUES:,} values, the maximum. Split it.")
        yield row
        empty = False
    if empty:
        raise LdnkgError(f"{display_path(path)}: the file has no rows. Give a file with at least one.")


def _read_lines(path: Path) -> Iterator[tuple[int, str]]:
    with open_source(path) as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            yield number, _decode(path, number, line.removeprefix(_BOM) if number == 1 else line)


def _decode(path: Path, number: int, line: bytes) -> str:
    if len(line) > MAX_LINE_BYTES:
        sentence = f"the line is longer than {MAX_LINE_BYTES // MIB} MiB, the maximum. Check the format of the file."
        raise make_error(path, number, sentence)
    try:
        return line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise make_error(path, number, "the line is not UTF-8 text. Save the file as UTF-8.") from error


def _read_cells(path: Path, required: Collection[str], several: Collection[str]) -> Iterator[SourceRow]:
    lines = _read_lines(path)
    columns = split_cells(next(lines, (1, ""))[1])
    _refuse_columns(path, columns, required)
    for row in parse_rows(path, (numbered for numbered in lines if numbered[1]), columns):
        if isinstance(row, ReadError):
            counts = row.value.replace(" columns", " cells")
            raise make_error(path, row.line, f"the row has {counts}. Correct it.")
        yield SourceRow(row.line, {name: _split(name, cell, several) for name, cell in row.cells.items() if cell})


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


def _read_objects(path: Path) -> Iterator[SourceRow]:
    for number, line in _read_lines(path):
        if not line.strip():
            continue
        found = _parse_object(path, number, line)
        if not isinstance(found, dict):
            raise make_error(path, number, "a JSON object is required here. Write one object per line.")
        if len(found) > MAX_KEYS:
            raise make_error(path, number, f"the object has more than {MAX_KEYS:,} keys, the maximum. Split it.")
        if is_deeper(found, MAX_DEPTH):
            raise make_error(
                path, number, f"the JSON is nested deeper than {MAX_DEPTH} levels, the maximum. Flatten it."
            )
        cells = {key: value if isinstance(value, list) else [value] for key, value in found.items()}
        yield SourceRow(number, cells)


def _parse_object(path: Path, number: int, line: str) -> object:
    try:
        return json.loads(line, object_pairs_hook=_refuse_repeated, parse_constant=_refuse_number, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise make_error(path, number, f"the JSON is invalid: {error.msg}. Write one object per line.") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise make_error(path, number, f"the JSON cannot be parsed: {error}. Correct the line.") from error


def is_deeper(value: object, most: int) -> bool:
    """Return whether the arrays and objects of a JSON value contain each other in more than `most` levels."""
    level = [value]
    for _ in range(most + 1):
        parts = (part for part in level if isinstance(part, dict | list))
        level = [each for part in parts for each in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return False
    return any(isinstance(part, dict | list) for part in level)


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is repeated in an object")
    return found


def _refuse_number(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")
