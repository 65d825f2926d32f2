"""Write a property graph as GraphML, which has no lists: a separator joins several values to one text."""

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


def write_graphml(graph: PropertyGraph, namespace: str) -> bytes:
    """Return the graph as GraphML; the labels of a node are in `labels`, the type of a relationship in `type`."""
    root = ET.Element("graphml", xmlns=namespace)
    _declare_columns(root, "graph", [Column(name, "string", "", required=True) for name in graph.metadata])
    _declare_columns(root, "node", [LABELS, *graph.node_columns])
    _declare_columns(root, "edge", [KIND, *graph.relationship_columns])
    _add_elements(ET.SubElement(root, "graph", edgedefault="directed"), graph)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _declare_columns(root: ET.Element, domain: str, columns: Sequence[Column]) -> None:
    for column in columns:
        kind = "string" if column.separator else TYPES.get(column.datatype, "string")
        attributes = {"id": f"{domain}-{column.name}", "for": domain, "attr.name": column.name, "attr.type": kind}
        ET.SubElement(root, "key", attributes)


def _add_elements(parent: ET.Element, graph: PropertyGraph) -> None:
    _add_data(parent, "graph", graph.metadata)
    for node in graph.nodes:
        _add_data(ET.SubElement(parent, "node", id=node.id), "node", {LABELS.name: node.labels, **node.properties})
    for one in graph.relationships:
        edge = ET.SubElement(parent, "edge", source=one.start, target=one.end)
        _add_data(edge, "edge", {KIND.name: one.type, **one.properties})


def _add_data(element: ET.Element, domain: str, properties: Mapping[str, object]) -> None:
    for name, value in properties.items():
        text = SEPARATOR.join(value) if isinstance(value, list) else str(value)
        ET.SubElement(element, "data", key=f"{domain}-{name}").text = text
