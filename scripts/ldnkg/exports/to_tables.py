"""The publication as tables in CSV, described by CSV on the Web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports.delimited import as_csv
from ldnkg.exports.forms import described
from ldnkg.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return each table, and the description of all."""
    made = {f"tables/{one.name}.csv": as_csv(one) for one in aligned.sheets(folder, described(folder))}
    return {**made, "tables/csv-metadata.json": read_bytes(folder / "csv-metadata.json")}
