"""Makes tables of the graph: a query says what the cells hold, a description in CSV on the Web what the columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.files import shown
from ldnkg.problem import Problem
from ldnkg.rdf import query_tuples, value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

NEEDED = ("node", "key", "value")


class Column(NamedTuple):
    """One column: its name, its datatype in XML Schema, what stands between several values, and whether it must be."""

    name: str
    datatype: str
    separator: str
    required: bool


class Sheet(NamedTuple):
    """A table: its columns, and its rows in order, each cell a list of texts."""

    name: str
    columns: list[Column]
    rows: list[dict[str, list[str]]]

    @property
    def flat(self) -> list[list[str]]:
        """Each row as one text a column, several values with the separator of the column between."""
        columns = [(column.separator, column.name) for column in self.columns]
        return [[separator.join(row.get(name, ())) for separator, name in columns] for row in self.rows]


def sheet(store: ox.Store, query: Path, table: Mapping[str, Any], said: Callable[[object], str]) -> Sheet:
    """Return the table of the query, a row a node, each value as `said` says it; raise Problem where the two disagree.

    The query selects ?node, ?key and ?value, in that order. `table` is the description of one table in CSV on the Web;
    its key is the column of the node. The values of a column that is `ordered` there stand in the order of the query.
    """
    schema = table["tableSchema"]
    columns = [_column(one) for one in schema["columns"]]
    cells: dict[str, dict[str, list[str]]] = {}
    for node, key, held in query_tuples(store, query, NEEDED):
        name = said(node)
        if name not in cells:
            cells[name] = {schema["primaryKey"]: [name]}
        cells[name].setdefault(value(key), []).append(said(held))
    ordered = {one["name"] for one in schema["columns"] if one.get("ordered")}
    rows = [_distinct(cells[name], ordered) for name in sorted(cells)]
    made = Sheet(query.stem, columns, rows)
    _refuse_misfits(made, query)
    return made


def _distinct(cells: dict[str, list[str]], ordered: set[str]) -> dict[str, list[str]]:
    return {key: list(dict.fromkeys(held if key in ordered else sorted(held))) for key, held in cells.items()}


def _column(described: Mapping[str, Any]) -> Column:
    separator, required = described.get("separator", ""), described.get("required", False)
    return Column(described["name"], described.get("datatype", "string"), separator, required)


def _refuse_misfits(made: Sheet, query: Path) -> None:
    names = {column.name for column in made.columns}
    single = {column.name for column in made.columns if not column.separator}
    needed = {column.name for column in made.columns if column.required}
    place = shown(query)
    for row in made.rows:
        of = f"{place}: {next(iter(row.values()))[0]}"
        if unknown := sorted(name for name in row if name not in names):
            raise Problem(f"{of} has a value for '{unknown[0]}', which is no column of the description. Describe it.")
        if many := sorted(name for name, held in row.items() if len(held) > 1 and name in single):
            raise Problem(f"{of} has several values for '{many[0]}', which has no separator. Give the column one.")
        if missing := sorted(name for name in needed if name not in row):
            raise Problem(f"{of} has no value for '{missing[0]}', which is required. Let the query give one.")
