"""Make mutants of the rules: one constraint, or one part of a SPARQL query, is dropped or weakened in each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from ldnkg.rdf.rdflib_bridge import to_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox
    from rdflib.term import Node

TARGETS = (SH.targetClass, SH.targetSubjectsOf)
NO_CONSTRAINT = {
    RDF.type,
    RDF.first,
    RDF.rest,
    SH.message,
    SH.path,
    SH.property,
    SH.prefixes,
    SH.ignoredProperties,
    *TARGETS,
}
FLIPS = {" != ": " = ", " = ": " != ", " < ": " <= ", " > ": " >= ", " >= ": " > ", " <= ": " < ", " && ": " || "}
FLIPS |= {" || ": " && ", "NOT EXISTS": "EXISTS", "+ ": " ", "* ": " "}


@dataclass(frozen=True)
class RuleMutant:
    """A rule with one change: its name, a description of the change, and Turtle with that rule alone."""

    rule: str
    change: str
    text: str


class Shapes:
    """The rules as a graph from which single rules can be extracted."""

    def __init__(self, shapes: Iterable[ox.Quad], ontology: Iterable[ox.Quad]) -> None:
        self.graph = to_rdflib(shapes)
        self.ontology = to_rdflib(ontology)

    def rules(self) -> list[rdflib.URIRef]:
        """Return all rules, sorted."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        found = {node for kind in kinds for node in self.graph.subjects(RDF.type, kind)}
        return sorted(node for node in found if isinstance(node, rdflib.URIRef))

    def alone(self, rule: Node) -> rdflib.Graph:
        """Return a graph with the rule and what an engine needs to run it: targets, prefixes, closed properties."""
        made = rdflib.Graph()
        for shape in {rule, *self.graph.subjects(SH.property, rule)}:
            if shape != rule:
                made.add((shape, RDF.type, SH.NodeShape))
                made.add((shape, SH.property, rule))
                self._copy_targets(shape, made)
        self._copy(rule, made)
        for triple in self.graph.triples((None, SH.declare, None)):
            made.add(triple)
            self._copy(triple[2], made)
        return made

    def _copy_targets(self, shape: Node, made: rdflib.Graph) -> None:
        for target in TARGETS:
            for triple in self.graph.triples((shape, target, None)):
                made.add(triple)

    def _copy(self, node: Node, made: rdflib.Graph) -> None:
        for triple in self.graph.triples((node, None, None)):
            made.add(triple)
            deeper = isinstance(triple[2], rdflib.BNode) or triple[1] == SH.property
            if deeper and (triple[2], None, None) not in made:
                self._copy(triple[2], made)


def mutants(shapes: Shapes, rule: rdflib.URIRef) -> Iterator[RuleMutant]:
    """Yield each mutant of the rule."""
    whole = shapes.alone(rule)
    for subject, predicate, value in sorted(whole, key=str):
        if subject == rule or isinstance(subject, rdflib.BNode):
            for change, news in _changes(whole, shapes.ontology, rule, subject, predicate, value):
                yield RuleMutant(_name(rule), change, _text(_changed(whole, (subject, predicate, value), news)))


def _name(rule: Node) -> str:
    return str(rule).partition("#")[2]


def _text(graph: rdflib.Graph) -> str:
    return graph.serialize(format="turtle")


def _changed(whole: rdflib.Graph, old: tuple[Node, Node, Node], new: list[Node]) -> rdflib.Graph:
    made = rdflib.Graph() + whole
    made.remove(old)
    for value in new:
        made.add((old[0], old[1], value))
    return made


def _changes(
    whole: rdflib.Graph, ontology: rdflib.Graph, rule: Node, subject: Node, predicate: Node, value: Node
) -> Iterator[tuple[str, list[Node]]]:
    """Yield each change of one triple of a rule: a description and the new objects of the triple."""
    name = _name(predicate)
    if predicate in TARGETS:
        yield f"{name} dropped", []
    if predicate in NO_CONSTRAINT or (subject, SH.namespace, None) in whole:
        return
    if predicate == SH.select:
        for change, query in query_changes(str(value)):
            yield f"query: {change}", [rdflib.Literal(query)]
        return
    at = "" if subject == rule else f" of {_path(whole, subject)}"
    yield f"{name}{at} dropped", []
    yield from ((f"{name}{at} {change}", [new]) for change, new in _weaker(whole, ontology, predicate, value))


def _path(whole: rdflib.Graph, subject: Node) -> str:
    return _name(whole.value(subject, SH.path) or rdflib.Literal("")) or "a branch"


def _weaker(whole: rdflib.Graph, ontology: rdflib.Graph, predicate: Node, value: Node) -> Iterator[tuple[str, Node]]:
    if predicate == SH.maxCount:
        yield "one more", rdflib.Literal(int(str(value)) + 1)
    if predicate == SH.minCount:
        yield "one less", rdflib.Literal(int(str(value)) - 1)
    if predicate == SH["class"]:
        for wider in sorted(ontology.objects(value, RDFS.subClassOf), key=str):
            yield f"any {_name(wider)}", wider
    if predicate == SH.pattern:
        yield from _wider_patterns(str(value))
    if predicate == SH.closed:
        yield "false", rdflib.Literal(False)
    if predicate in (SH["or"], SH["and"]):
        for number, _ in enumerate(Collection(whole, value)):
            yield f"without branch {number + 1}", _shorter(whole, value, number)


def _shorter(whole: rdflib.Graph, members: Node, without: int) -> Node:
    """Add a copy of the list without one member to the graph and return its head; the old list may stay unused."""
    kept = [member for number, member in enumerate(Collection(whole, members)) if number != without]
    node = rdflib.BNode()
    Collection(whole, node, kept)
    return node


def _wider_patterns(pattern: str) -> Iterator[tuple[str, Node]]:
    if pattern.startswith("^"):
        yield "open at its start", rdflib.Literal(pattern[1:])
    if pattern.endswith("$"):
        yield "open at its end", rdflib.Literal(pattern[:-1])


def query_changes(query: str) -> Iterator[tuple[str, str]]:
    """Yield each change of a query: a FILTER or UNION branch removed, or an operator replaced by a similar one."""
    lines = query.split("\n")
    for number, line in enumerate(lines):
        if re.match(r"\s*FILTER\b", line):
            last = _end_of_block(lines, number)
            yield f"line {number} without {line.strip()[:40]}", "\n".join(lines[:number] + lines[last + 1 :])
    yield from _without_branches(query)
    for found, other in FLIPS.items():
        for match in re.finditer(re.escape(found), query):
            at = query.count("\n", 0, match.start())
            yield (
                f"line {at}, place {_column(query, match.start())}: {found.strip()} to {other.strip() or 'nothing'}",
                (query[: match.start()] + other + query[match.end() :]),
            )


def _column(query: str, at: int) -> int:
    return at - query.rfind("\n", 0, at)


def _end_of_block(lines: list[str], first: int) -> int:
    depth = 0
    for number in range(first, len(lines)):
        depth += sum(lines[number].count(mark) for mark in "({") - sum(lines[number].count(mark) for mark in ")}")
        if depth <= 0:
            return number
    return len(lines) - 1


def _without_branches(query: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"\}\s*UNION\s*\{", query):
        left, right = _opening(query, match.start()), _closing(query, match.end() - 1)
        at = query.count("\n", 0, match.start())
        yield f"line {at}: without the branch before UNION", query[:left] + query[match.end() - 1 :]
        yield f"line {at}: without the branch after UNION", query[: match.start() + 1] + query[right + 1 :]


def _opening(query: str, closing: int) -> int:
    depth = 0
    for at in range(closing, -1, -1):
        depth += (query[at] == "}") - (query[at] == "{")
        if depth == 0:
            return at
    return 0


def _closing(query: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(query)):
        depth += (query[at] == "{") - (query[at] == "}")
        if depth == 0:
            return at
    return len(query) - 1
