"""Reads the lines of a foreign file one at a time, and its rows: tab-separated, or one JSON object a line."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.readers.opened import ending, opened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

LONGEST = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row: its line (from 1), and what it says under each key, one value or several."""

    line: int
    cells: dict[str, list[Any]]


def at(path: Path, line: int, sentence: str) -> LdnkgError:
    """Return the Problem of a line, what is said of it made fit to be shown and not too long."""
    return LdnkgError(f"{display_path(path)}:{line}: {visible(sentence[:300])}")


def visible(text: str) -> str:
    """Return the text with what a terminal would obey, or nobody would see, as an escape."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def rows(path: Path, needed: Collection[str], several: Collection[str]) -> Iterator[Row]:
    """Yield each row of a file, by its ending; raise Problem at the first line that is none."""
    found = _objects(path) if ending(path) == ".jsonl" else _tabbed(path, needed, several)
    some = False
    for row in found:
        if missing := [name for name in needed if not any(row.cells.get(name, []))]:
            raise at(path, row.line, f"has no '{missing[0]}', which each row of KGX must have. Give it one.")
        yield row
        some = True
    if not some:
        raise LdnkgError(f"{display_path(path)}: is empty, for it holds no row. Give a file that holds some.")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with opened(path) as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            yield number, _text(path, number, line.removeprefix(_BOM) if number == 1 else line)


def _text(path: Path, number: int, line: bytes) -> str:
    if len(line) > LONGEST:
        raise at(path, number, f"is longer than {LONGEST:,} bytes, so it is no line of a table. Check the file.")
    try:
        return line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise at(path, number, "is not UTF-8 text. Save the file as UTF-8.") from error


def _tabbed(path: Path, needed: Collection[str], several: Collection[str]) -> Iterator[Row]:
    lines = _lines(path)
    head = next(lines, (1, ""))[1].split("\t")
    if missing := [name for name in needed if name not in head]:
        raise at(path, 1, f"names no column '{missing[0]}', which KGX must have. Name the columns in the first line.")
    if twice := [name for name in head if head.count(name) > 1]:
        raise at(path, 1, f"names the column '{twice[0]}' twice. Give each a name of its own.")
    for number, line in lines:
        cells = line.split("\t")
        if line and len(cells) != len(head):
            raise at(path, number, f"has {len(cells)} cells and must have {len(head)}. Mend the row.")
        if line:
            yield Row(
                number, {name: _split(name, cell, several) for name, cell in zip(head, cells, strict=True) if cell}
            )


def _split(name: str, cell: str, several: Collection[str]) -> list[Any]:
    return [part for part in cell.split("|") if part] if name in several else [cell]


def _objects(path: Path) -> Iterator[Row]:
    for number, line in _lines(path):
        if not line.strip():
            continue
        found = _object(path, number, line)
        if not isinstance(found, dict):
            raise at(path, number, "is no JSON object. Write one object a line.")
        yield Row(number, {key: value if isinstance(value, list) else [value] for key, value in found.items()})


def _object(path: Path, number: int, line: str) -> object:
    try:
        return json.loads(line, object_pairs_hook=_once, parse_constant=_no_number, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise at(path, number, f"is not JSON, {error.msg}. Write one object a line.") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise at(path, number, f"cannot be taken as JSON, {error}. Mend the line.") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")
