"""Makes a property graph of the tables of nodes and relationships: what each of its writers writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.exports.tabular import typed

if TYPE_CHECKING:
    from ldnkg.exports.tabular import Column, Sheet

NODE = ("id", "labels")
RELATIONSHIP = ("start", "end", "type")


class Node(NamedTuple):
    """A node: its id, its labels, and its properties, each a text, a number or a list of them."""

    id: str
    labels: list[str]
    properties: dict[str, Any]


class Relationship(NamedTuple):
    """A relationship: the ids of the nodes at its ends, its type, and its properties."""

    start: str
    end: str
    type: str
    properties: dict[str, Any]


class PropertyGraph(NamedTuple):
    """A property graph: nodes, relationships, the columns of their properties, and what is said of the whole."""

    nodes: list[Node]
    relationships: list[Relationship]
    node_columns: list[Column]
    relationship_columns: list[Column]
    about: dict[str, str]

    @property
    def label(self) -> str:
        """The label that every node has."""
        shared = set.intersection(*(set(node.labels) for node in self.nodes))
        if not shared:
            raise LdnkgError("The nodes of the property graph share no label. Let the query of nodes give them one.")
        return min(shared)


def property_graph(nodes: Sheet, relationships: Sheet, network: Sheet) -> PropertyGraph:
    """Return the graph of the tables; raise Problem where a relationship has an end that is no node."""
    made = PropertyGraph(
        [Node(**_parts(nodes, row, NODE)) for row in nodes.rows],
        [Relationship(**_parts(relationships, row, RELATIONSHIP)) for row in relationships.rows],
        [column for column in nodes.columns if column.name not in NODE],
        [column for column in relationships.columns if column.name not in RELATIONSHIP],
        {column.name: row[column.name][0] for row in network.rows for column in network.columns},
    )
    ids = {node.id for node in made.nodes}
    for one in made.relationships:
        if loose := {one.start, one.end} - ids:
            raise LdnkgError(
                f"The relationship {one.start} {one.type} {one.end} ends at {min(loose)}, which is no node."
            )
    return made


def _parts(sheet: Sheet, row: dict[str, list[str]], own: tuple[str, ...]) -> dict[str, Any]:
    held = {column.name: typed(column, row[column.name]) for column in sheet.columns if column.name in row}
    return {name: held.pop(name) for name in own} | {"properties": held}
