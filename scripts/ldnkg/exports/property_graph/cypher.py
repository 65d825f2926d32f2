"""Writes a property graph as Cypher: statements that need no file and no plugin, and may be run again."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ldnkg.errors import LdnkgError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.exports.property_graph.graph import Node, PropertyGraph, Relationship

ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def as_cypher(graph: PropertyGraph) -> str:
    """Return a statement for each set of labels, then one for each type and set of properties of relationships.

    Each statement ends with a semicolon at the end of a line; no text has a line end in it.
    """
    nodes = groupby(sorted(graph.nodes, key=_labels), _labels)
    relationships = groupby(sorted(graph.relationships, key=_kind), _kind)
    shared = graph.label
    statements = [_nodes(shared, labels, group) for labels, group in nodes]
    statements += [_relationships(shared, *kind, group) for kind, group in relationships]
    return "".join(f"\n{statement};\n" for statement in statements)


def literal(value: object) -> str:
    """Return a text, a number, a list or a map as Cypher writes it."""
    if isinstance(value, str):
        return f"'{value.translate(ESCAPES)}'"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_word(key)}: {literal(held)}' for key, held in value.items())}}}"
    return repr(value)


def _labels(node: Node) -> list[str]:
    return node.labels


def _kind(one: Relationship) -> tuple[str, list[str]]:
    return one.type, list(one.properties)


def _nodes(shared: str, labels: list[str], nodes: Iterable[Node]) -> str:
    rows = _rows({"id": node.id, "properties": node.properties} for node in nodes)
    others = "".join(f":{_word(label)}" for label in labels if label != shared)
    labelled = f"node{others}, " if others else ""
    return f"{rows}MERGE (node:{_word(shared)} {{id: row.id}})\nSET {labelled}node += row.properties"


def _relationships(shared: str, kind: str, names: list[str], relationships: Iterable[Relationship]) -> str:
    rows = _rows({"start_id": one.start, "end_id": one.end, **one.properties} for one in relationships)
    held = ", ".join(f"{_word(name)}: row.{_word(name)}" for name in names)
    ends = f"MATCH (one:{_word(shared)} {{id: row.start_id}})\nMATCH (other:{_word(shared)} {{id: row.end_id}})"
    return f"{rows}{ends}\nMERGE (one)-[:{_word(kind)}{f' {{{held}}}' if held else ''}]->(other)"


def _rows(rows: Iterable[dict[str, Any]]) -> str:
    listed = ",\n".join(f"  {literal(row)}" for row in rows)
    return f"UNWIND [\n{listed}\n] AS row\n"


def _word(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise LdnkgError(
            f"'{text}' cannot be a name in Cypher. Let the query give one of letters, digits and underscores."
        )
    return text
