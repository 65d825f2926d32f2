"""Writes a property graph as GraphML, which has no lists: several values stand in one text, a separator between."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ldnkg.exports.tabular import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ldnkg.exports.property_graph.graph import PropertyGraph

TYPES = {"integer": "long", "decimal": "double"}
SEPARATOR = ";"
LABELS = Column("labels", "string", SEPARATOR, required=True)
KIND = Column("type", "string", "", required=True)


def as_graphml(graph: PropertyGraph, namespace: str) -> bytes:
    """Return the graph as GraphML; the labels of a node are in `labels`, the type of a relationship in `type`."""
    root = ET.Element("graphml", xmlns=namespace)
    _declare(root, "graph", [Column(name, "string", "", required=True) for name in graph.about])
    _declare(root, "node", [LABELS, *graph.node_columns])
    _declare(root, "edge", [KIND, *graph.relationship_columns])
    _fill(ET.SubElement(root, "graph", edgedefault="directed"), graph)
    ET.indent(root, " ")
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _declare(root: ET.Element, domain: str, columns: Sequence[Column]) -> None:
    for column in columns:
        kind = "string" if column.separator else TYPES.get(column.datatype, "string")
        attributes = {"id": f"{domain}-{column.name}", "for": domain, "attr.name": column.name, "attr.type": kind}
        ET.SubElement(root, "key", attributes)


def _fill(whole: ET.Element, graph: PropertyGraph) -> None:
    _add(whole, "graph", graph.about)
    for node in graph.nodes:
        _add(ET.SubElement(whole, "node", id=node.id), "node", {LABELS.name: node.labels, **node.properties})
    for one in graph.relationships:
        edge = ET.SubElement(whole, "edge", source=one.start, target=one.end)
        _add(edge, "edge", {KIND.name: one.type, **one.properties})


def _add(element: ET.Element, domain: str, properties: Mapping[str, object]) -> None:
    for name, held in properties.items():
        text = SEPARATOR.join(held) if isinstance(held, list) else str(held)
        ET.SubElement(element, "data", key=f"{domain}-{name}").text = text
