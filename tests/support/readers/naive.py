"""Read rows naively: a cell relates its row to the entity that it names, with the property of its column."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import rdflib
from rdflib import RDF

from support.readers import rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, str]
Triple = tuple[str, str, str]


class Table(NamedTuple):
    """Rows, the column of their primary key, and the property of each column."""

    key: str
    rows: list[Row]
    properties: Mapping[str, str]


@cache
def claim_relations() -> frozenset[str]:
    """Return the relations of claims, from the ontology."""
    ontology = rdflib.Graph().parse(rdf.ROOT / "ontology" / "ldn.ttl")
    return frozenset(rdf.name(node) for node in ontology.subjects(RDF.type, rdf.LDN.ClaimRelation))


def table(described: Mapping[str, Any], rows: list[Row]) -> Table:
    """Return a table with its columns as CSV on the Web describes them."""
    schema = described["tableSchema"]
    properties = {one["name"]: one["propertyUrl"] for one in schema["columns"] if "propertyUrl" in one}
    return Table(
        schema["primaryKey"], rows, {column: rdf.name(rdflib.URIRef(iri)) for column, iri in properties.items()}
    )


def taken(tables: Iterable[Table], stated: Mapping[str, Triple], many: Callable[[str], list[str]]) -> set[str]:
    """Return the facts that the rows state, each named by its claim, or as "subject property object" without a claim.

    A row with a certainty states its claim if the claim is established. In other rows, each cell that names an entity
    states a relation, unless the property of its column in the description is not a relation of claims.
    """
    every = list(tables)
    entities = {row[one.key] for one in every for row in one.rows}
    claims = {triple: claim for claim, triple in stated.items()}
    rows = [row for one in every for row in one.rows]
    sure = {row["claim"] for row in rows if row.get("certainty") == "established" and "claim" in row}
    return sure | {claims.get(triple, " ".join(triple)) for one in every for triple in related(one, entities, many)}


def related(one: Table, entities: set[str], many: Callable[[str], list[str]]) -> set[Triple]:
    """Return the relations in rows without a certainty, named by the property of the column or else by its name."""
    silent = set(one.properties.values()) - claim_relations()
    columns = {column: one.properties.get(column) for row in one.rows[:1] for column in row if column != one.key}
    return {
        (row[one.key], property_ or column, value)
        for row in one.rows
        if not row.get("certainty")
        for column, property_ in columns.items()
        if property_ not in silent
        for value in many(row[column])
        if value in entities or property_
    }
