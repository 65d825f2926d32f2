"""Combine a publication with triples that are not part of its graph: alignments, shapes or questions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.files import read_turtle_with_prefixes
from ldnkg.rdf.sparql import load_store
from ldnkg.rdf.terms import Shortener, get_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.paths import Home
    from ldnkg.publication.graph import Publication


class TurtleFiles(NamedTuple):
    """The triples of Turtle files, as quads of the default graph, and the prefixes that the files declare."""

    quads: list[ox.Quad]
    prefixes: dict[str, str]


def find_alignments(home: Home) -> list[Path]:
    """Return the path of each alignment, sorted by name."""
    return sorted((home.ontology / "alignments").glob("*.ttl"))


def find_shapes(home: Home) -> list[Path]:
    """Return the path of each file of rules, sorted by name."""
    return sorted(home.shapes.glob("*.ttl"))


def read_turtle_files(paths: Iterable[Path]) -> TurtleFiles:
    """Read the files in order; raise LdnkgError if one of them cannot be read."""
    read = TurtleFiles([], {})
    for path in paths:
        quads, prefixes = read_turtle_with_prefixes(path)
        read.quads.extend(quads)
        read.prefixes.update(prefixes)
    return read


class CombinedGraph:
    """The graph of a publication and further triples, in one store with all prefixes.

    A namespace that the publication has a prefix for keeps that prefix only.
    """

    def __init__(self, publication: Publication, added: TurtleFiles) -> None:
        self.publication, self.added = publication, added
        self._names: dict[str, str] = {}

    @cached_property
    def store(self) -> ox.Store:
        """Every triple of both, without duplicates."""
        return load_store([*self.publication.quads, *self.added.quads])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Every prefix of both."""
        own = self.publication.inputs.context.prefixes
        namespaces = set(own.values())
        return own | {name: iri for name, iri in self.added.prefixes.items() if iri not in namespaces}

    def format_term(self, term: object) -> str:
        """Return a term as tables show it: the CURIE of a node, the local name of an ontology term, or the text."""
        if not isinstance(term, ox.NamedNode):
            return get_value(term)
        iri = term.value
        if iri not in self._names:
            self._names[iri] = self._format_iri(iri)
        return self._names[iri]

    def _format_iri(self, iri: str) -> str:
        vocabulary = self.publication.inputs.context.vocabulary
        return iri[len(vocabulary) :] if iri.startswith(vocabulary) else self._shorten(iri)

    @cached_property
    def _shorten(self) -> Shortener:
        return Shortener(self.prefixes)


def combine_with_alignments(publication: Publication) -> CombinedGraph:
    """Return the publication with the alignments of its terms to other vocabularies."""
    return CombinedGraph(publication, read_turtle_files(find_alignments(publication.home)))
