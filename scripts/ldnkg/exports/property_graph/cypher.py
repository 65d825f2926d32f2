"""Write a property graph as Cypher statements, which need no other file and no plugin and can be run repeatedly."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ldnkg.errors import LdnkgError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.exports.property_graph.graph import Node, PropertyGraph, Relationship

ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def write_cypher(graph: PropertyGraph) -> str:
    """Return one statement per set of labels, then one per type and set of properties of relationships.

    Each statement ends with a semicolon at the end of a line. No string contains a line end.
    """
    nodes = groupby(sorted(graph.nodes, key=_get_labels), _get_labels)
    relationships = groupby(sorted(graph.relationships, key=_get_kind), _get_kind)
    shared = graph.label
    statements = [_merge_nodes(shared, labels, group) for labels, group in nodes]
    statements += [_merge_relationships(shared, *kind, group) for kind, group in relationships]
    return "".join(f"\n{statement};\n" for statement in statements)


def format_literal(value: object) -> str:
    """Return a text, a number, a list or a map as a Cypher literal.

    >>> format_literal({"names": ["LDN"], "year": 2021})
    "{names: ['LDN'], year: 2021}"
    """
    if isinstance(value, str):
        return f"'{value.translate(ESCAPES)}'"
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_check_name(key)}: {format_literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def _get_labels(node: Node) -> list[str]:
    return node.labels


def _get_kind(one: Relationship) -> tuple[str, list[str]]:
    return one.type, list(one.properties)


def _merge_nodes(shared: str, labels: list[str], nodes: Iterable[Node]) -> str:
    rows = _unwind({"id": node.id, "properties": node.properties} for node in nodes)
    others = "".join(f":{_check_name(label)}" for label in labels if label != shared)
    labelled = f"node{others}, " if others else ""
    return f"{rows}MERGE (node:{_check_name(shared)} {{id: row.id}})\nSET {labelled}node += row.properties"


def _merge_relationships(shared: str, kind: str, names: list[str], relationships: Iterable[Relationship]) -> str:
    rows = _unwind({"start_id": one.start, "end_id": one.end, **one.properties} for one in relationships)
    properties = ", ".join(f"{_check_name(name)}: row.{_check_name(name)}" for name in names)
    label = _check_name(shared)
    ends = f"MATCH (one:{label} {{id: row.start_id}})\nMATCH (other:{label} {{id: row.end_id}})"
    return f"{rows}{ends}\nMERGE (one)-[:{_check_name(kind)}{f' {{{properties}}}' if properties else ''}]->(other)"


def _unwind(rows: Iterable[dict[str, Any]]) -> str:
    listed = ",\n".join(f"  {format_literal(row)}" for row in rows)
    return f"UNWIND [\n{listed}\n] AS row\n"


def _check_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise LdnkgError(
            f"'{text}' is not a valid name in Cypher. Make the query return letters, digits and underscores only."
        )
    return text
