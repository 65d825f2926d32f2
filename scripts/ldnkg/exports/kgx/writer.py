"""Write nodes and edges in the Knowledge Graph Exchange format, in Biolink's terms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.exports.tabular import as_json_lines, as_tsv, described, sheets

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return nodes and edges, each as tab-separated text and as JSON Lines."""
    made: dict[str, bytes] = {}
    for one in sheets(combined, folder, described(folder)):
        made |= {f"kgx/{one.name}.tsv": as_tsv(one), f"kgx/{one.name}.jsonl": as_json_lines(one)}
    return made
