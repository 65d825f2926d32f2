"""Convert quads to an rdflib graph."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Return the triples of the quads as one rdflib graph, with every literal as written.

    The shapes report a literal that is invalid for its datatype; the traceback that rdflib logs for it is suppressed.
    """
    graph = rdflib.Graph()
    add_quads(graph, quads)
    return graph


def add_quads(graph: rdflib.Graph, quads: Iterable[ox.Quad]) -> None:
    """Add the triples of the quads to the graph; each term is converted once."""
    term = lru_cache(maxsize=None)(_term)
    with _unlogged("rdflib.term"):
        for quad in quads:
            graph.store.add((term(quad.subject), term(quad.predicate), term(quad.object)), graph)


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _term(term: object) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal), term  # noqa: S101
    datatype = None if term.language else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
