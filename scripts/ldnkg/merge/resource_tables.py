"""Read the tables of the resources, which belong to the package: an invalid row is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the cells of each row by column; raise LdnkgError, with the line, if the table is invalid."""
    table, errors = read_table(path, columns)
    if errors:
        sentence = f"the row is invalid. Give the columns {', '.join(columns)}."
        raise LdnkgError(f"{display_path(path)}:{errors[0].line}: {sentence}")
    return [row.cells for row in table.rows]
