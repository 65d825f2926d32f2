"""The publication in RDF 1.2: each claim reifies what it states, and only what is established is stated besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.formats import STEM, turtle
from ldnkg.rdf import query_quads

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return the whole as Turtle, with the triple terms of the query; all else is as it was written."""
    publication = aligned.publication
    reifiers = query_quads(publication.store, folder / "reifiers.rq")
    return {f"{STEM}.rdf12.ttl": turtle(publication, reifiers)}
