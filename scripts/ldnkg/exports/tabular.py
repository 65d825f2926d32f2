"""Make tables from SPARQL queries and write them as text. CSV on the Web describes their columns."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_json
from ldnkg.rdf.sparql import select_tuples
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.publication.combined import CombinedGraph

    Cells = dict[str, list[str]]

DESCRIPTION = "csv-metadata.json"
NUMBER_TYPES = {"integer": int, "decimal": float}
VARIABLES = ("node", "key", "value")


class Column(NamedTuple):
    """A column: its name, its XML Schema datatype, the separator of several values, and whether it is required."""

    name: str
    datatype: str
    separator: str
    required: bool


class DataTable(NamedTuple):
    """A table: its columns, and its rows in order. Each row maps the name of a column to a list of texts."""

    name: str
    columns: list[Column]
    rows: list[Cells]

    @property
    def joined_rows(self) -> list[list[str]]:
        """The rows with one text per column; the separator of the column joins several values."""
        columns = [(column.separator, column.name) for column in self.columns]
        return [[separator.join(row.get(name, ())) for separator, name in columns] for row in self.rows]


def read_description(folder: Path) -> Any:  # noqa: ANN401
    """Return the description of the tables of a folder, in CSV on the Web; raise LdnkgError if it has no tables."""
    path = folder / DESCRIPTION
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("tables"), list):
        raise LdnkgError(
            f"{display_path(path)}: describes no tables. Add the list `tables` as CSV on the Web defines it."
        )
    return found


def make_tables(combined: CombinedGraph, folder: Path, description: Mapping[str, Any]) -> list[DataTable]:
    """Return each table of the description; the query with the same name in the folder makes its rows."""
    queries = [(folder / f"{table['url'].partition('.')[0]}.rq", table) for table in description["tables"]]
    return [make_table(combined.store, query, table, combined.format_term) for query, table in queries]


def make_table(
    store: ox.Store, query: Path, described: Mapping[str, Any], format_term: Callable[[object], str]
) -> DataTable:
    """Return the table of a query, one row per node; raise LdnkgError if it does not fit its description.

    The query selects ?node, ?key and ?value, in that order. `described` is the description of the table in CSV on the
    Web; its primary key is the column of ?node. If a column is `ordered` there, its values keep the order of the query.
    """
    schema = described["tableSchema"]
    cells: dict[str, Cells] = {}
    for node, key, value in select_tuples(store, query, VARIABLES):
        name = format_term(node)
        if name not in cells:
            cells[name] = {schema["primaryKey"]: [name]}
        cells[name].setdefault(get_value(key), []).append(format_term(value))
    ordered = {column["name"] for column in schema["columns"] if column.get("ordered")}
    rows = [_deduplicate(cells[name], ordered) for name in sorted(cells)]
    table = DataTable(query.stem, [_make_column(column) for column in schema["columns"]], rows)
    _refuse_misfits(table, display_path(query))
    return table


def _deduplicate(cells: Cells, ordered: set[str]) -> Cells:
    return {key: list(dict.fromkeys(values if key in ordered else sorted(values))) for key, values in cells.items()}


def _make_column(described: Mapping[str, Any]) -> Column:
    separator, required = described.get("separator", ""), described.get("required", False)
    return Column(described["name"], described.get("datatype", "string"), separator, required)


def _refuse_misfits(table: DataTable, place: str) -> None:
    names = {column.name for column in table.columns}
    single = {column.name for column in table.columns if not column.separator}
    needed = {column.name for column in table.columns if column.required}
    for row in table.rows:
        of = f"{place}: {_get_key(row)}"
        if unknown := sorted(name for name in row if name not in names):
            raise LdnkgError(
                f"{of} has a value for '{unknown[0]}', which is not a column. Add the column to {DESCRIPTION}."
            )
        if many := sorted(name for name, values in row.items() if len(values) > 1 and name in single):
            what = f"has several values for '{many[0]}', but this column has no separator"
            raise LdnkgError(f"{of} {what}. Add a `separator` to the column in {DESCRIPTION}.")
        if missing := sorted(name for name in needed if name not in row):
            raise LdnkgError(f"{of} has no value for '{missing[0]}', which is required. Make the query return one.")


def _get_key(row: Cells) -> str:
    """Return the primary key of a row, which is its first cell."""
    return next(iter(row.values()))[0]


def write_csv(table: DataTable) -> bytes:
    r"""Return the table as CSV (RFC 4180), in UTF-8 with Unix line ends.

    >>> table = DataTable("terms", [Column("synonym", "string", ";", required=False)], [{"synonym": ["a", "b,c"]}])
    >>> write_csv(table)
    b'synonym\n"a;b,c"\n'
    """
    refuse_separators(table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows(table.joined_rows)
    return text.getvalue().encode()


def write_tsv(table: DataTable) -> bytes:
    r"""Return the table as tab-separated text without quotes.

    >>> table = DataTable("terms", [Column("synonym", "string", ";", required=False)], [{"synonym": ["a", "b"]}])
    >>> write_tsv(table)
    b'synonym\na;b\n'
    """
    refuse_separators(table)
    lines = [[column.name for column in table.columns], *table.joined_rows]
    return "".join(_join_with_tabs(line, table.name) for line in lines).encode()


def _join_with_tabs(cells: list[str], table: str) -> str:
    """Return the cells as one line; raise LdnkgError if a cell has a tab or a line end."""
    line = "\t".join(cells)
    if line.count("\t") >= len(cells) or len(line.splitlines()) > 1 or line.endswith("\n"):
        what = "has a text with a tab or a line end, which a cell of TSV cannot contain"
        raise LdnkgError(f"{table}: {cells[0]} {what}. Remove it from the text.", 1)
    return f"{line}\n"


def refuse_separators(table: DataTable) -> None:
    """Raise LdnkgError if a value contains the separator of its column, because a reader would split the value."""
    for row in table.rows:
        for column in table.columns:
            if column.separator and any(column.separator in value for value in row.get(column.name, [])):
                of = f"{table.name}: {_get_key(row)}"
                sign, name = column.separator, column.name
                what = f"has '{sign}' in a value of '{name}', but '{sign}' separates the values of this column"
                raise LdnkgError(f"{of} {what}. Reword the value.", 1)


def write_json_lines(table: DataTable) -> bytes:
    r"""Return the table as one JSON object per line, with lists for several values, typed numbers and no empty cells.

    >>> table = DataTable("works", [Column("year", "integer", "", required=False)], [{"year": ["2021"]}])
    >>> write_json_lines(table)
    b'{"year": 2021}\n'
    """
    lines = [
        {column.name: parse_cell(column, row[column.name]) for column in table.columns if column.name in row}
        for row in table.rows
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def parse_cell(column: Column, texts: list[str]) -> object:
    """Return the number or the text of a cell, or a list of these if the column has a separator.

    >>> parse_cell(Column("year", "integer", "", required=False), ["2021"])
    2021
    >>> parse_cell(Column("synonym", "string", ";", required=False), ["LDN"])
    ['LDN']
    """
    values = [NUMBER_TYPES.get(column.datatype, str)(text) for text in texts]
    return values if column.separator else values[0]
