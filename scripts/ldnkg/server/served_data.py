"""Load the built files that a worker process answers from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.files import parse_with_prefixes
from ldnkg.paths import GRAPH
from ldnkg.server.config import DESCRIPTIONS, RECORDS, find_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class ServedData(NamedTuple):
    """The served dataset: all triples in the default graph, and each record with its inferences in a named graph.

    `store` answers queries, but writes some numbers in another lexical form. Whole graphs are therefore taken from
    `dataset`, which keeps the form of the built files. `documents` has the triples of the Turtle files beside the
    graph, by name. They are in neither, because they are not part of the graph.
    """

    store: ox.Store
    dataset: ox.Dataset
    prefixes: dict[str, str]
    documents: dict[str, list[ox.Triple]]

    @property
    def descriptions(self) -> list[ox.Triple]:
        """The triples that the service description includes: the library of questions and the statistics."""
        return [triple for name in DESCRIPTIONS for triple in self.documents.get(name, [])]


def load_data(files: Mapping[str, bytes]) -> ServedData:
    """Return the data of the built files; raise LdnkgError if the graph cannot be read."""
    triples, prefixes = parse_with_prefixes(Path(GRAPH), files[GRAPH])
    records, _ = parse_with_prefixes(Path(RECORDS), files[RECORDS], ox.RdfFormat.TRIG)
    quads = [*triples, *(quad for quad in records if isinstance(quad.graph_name, ox.NamedNode))]
    return ServedData(fill_store(quads), ox.Dataset(quads), prefixes, _load_documents(files))


def _load_documents(files: Mapping[str, bytes]) -> dict[str, list[ox.Triple]]:
    """Return the triples of each document; a document that is not valid Turtle is only available as it is.

    The documents are canonicalised, so that each worker gives their blank nodes the same labels.
    """
    documents: dict[str, list[ox.Triple]] = {}
    for name, quads in parse_documents(files):
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        documents[name] = [quad.triple for quad in dataset]
    return documents


def parse_documents(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[ox.Quad]]]:
    """Yield each document with its quads, except those that are not valid Turtle."""
    for name in find_documents(files):
        with suppress(SyntaxError):
            yield name, list(ox.parse(files[name], format=ox.RdfFormat.TURTLE))


def fill_store(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return an in-memory store with the quads.

    The store keeps the quads of a predicate as a linked list in the order of insertion. The quads are therefore
    inserted by predicate and subject, so that those that a query reads in sequence are adjacent in memory.
    """
    store = ox.Store()
    store.bulk_extend(sorted(quads, key=lambda quad: (str(quad.predicate), str(quad.subject))))
    return store
