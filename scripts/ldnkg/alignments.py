"""Reads the alignments: Turtle files beside the graph, which say its terms in the words of others."""

from __future__ import annotations

from typing import NamedTuple

from ldnkg.files import read_turtle_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.paths import Home


class Beside(NamedTuple):
    """What stands beside the graph: its triples, and the prefixes that it declares."""

    quads: list[ox.Quad]
    prefixes: dict[str, str]


def alignments(home: Home) -> list[Path]:
    """Return the file of each alignment, in order."""
    return sorted((home.ontology / "alignments").glob("*.ttl"))


def read_beside(paths: Iterable[Path]) -> Beside:
    """Read the files, one after the other; raise Problem where one of them cannot be read."""
    read = Beside([], {})
    for path in paths:
        quads, prefixes = read_turtle_named(path)
        read.quads.extend(quads)
        read.prefixes.update(prefixes)
    return read
