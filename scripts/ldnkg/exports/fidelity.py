"""The loss statement: what each further format keeps of a claim, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.records.tsv_reader import Row

FOLDER = Path(__file__).parent
NAME = "losses.tsv"
COLUMNS = ("format", "aspect", "survives", "how")


def losses(formats: Iterable[str], folder: Path = FOLDER) -> list[Row]:
    """Return the rows of the statement for these formats; raise Problem where it cannot be read."""
    table, faults = read_table(folder / NAME, COLUMNS)
    if faults:
        raise LdnkgError(
            f"{display_path(table.path)}:{faults[0].line}: the loss statement needs the columns {', '.join(COLUMNS)}."
        )
    wanted = set(formats)
    return sorted((row for row in table.rows if row.cells["format"] in wanted), key=lambda row: row.cells["format"])


def statement(rows: Iterable[Row]) -> bytes:
    """Return the rows as a table with tabs between."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.cells[column] for column in COLUMNS) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def overview(rows: Iterable[Row]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a table: a format a row, an aspect a column, and whether it survives.

    An aspect that only some formats speak of is left to what is said of these formats alone.
    """
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cells.setdefault(row.cells["format"], {})[row.cells["aspect"]] = row.cells["survives"]
    said = dict.fromkeys(aspect for held in cells.values() for aspect in held)
    aspects = [aspect for aspect in said if all(aspect in held for held in cells.values())]
    return ["format", *aspects], [[name, *(held[one] for one in aspects)] for name, held in cells.items()]
