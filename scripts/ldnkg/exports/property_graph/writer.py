"""Write the publication as a property graph in CSV for neo4j-admin, Cypher, GraphML and CX2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ldnkg.exports.property_graph.cx2 import write_cx2
from ldnkg.exports.property_graph.cypher import write_cypher
from ldnkg.exports.property_graph.graph import make_property_graph
from ldnkg.exports.property_graph.graphml import write_graphml
from ldnkg.exports.tabular import make_tables, read_description, refuse_separators, write_csv
from ldnkg.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.exports.tabular import DataTable
    from ldnkg.publication.combined import CombinedGraph


FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the graph in each format, and the Cypher files that are copied unchanged."""
    description = read_description(folder)
    pairs = zip(make_tables(combined, folder, description), description["tables"], strict=True)
    nodes, relationships, network = (_drop_virtual_columns(table, described) for table, described in pairs)
    graph = make_property_graph(nodes, relationships, network)
    files = {
        "nodes.csv": _write_csv_with_titles(nodes, description["tables"][0]),
        "relationships.csv": _write_csv_with_titles(relationships, description["tables"][1]),
        "load.cypher": read_bytes(folder / "head.cypher") + write_cypher(graph).encode(),
        **{name: read_bytes(folder / name) for name in ("constraints.cypher", "n10s.cypher")},
        "ldn-kg.graphml": write_graphml(graph, description["graphml"]),
        "ldn-kg.cx2": write_cx2(graph),
    }
    return {f"property-graph/{name}": content for name, content in files.items()}


def _drop_virtual_columns(table: DataTable, described: Mapping[str, Any]) -> DataTable:
    """Return the table without its virtual columns, which serve only to distinguish its rows."""
    virtual = {column["name"] for column in described["tableSchema"]["columns"] if column.get("virtual")}
    return table._replace(columns=[column for column in table.columns if column.name not in virtual])


def _write_csv_with_titles(table: DataTable, described: Mapping[str, Any]) -> bytes:
    """Return the table as CSV with the titles of its columns as the header, from which neo4j-admin takes the types."""
    refuse_separators(table)
    titles = {column["name"]: column["titles"] for column in described["tableSchema"]["columns"]}
    columns = [column._replace(name=titles[column.name]) for column in table.columns]
    rows = [{titles[name]: values for name, values in row.items() if name in titles} for row in table.rows]
    return write_csv(table._replace(columns=columns, rows=rows))
