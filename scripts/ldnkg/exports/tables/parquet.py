"""Write the tables as Parquet, with the datatypes of their description in CSV on the Web, which each file contains."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from ldnkg.errors import LdnkgError
from ldnkg.exports.tabular import make_tables, read_description

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.exports.tabular import Column, DataTable
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent
PRECISION, SCALE = 18, 6
TYPES: dict[str, tuple[Callable[[], pa.DataType], Callable[[str], object]]] = {
    "date": (pa.date32, date.fromisoformat),
    "decimal": (lambda: pa.decimal128(PRECISION, SCALE), Decimal),
    "gYear": (pa.int32, int),
    "integer": (pa.int64, int),
    "string": (pa.string, str),
}


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each table, from the same queries and description as the tables in CSV."""
    description = read_description(folder)
    pairs = zip(make_tables(combined, folder, description), description["tables"], strict=True)
    return {f"parquet/{table.name}.parquet": write_parquet(table, described, description) for table, described in pairs}


def write_parquet(table: DataTable, described: Mapping[str, Any], description: Mapping[str, Any]) -> bytes:
    """Return the table as Parquet; raise LdnkgError if a value does not fit the datatype of its column.

    `described` is the description of the table in CSV on the Web, and `description` that of all tables.
    """
    texts = {column["name"]: column["dc:description"] for column in described["tableSchema"]["columns"]}
    fields = [
        pa.field(column.name, _get_type(column), not column.required, {"description": texts[column.name]})
        for column in table.columns
    ]
    arrays = [_make_array(table, column) for column in table.columns]
    schema = pa.schema(fields, _make_metadata(described, description))
    content = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), content, compression="zstd")
    return content.getvalue()


def _make_metadata(described: Mapping[str, Any], description: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of the file, with the columns for readers that cannot read the Arrow schema."""
    return {
        "title": description["dc:title"],
        "description": described["dc:description"],
        "license": description["dc:license"]["@id"],
        "tableSchema": json.dumps(described["tableSchema"], ensure_ascii=False),
    }


def _get_type(column: Column) -> pa.DataType:
    if column.datatype not in TYPES:
        known = ", ".join(TYPES)
        what = f"The column '{column.name}' has the datatype '{column.datatype}', which is not one of {known}."
        raise LdnkgError(f"{what} Use one of these.")
    of_one = TYPES[column.datatype][0]()
    return pa.list_(of_one) if column.separator else of_one


def _make_array(table: DataTable, column: Column) -> pa.Array:
    """Return the values of a column. An empty cell is an empty list if the column has a separator, or else null."""
    datatype, parse = _get_type(column), TYPES[column.datatype][1]
    try:
        cells = [[parse(text) for text in row.get(column.name, [])] for row in table.rows]
        return pa.array(cells if column.separator else [cell[0] if cell else None for cell in cells], datatype)
    except (ArithmeticError, ValueError) as error:
        raise LdnkgError(
            f"The table '{table.name}' has a value in '{column.name}' that does not fit {datatype}. Correct the value."
        ) from error
