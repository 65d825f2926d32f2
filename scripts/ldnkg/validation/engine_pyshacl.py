"""Run the rules with pySHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyshacl
import pyshacl.shape
import rdflib
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from rdflib.namespace import RDF, SH, XSD

from ldnkg.errors import LdnkgError
from ldnkg.rdf.rdflib_bridge import add_quads
from ldnkg.validation.findings import ValidationResult
from ldnkg.validation.prefiltered_graph import PrefilteredGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from ldnkg.validation.rules import Rules


class ConstraintParameters(list[object]):
    """The parameters of all constraint components, found by hash.

    pySHACL keeps them in a list and searches it for each triple of a shape, which takes a quarter of the time.
    """

    def __contains__(self, parameter: object) -> bool:
        """Return whether the parameter is in the list."""
        return parameter in CONSTRAINT_PARAMETERS_MAP


def run(data: Sequence[ox.Quad], rules: Rules) -> list[ValidationResult]:
    """Return the results, sorted; nothing is inferred and nothing is fetched."""
    shapes = rdflib.Graph(store="SimpleMemory")  # Reading it takes half the time of a store with named graphs.
    add_quads(shapes, rules.quads)
    return validate(PrefilteredGraph(data), shapes)


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[ValidationResult]:
    """Return the results of pySHACL for an rdflib graph and shapes, sorted."""
    pyshacl.shape.CONSTRAINT_PARAMS = ConstraintParameters(CONSTRAINT_PARAMETERS_MAP), CONSTRAINT_PARAMETERS_MAP  # type: ignore[attr-defined]
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    except Exception as error:  # rdflib raises errors of many kinds for a query that it cannot run
        raise LdnkgError(f"The shapes cannot be run: {str(error).partition(chr(10))[0]}") from error
    if not isinstance(report, rdflib.Graph):
        raise LdnkgError(f"The shapes cannot be run: {report}")
    return results(report)


def results(report: rdflib.Graph) -> list[ValidationResult]:
    """Return the results in a SHACL validation report, sorted."""
    return sorted(_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> ValidationResult:
    def text(predicate: rdflib.URIRef) -> str:
        found = report.value(node, predicate)
        return "" if found is None else str(found)

    path = text(SH.resultPath) if isinstance(report.value(node, SH.resultPath), rdflib.URIRef) else ""
    value = report.value(node, SH.value)
    is_node, typed = isinstance(value, rdflib.URIRef), _typed(value) if isinstance(value, rdflib.Literal) else ""
    return ValidationResult(
        text(SH.sourceShape), text(SH.focusNode), path, text(SH.value), text(SH.resultMessage), is_node, typed
    )


def _typed(literal: rdflib.Literal) -> str:
    if literal.language:
        return f"@{literal.language}"
    return f"^^<{literal.datatype}>" if literal.datatype not in (None, XSD.string) else ""
