"""Read our graph as the reference that sources are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.claim_index import ClaimIndex
from ldnkg.merge.curie_resolver import CurieResolver
from ldnkg.merge.entity_index import EntityIndex, read_lookalikes
from ldnkg.merge.notations import Notations
from ldnkg.merge.quads import PooledQuad, TermPool
from ldnkg.merge.relation_table import read_relations
from ldnkg.merge.vocabulary import Vocabulary
from ldnkg.publication.combined import CombinedGraph, combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.rdf.terms import flatten
from ldnkg.records.loader import load_valid_records

if TYPE_CHECKING:
    from ldnkg.paths import Home

RESOURCES = Path(__file__).with_name("resources")


class ReferenceIndex(NamedTuple):
    """Our graph with its quads and indexes."""

    graph: CombinedGraph
    quads: list[PooledQuad]
    entities: EntityIndex
    claims: ClaimIndex
    notations: Notations
    resolver: CurieResolver
    vocabulary: Vocabulary


def read_reference(home: Home, folder: Path = RESOURCES) -> ReferenceIndex:
    """Return the index of a publication; raise LdnkgError if its records have errors."""
    return index_graph(combine_with_alignments(build_publication(home, load_valid_records(home))), folder)


def index_graph(graph: CombinedGraph, folder: Path = RESOURCES) -> ReferenceIndex:
    """Return the index of a graph, with the queries and tables of the folder."""
    vocabulary = Vocabulary(folder)
    resolver = CurieResolver(folder, graph.prefixes, vocabulary)
    store = ox.Store()
    store.extend(flatten([*graph.store, *read_relations(folder, resolver)]))
    entities = EntityIndex(store, folder, resolver, read_lookalikes(graph.publication))
    claims = ClaimIndex(store, folder, graph.publication)
    quads = list(TermPool().make_quads(graph.publication.quads))
    return ReferenceIndex(graph, quads, entities, claims, Notations(folder), resolver, vocabulary)
