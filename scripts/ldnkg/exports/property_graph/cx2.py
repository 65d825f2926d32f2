"""Writes a property graph as CX2, the JSON of Cytoscape and NDEx."""

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


def as_cx2(graph: PropertyGraph) -> bytes:
    """Return the graph as CX2: the id of a node is in `represents`, the type of a relationship in `interaction`.

    Nodes and relationships are numbered from 0, in order. Each stands in a line of its own.
    """
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [_declarations(graph)],
        "networkAttributes": [graph.about],
        "nodes": _nodes(graph),
        "edges": _edges(graph),
    }
    counts = [{"name": name, "elementCount": len(held)} for name, held in aspects.items()]
    parts = {"metaData": counts, **aspects, "status": [{"success": True}]}
    lines = [_json({"CXVersion": "2.0", "hasFragments": False}), *(_part(*part) for part in parts.items())]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _declarations(graph: PropertyGraph) -> dict[str, Any]:
    return {
        "networkAttributes": {name: {"d": "string"} for name in graph.about},
        "nodes": _types([IDENTIFIER, LABELS, *graph.node_columns]),
        "edges": _types([KIND, *graph.relationship_columns]),
    }


def _types(columns: Iterable[Column]) -> dict[str, Any]:
    return {column.name: {"d": ("list_of_" if column.separator else "") + _type(column)} for column in columns}


def _type(column: Column) -> str:
    return TYPES.get(column.datatype, "string")


def _nodes(graph: PropertyGraph) -> list[dict[str, Any]]:
    return [
        {"id": number, "v": {IDENTIFIER.name: node.id, LABELS.name: node.labels, **node.properties}}
        for number, node in enumerate(graph.nodes)
    ]


def _edges(graph: PropertyGraph) -> list[dict[str, Any]]:
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    return [
        {"id": number, "s": numbers[one.start], "t": numbers[one.end], "v": {KIND.name: one.type, **one.properties}}
        for number, one in enumerate(graph.relationships)
    ]


def _part(name: str, held: list[Any]) -> str:
    return f"{{{_json(name)}: [\n" + ",\n".join(map(_json, held)) + "\n]}"


def _json(held: object) -> str:
    return json.dumps(held, ensure_ascii=False)
