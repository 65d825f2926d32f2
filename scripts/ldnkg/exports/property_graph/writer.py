"""The publication as a property graph: CSV for neo4j-admin, Cypher, GraphML and CX2, all from the same two tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ldnkg.exports.property_graph.cx2 import as_cx2
from ldnkg.exports.property_graph.cypher import as_cypher
from ldnkg.exports.property_graph.graph import property_graph
from ldnkg.exports.property_graph.graphml import as_graphml
from ldnkg.exports.tabular import as_csv, described, refuse_separators, sheets
from ldnkg.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.exports.tabular import Sheet
    from ldnkg.publication.combined import CombinedGraph


FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the graph in each form, and the Cypher that stands ready for Neo4j."""
    description = described(folder)
    tables = zip(sheets(combined, folder, description), description["tables"], strict=True)
    nodes, relationships, network = (_stored(sheet, table) for sheet, table in tables)
    graph = property_graph(nodes, relationships, network)
    head = read_bytes(folder / "head.cypher")
    made = {
        "nodes.csv": _titled(nodes, description["tables"][0]),
        "relationships.csv": _titled(relationships, description["tables"][1]),
        "load.cypher": head + as_cypher(graph).encode(),
        **{name: read_bytes(folder / name) for name in ("constraints.cypher", "n10s.cypher")},
        "ldn-kg.graphml": as_graphml(graph, description["graphml"]),
        "ldn-kg.cx2": as_cx2(graph),
    }
    return {f"property-graph/{name}": content for name, content in made.items()}


def _stored(sheet: Sheet, table: Mapping[str, Any]) -> Sheet:
    """Return the table without the columns that are virtual, which tell its rows apart and stand in no file."""
    virtual = {one["name"] for one in table["tableSchema"]["columns"] if one.get("virtual")}
    return sheet._replace(columns=[column for column in sheet.columns if column.name not in virtual])


def _titled(sheet: Sheet, table: Mapping[str, Any]) -> bytes:
    """Return the table as CSV with the titles of its columns, which say to neo4j-admin what they are."""
    refuse_separators(sheet)
    titles = {one["name"]: one["titles"] for one in table["tableSchema"]["columns"]}
    columns = [column._replace(name=titles[column.name]) for column in sheet.columns]
    rows = [{titles[name]: held for name, held in row.items() if name in titles} for row in sheet.rows]
    return as_csv(sheet._replace(columns=columns, rows=rows))
