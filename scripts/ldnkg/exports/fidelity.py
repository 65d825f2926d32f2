"""Read the loss statement: which aspects of a claim each format keeps, and how."""

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


def read_losses(formats: Iterable[str], folder: Path = FOLDER) -> list[Row]:
    """Return the rows for these formats, sorted by format; raise LdnkgError if the statement cannot be read."""
    table, faults = read_table(folder / NAME, COLUMNS)
    if faults:
        raise LdnkgError(
            f"{display_path(table.path)}:{faults[0].line}: the loss statement needs the columns {', '.join(COLUMNS)}."
        )
    wanted = set(formats)
    return sorted((row for row in table.rows if row.cells["format"] in wanted), key=lambda row: row.cells["format"])


def format_losses(rows: Iterable[Row]) -> bytes:
    """Return the rows as tab-separated text."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.cells[column] for column in COLUMNS) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def tabulate_losses(rows: Iterable[Row]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a table: one row per format, one column per aspect, "yes", "partly" or "no".

    The table omits aspects that only some of the formats have.

    >>> columns, rows = tabulate_losses(read_losses(["turtle"]))
    >>> columns[:3], rows[0][:3]
    (['format', 'certainty', 'hedge'], ['turtle', 'yes', 'yes'])
    """
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cells.setdefault(row.cells["format"], {})[row.cells["aspect"]] = row.cells["survives"]
    every = dict.fromkeys(aspect for answers in cells.values() for aspect in answers)
    aspects = [aspect for aspect in every if all(aspect in answers for answers in cells.values())]
    return ["format", *aspects], [[name, *(answers[aspect] for aspect in aspects)] for name, answers in cells.items()]
