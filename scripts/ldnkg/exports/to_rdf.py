"""The publication in RDF 1.1: the forms that a build writes, with the same bytes, and N-Quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports.forms import PLAIN
from ldnkg.formats import FORMATS, STEM, nquads

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return the one file of the form that the folder is named for."""
    ending = PLAIN[folder.name]
    make = {**FORMATS, "nq": nquads}[ending]
    return {f"{STEM}.{ending}": make(aligned.publication)}
