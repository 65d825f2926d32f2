"""What whoever takes a row at its word reads in it: that two things are related as the name of a column says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import rdflib
from rdflib import RDF

from support.readers import rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, str]
Said = tuple[str, str, str]


class Table(NamedTuple):
    """Rows, with the column that names what each is about, and the property that each column stands for."""

    key: str
    rows: list[Row]
    properties: Mapping[str, str]


@cache
def claim_relations() -> frozenset[str]:
    """The relations by which claims say what the article says, from the ontology."""
    held = rdflib.Graph().parse(rdf.ROOT / "ontology" / "ldn.ttl")
    return frozenset(rdf.name(node) for node in held.subjects(RDF.type, rdf.LDN.ClaimRelation))


def table(described: Mapping[str, Any], rows: list[Row]) -> Table:
    """A table with its columns as CSV on the Web describes them."""
    schema = described["tableSchema"]
    properties = {one["name"]: one["propertyUrl"] for one in schema["columns"] if "propertyUrl" in one}
    return Table(
        schema["primaryKey"], rows, {column: rdf.name(rdflib.URIRef(iri)) for column, iri in properties.items()}
    )


def taken(tables: Iterable[Table], stated: Mapping[str, Said], many: Callable[[str], list[str]]) -> set[str]:
    """What the rows state as a fact: each by its claim, or as it stands there where no claim says it.

    A row that has a certainty states its claim where that is established. In any other, each cell that names another
    thing relates the two. It is no fact of the article where the description gives the column a property by which
    no claim is made.
    """
    every = list(tables)
    things = {row[one.key] for one in every for row in one.rows}
    claims = {said: claim for claim, said in stated.items()}
    rows = [row for one in every for row in one.rows]
    sure = {row["claim"] for row in rows if row.get("certainty") == "established" and "claim" in row}
    return sure | {claims.get(said, " ".join(said)) for one in every for said in related(one, things, many)}


def related(one: Table, things: set[str], many: Callable[[str], list[str]]) -> set[Said]:
    """What the rows without a certainty relate, by which property or, where none is described, which column."""
    silent = set(one.properties.values()) - claim_relations()
    columns = {column: one.properties.get(column) for row in one.rows[:1] for column in row if column != one.key}
    return {
        (row[one.key], said or column, value)
        for row in one.rows
        if not row.get("certainty")
        for column, said in columns.items()
        if said not in silent
        for value in many(row[column])
        if value in things or said
    }
