"""Write nodes and edges in the Knowledge Graph Exchange format (KGX), in the terms of Biolink."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.exports.tabular import make_tables, read_description, write_json_lines, write_tsv

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the nodes and the edges, each as tab-separated text and as JSON Lines."""
    files: dict[str, bytes] = {}
    for table in make_tables(combined, folder, read_description(folder)):
        files |= {f"kgx/{table.name}.tsv": write_tsv(table), f"kgx/{table.name}.jsonl": write_json_lines(table)}
    return files
