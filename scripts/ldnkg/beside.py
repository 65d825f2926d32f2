"""A publication with the alignments, the rules and the questions beside it, no part of its graph, read once for all."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ldnkg.alignments import alignments, read_beside
from ldnkg.library import Library
from ldnkg.rdf import loaded

if TYPE_CHECKING:
    import pyoxigraph as ox

    from ldnkg.publication import Publication


class Beside:
    """A publication with what stands beside it."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication

    @cached_property
    def library(self) -> Library:
        """The questions."""
        return Library(self.publication.home)

    @cached_property
    def _read(self) -> tuple[list[ox.Quad], dict[str, str]]:
        home = self.publication.home
        read = read_beside([*alignments(home), *sorted(home.shapes.glob("*.ttl"))])
        quads = [*self.library.quads, *read.quads]
        prefixes = self.publication.reading.context.prefixes | read.prefixes
        return quads, prefixes

    @cached_property
    def store(self) -> ox.Store:
        """Every triple of all of them."""
        return loaded([*self.publication.quads, *self._read[0]])

    @property
    def prefixes(self) -> dict[str, str]:
        """Every prefix that is in use."""
        return self._read[1]
