"""Write a property graph as CX2, the JSON format of Cytoscape and NDEx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ldnkg.exports.tabular import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.exports.property_graph.graph import PropertyGraph

TYPES = {"integer": "integer", "decimal": "double"}
IDENTIFIER = Column("represents", "string", "", required=True)
LABELS = Column("labels", "string", ";", required=True)
KIND = Column("interaction", "string", "", required=True)


def write_cx2(graph: PropertyGraph) -> bytes:
    """Return the graph as CX2: the id of a node is in `represents`, the type of a relationship in `interaction`.

    Nodes and relationships are numbered from 0, in order. Each is on its own line.
    """
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [_declare_attributes(graph)],
        "networkAttributes": [graph.metadata],
        "nodes": _list_nodes(graph),
        "edges": _list_edges(graph),
    }
    counts = [{"name": name, "elementCount": len(elements)} for name, elements in aspects.items()]
    parts = {"metaData": counts, **aspects, "status": [{"success": True}]}
    lines = [
        _format_json({"CXVersion": "2.0", "hasFragments": False}),
        *(_format_aspect(*part) for part in parts.items()),
    ]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _declare_attributes(graph: PropertyGraph) -> dict[str, Any]:
    return {
        "networkAttributes": {name: {"d": "string"} for name in graph.metadata},
        "nodes": _declare_columns([IDENTIFIER, LABELS, *graph.node_columns]),
        "edges": _declare_columns([KIND, *graph.relationship_columns]),
    }


def _declare_columns(columns: Iterable[Column]) -> dict[str, Any]:
    return {column.name: {"d": ("list_of_" if column.separator else "") + _get_type(column)} for column in columns}


def _get_type(column: Column) -> str:
    return TYPES.get(column.datatype, "string")


def _list_nodes(graph: PropertyGraph) -> list[dict[str, Any]]:
    return [
        {"id": number, "v": {IDENTIFIER.name: node.id, LABELS.name: node.labels, **node.properties}}
        for number, node in enumerate(graph.nodes)
    ]


def _list_edges(graph: PropertyGraph) -> list[dict[str, Any]]:
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    return [
        {"id": number, "s": numbers[one.start], "t": numbers[one.end], "v": {KIND.name: one.type, **one.properties}}
        for number, one in enumerate(graph.relationships)
    ]


def _format_aspect(name: str, elements: list[Any]) -> str:
    return f"{{{_format_json(name)}: [\n" + ",\n".join(map(_format_json, elements)) + "\n]}"


def _format_json(elements: object) -> str:
    return json.dumps(elements, ensure_ascii=False)
