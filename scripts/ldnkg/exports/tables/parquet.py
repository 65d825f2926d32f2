"""Write the tables in Parquet, typed by their description in CSV on the Web, which each file carries."""

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
from ldnkg.exports.tabular import described, sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.exports.tabular import Column, Sheet
    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent
DIGITS, BEHIND_THE_POINT = 18, 6
KINDS: dict[str, tuple[Callable[[], pa.DataType], Callable[[str], object]]] = {
    "date": (pa.date32, date.fromisoformat),
    "decimal": (lambda: pa.decimal128(DIGITS, BEHIND_THE_POINT), Decimal),
    "gYear": (pa.int32, int),
    "integer": (pa.int64, int),
    "string": (pa.string, str),
}


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each table; the queries and the description are those of the tables in CSV."""
    description = described(folder)
    tables = zip(sheets(combined, folder, description), description["tables"], strict=True)
    return {f"parquet/{one.name}.parquet": _bytes(_table(one, about, description)) for one, about in tables}


def _table(sheet: Sheet, about: Mapping[str, Any], description: Mapping[str, Any]) -> pa.Table:
    texts = {one["name"]: one["dc:description"] for one in about["tableSchema"]["columns"]}
    fields = [
        pa.field(column.name, _type(column), not column.required, {"description": texts[column.name]})
        for column in sheet.columns
    ]
    arrays = [_array(sheet, column) for column in sheet.columns]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, _metadata(about, description)))


def _metadata(about: Mapping[str, Any], description: Mapping[str, Any]) -> dict[str, str]:
    """Return what any reader of the file finds beside the data; the columns once more, for not all read Arrow's."""
    return {
        "title": description["dc:title"],
        "description": about["dc:description"],
        "license": description["dc:license"]["@id"],
        "tableSchema": json.dumps(about["tableSchema"], ensure_ascii=False),
    }


def _type(column: Column) -> pa.DataType:
    if column.datatype not in KINDS:
        known = ", ".join(KINDS)
        raise LdnkgError(
            f"'{column.name}' is of the datatype '{column.datatype}', which is not one of {known}. Add it."
        )
    one = KINDS[column.datatype][0]()
    return pa.list_(one) if column.separator else one


def _array(sheet: Sheet, column: Column) -> pa.Array:
    """Return a column: an empty list where nothing is said of one that may have several values, else null."""
    of, read = _type(column), KINDS[column.datatype][1]
    try:
        cells = [[read(text) for text in row.get(column.name, [])] for row in sheet.rows]
        return pa.array(cells if column.separator else [cell[0] if cell else None for cell in cells], of)
    except (ArithmeticError, ValueError) as error:
        raise LdnkgError(f"The table '{sheet.name}' has a value in '{column.name}' that {of} cannot hold.") from error


def _bytes(table: pa.Table) -> bytes:
    made = io.BytesIO()
    parquet.write_table(table, made, compression="zstd")
    return made.getvalue()
