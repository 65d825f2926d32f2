"""The publication in the Knowledge Graph Exchange format: nodes and edges, in Biolink's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports.delimited import as_json_lines, as_tsv
from ldnkg.exports.forms import described

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return nodes and edges, each as tab-separated text and as JSON Lines."""
    made: dict[str, bytes] = {}
    for one in aligned.sheets(folder, described(folder)):
        made |= {f"kgx/{one.name}.tsv": as_tsv(one), f"kgx/{one.name}.jsonl": as_json_lines(one)}
    return made
