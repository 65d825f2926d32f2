"""Write the tables as CSV with their description in CSV on the Web."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.exports.tabular import DESCRIPTION, make_tables, read_description, write_csv
from ldnkg.files import read_bytes

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each table and the description of all tables."""
    tables = make_tables(combined, folder, read_description(folder))
    files = {f"tables/{table.name}.csv": write_csv(table) for table in tables}
    return {**files, f"tables/{DESCRIPTION}": read_bytes(folder / DESCRIPTION)}
