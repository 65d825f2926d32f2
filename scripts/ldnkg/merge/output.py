"""Write the merged graph piece by piece, because it may be larger than the memory that a merge may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.merge.quads import to_oxigraph
from ldnkg.rdf.serialization import normalise_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ldnkg.merge.quads import PooledQuad


def write_quads(quads: Iterable[PooledQuad], prefixes: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """Write `merged.nq` and `merged.trig` into the folder, ordered by graph, and return their paths by name."""
    found = list(quads)
    graphs = sorted({quad.graph_name for quad in found}, key=str)
    numbers = {graph: number for number, graph in enumerate(graphs)}
    ordered = sorted(found, key=lambda quad: numbers[quad.graph_name])
    lines, blocks, raw = (folder / name for name in ("merged.nq", "merged.trig", "raw.trig"))
    ox.serialize(to_oxigraph(ordered), str(lines), ox.RdfFormat.N_QUADS)
    ox.serialize(to_oxigraph(ordered), str(raw), ox.RdfFormat.TRIG, prefixes=dict(prefixes))
    with raw.open("rb") as source, blocks.open("wb") as target:
        target.writelines(normalise_lines(source))
    raw.unlink()
    return {path.name: path for path in (lines, blocks)}
