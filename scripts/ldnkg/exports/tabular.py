"""Make tables of the graph and write them as text: queries give the cells, CSV on the Web describes the columns."""

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

NUMBERS = {"integer": int, "decimal": float}
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


def described(folder: Path) -> Any:  # noqa: ANN401
    """Return the description of the tables of a folder."""
    path = folder / "csv-metadata.json"
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("tables"), list):
        raise LdnkgError(f"{display_path(path)}: describes no tables. Let it be as CSV on the Web has it.")
    return found


def sheets(combined: CombinedGraph, folder: Path, description: Mapping[str, Any]) -> list[Sheet]:
    """Return each table that the description names, by the query of that name in the folder."""
    tables = [(one, folder / f"{one['url'].partition('.')[0]}.rq") for one in description["tables"]]
    return [sheet(combined.store, query, one, combined.format_term) for one, query in tables]


def sheet(store: ox.Store, query: Path, table: Mapping[str, Any], said: Callable[[object], str]) -> Sheet:
    """Return the table of the query, a row a node, each value as `said` says it; raise Problem where the two disagree.

    The query selects ?node, ?key and ?value, in that order. `table` is the description of one table in CSV on the Web;
    its key is the column of the node. The values of a column that is `ordered` there stand in the order of the query.
    """
    schema = table["tableSchema"]
    columns = [_column(one) for one in schema["columns"]]
    cells: dict[str, dict[str, list[str]]] = {}
    for node, key, held in select_tuples(store, query, NEEDED):
        name = said(node)
        if name not in cells:
            cells[name] = {schema["primaryKey"]: [name]}
        cells[name].setdefault(get_value(key), []).append(said(held))
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
    place = display_path(query)
    for row in made.rows:
        of = f"{place}: {next(iter(row.values()))[0]}"
        if unknown := sorted(name for name in row if name not in names):
            raise LdnkgError(
                f"{of} has a value for '{unknown[0]}', which is no column of the description. Describe it."
            )
        if many := sorted(name for name, held in row.items() if len(held) > 1 and name in single):
            raise LdnkgError(f"{of} has several values for '{many[0]}', which has no separator. Give the column one.")
        if missing := sorted(name for name in needed if name not in row):
            raise LdnkgError(f"{of} has no value for '{missing[0]}', which is required. Let the query give one.")


def as_csv(sheet: Sheet) -> bytes:
    """Return the table as CSV by RFC 4180, in UTF-8, with the lines ended as Unix does."""
    refuse_separators(sheet)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows(sheet.flat)
    return text.getvalue().encode()


def as_tsv(sheet: Sheet) -> bytes:
    """Return the table with tabs between and no quoting."""
    refuse_separators(sheet)
    lines = [[column.name for column in sheet.columns], *sheet.flat]
    return "".join(tabbed(line, sheet.name) for line in lines).encode()


def tabbed(cells: list[str], table: str) -> str:
    """Return the cells as a line with tabs between; raise Problem where one holds a tab or a line end."""
    line = "\t".join(cells)
    if line.count("\t") >= len(cells) or len(line.splitlines()) > 1 or line.endswith("\n"):
        what = "has a text with a tab or a line end, which no cell can hold"
        raise LdnkgError(f"{table}: {cells[0]} {what}. Take it out.", 1)
    return f"{line}\n"


def refuse_separators(sheet: Sheet) -> None:
    """Raise Problem where one of several values holds what stands between them, for nobody could tell them apart."""
    for row in sheet.rows:
        for column in sheet.columns:
            if column.separator and any(column.separator in held for held in row.get(column.name, [])):
                of = f"{sheet.name}: {next(iter(row.values()))[0]}"
                which = f"has a '{column.separator}' in '{column.name}', which has several values"
                raise LdnkgError(f"{of} {which}. Reword it.", 1)


def as_json_lines(sheet: Sheet) -> bytes:
    """Return the table as one JSON object a line: several values as a list, numbers as numbers, nothing left out."""
    lines = [
        {column.name: typed(column, row[column.name]) for column in sheet.columns if column.name in row}
        for row in sheet.rows
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def typed(column: Column, values: list[str]) -> object:
    """Return what a cell holds: a number where the column has numbers, a list where it can have several values."""
    made = [NUMBERS.get(column.datatype, str)(value) for value in values]
    return made if column.separator else made[0]
