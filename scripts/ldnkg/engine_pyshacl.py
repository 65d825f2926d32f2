"""Runs the rules with pySHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import RDF, SH, XSD

from ldnkg.finding import Result
from ldnkg.prefiltered_graph import PrefilteredGraph
from ldnkg.problem import Problem
from ldnkg.rdflib_graph import add_quads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldnkg.rules import Rules


def run(data: Sequence[ox.Quad], rules: Rules) -> list[Result]:
    """Return the results in order; nothing is inferred and nothing fetched."""
    shapes = rdflib.Graph(store="SimpleMemory")  # It is read twice as fast as a store that knows named graphs.
    add_quads(shapes, rules.quads)
    return validate(PrefilteredGraph(data), shapes)


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Result]:
    """Return the results of pySHACL in order, on a graph and by shapes of rdflib."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    if not isinstance(report, rdflib.Graph):
        raise Problem(f"The shapes cannot be run: {report}")
    return results(report)


def run_text(text: bytes, rules: Rules) -> list[Result]:
    """Return the results for a graph in N-Triples."""
    return run(list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES)), rules)


def results(report: rdflib.Graph) -> list[Result]:
    """Return the results of a validation report in order."""
    return sorted(_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def text(predicate: rdflib.URIRef) -> str:
        found = report.value(node, predicate)
        return "" if found is None else str(found)

    path = text(SH.resultPath) if isinstance(report.value(node, SH.resultPath), rdflib.URIRef) else ""
    value = report.value(node, SH.value)
    is_node, typed = isinstance(value, rdflib.URIRef), _typed(value) if isinstance(value, rdflib.Literal) else ""
    return Result(
        text(SH.sourceShape), text(SH.focusNode), path, text(SH.value), text(SH.resultMessage), is_node, typed
    )


def _typed(literal: rdflib.Literal) -> str:
    if literal.language:
        return f"@{literal.language}"
    return f"^^<{literal.datatype}>" if literal.datatype not in (None, XSD.string) else ""
