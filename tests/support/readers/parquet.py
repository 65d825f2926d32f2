"""Read the Parquet files with Arrow, and format cells as the tables in CSV do."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from support.readers import naive, tables

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from support.facts import Facts


def rows(files: Mapping[str, bytes], name: str) -> tables.Rows:
    read = parquet.read_table(io.BytesIO(files[f"parquet/{name}.parquet"])).to_pylist()
    return [{key: text(cell) for key, cell in row.items()} for row in read]


def text(cell: object) -> str:
    if isinstance(cell, list):
        return "|".join(text(one) for one in cell)
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else str(cell)


def facts(files: Mapping[str, bytes]) -> Facts:
    return tables.found(lambda name: rows(files, name))


def described(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the description of each table by its name, from the metadata of its file."""
    names = [path.removeprefix("parquet/").removesuffix(".parquet") for path in files]
    schemas = {name: parquet.read_schema(io.BytesIO(files[f"parquet/{name}.parquet"])) for name in names}
    return {name: {"tableSchema": json.loads(one.metadata[b"tableSchema"])} for name, one in schemas.items()}


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims that a cell of any table states as facts."""
    every = [naive.table(about, rows(files, name)) for name, about in described(files).items()]
    return naive.taken(every, stated(files), tables.many)


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return {row["claim"]: (row["subject"], row["relation"], row["object"]) for row in rows(files, "claims")}


def counts(files: Mapping[str, bytes]) -> Counter[str]:
    return tables.number(lambda name: rows(files, name), stated(files), taken_for_fact(files))
