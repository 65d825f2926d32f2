"""Runs the shapes over a graph with pySHACL and returns what they found, as plain values."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH

from ldnkg.files import read_turtle
from ldnkg.problem import Problem
from ldnkg.rdf import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, order=True)
class Result:
    """One result of validation: the rule, the node it is about, and the path and value, empty where there are none."""

    rule: str
    node: str
    path: str
    value: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """The results of a validation and its size: rules, nodes looked at, and evaluations of a rule on a node."""

    results: list[Result]
    rules: int
    nodes: int
    evaluations: int


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Return the triples of the quads as one rdflib graph, every literal as it was written.

    A literal that is not of its datatype is left for the shapes to find; rdflib would log a traceback for each.
    """
    graph = rdflib.Graph()
    with _unlogged("rdflib.term"):
        graph.addN((_term(q.subject), _term(q.predicate), _term(q.object), graph) for q in quads)
    return graph


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


def read_shapes(paths: Iterable[Path]) -> rdflib.Graph:
    """Read the shape files into one graph."""
    return to_rdflib(quad for path in paths for quad in read_turtle(path))


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> Outcome:
    """Validate the graph; nothing is inferred and nothing fetched."""
    import pyshacl

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    if not isinstance(report, rdflib.Graph):
        raise Problem(f"The shapes cannot be run: {report}")
    results = sorted(_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))
    return Outcome(results, *_size(data, shapes))


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def text(predicate: rdflib.URIRef) -> str:
        found = report.value(node, predicate)
        return "" if found is None else str(found)

    return Result(text(SH.sourceShape), text(SH.focusNode), text(SH.resultPath), text(SH.value), text(SH.resultMessage))


def _size(data: rdflib.Graph, shapes: rdflib.Graph) -> tuple[int, int, int]:
    targets = {shape: _targets(data, shapes, shape) for shape in shapes.subjects(RDF.type, SH.NodeShape)}
    rules = {shape: 1 + len(list(shapes.objects(shape, SH.property))) for shape in targets}
    nodes = set().union(*targets.values()) if targets else set()
    return sum(rules.values()), len(nodes), sum(rules[shape] * len(targets[shape]) for shape in targets)


def _targets(data: rdflib.Graph, shapes: rdflib.Graph, shape: rdflib.term.Node) -> set[rdflib.term.Node]:
    found: set[rdflib.term.Node] = set()
    for target in shapes.objects(shape, SH.targetClass):
        for kind in data.transitive_subjects(rdflib.RDFS.subClassOf, target):
            found.update(data.subjects(RDF.type, kind))
    for target in shapes.objects(shape, SH.targetSubjectsOf):
        found.update(data.subjects(target, None))
    return found


def messages(shapes: Sequence[Path]) -> dict[str, str]:
    """Return the sentence of every rule in the shape files, by the rule's IRI."""
    said = [q for path in shapes for q in read_turtle(path) if q.predicate.value == str(SH.message)]
    return {value(q.subject): value(q.object) for q in said}
