"""Make a property graph from the tables of nodes and relationships. Every file of the format contains this graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.exports.tabular import parse_cell

if TYPE_CHECKING:
    from ldnkg.exports.tabular import Column, DataTable

NODE_KEYS = ("id", "labels")
RELATIONSHIP_KEYS = ("start", "end", "type")


class Node(NamedTuple):
    """A node: its id, its labels, and its properties, each a text, a number or a list of them."""

    id: str
    labels: list[str]
    properties: dict[str, Any]


class Relationship(NamedTuple):
    """A relationship: the ids of its start node and end node, its type, and its properties."""

    start: str
    end: str
    type: str
    properties: dict[str, Any]


class PropertyGraph(NamedTuple):
    """A property graph: nodes, relationships, the columns of their properties, and the metadata of the network."""

    nodes: list[Node]
    relationships: list[Relationship]
    node_columns: list[Column]
    relationship_columns: list[Column]
    metadata: dict[str, str]

    @property
    def label(self) -> str:
        """The label that every node has; raise LdnkgError if there is none."""
        shared = set.intersection(*(set(node.labels) for node in self.nodes))
        if not shared:
            raise LdnkgError("The nodes of the property graph share no label. Make nodes.rq return one for every node.")
        return min(shared)


def make_property_graph(nodes: DataTable, relationships: DataTable, network: DataTable) -> PropertyGraph:
    """Return the graph of the tables; raise LdnkgError if an end of a relationship is not a node."""
    graph = PropertyGraph(
        [Node(**_split_row(nodes, row, NODE_KEYS)) for row in nodes.rows],
        [Relationship(**_split_row(relationships, row, RELATIONSHIP_KEYS)) for row in relationships.rows],
        [column for column in nodes.columns if column.name not in NODE_KEYS],
        [column for column in relationships.columns if column.name not in RELATIONSHIP_KEYS],
        {column.name: row[column.name][0] for row in network.rows for column in network.columns},
    )
    _refuse_loose_ends(graph)
    return graph


def _refuse_loose_ends(graph: PropertyGraph) -> None:
    ids = {node.id for node in graph.nodes}
    for one in graph.relationships:
        if loose := {one.start, one.end} - ids:
            raise LdnkgError(
                f"The relationship {one.start} {one.type} {one.end} refers to {min(loose)}, which is not a node."
            )


def _split_row(table: DataTable, row: dict[str, list[str]], keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of the keys by name, and all other values of the row as `properties`."""
    values = {column.name: parse_cell(column, row[column.name]) for column in table.columns if column.name in row}
    return {name: values.pop(name) for name in keys} | {"properties": values}
