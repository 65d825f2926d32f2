"""Write tables in CSV with their description in CSV on the Web."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.exports.tabular import as_csv, described, sheets
from ldnkg.files import read_bytes

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each table, and the description of all."""
    made = {f"tables/{one.name}.csv": as_csv(one) for one in sheets(combined, folder, described(folder))}
    return {**made, "tables/csv-metadata.json": read_bytes(folder / "csv-metadata.json")}
