"""Reads the records of a publication from its files: one YAML record a file, and one row a term."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.records.tsv_reader import read_table, read_text
from ldnkg.records.yaml_reader import Lines, Mapping, ReadError, get_id, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ldnkg.records.tsv_reader import Row

COLUMNS = {
    "slug": "slug",
    "kind": "type",
    "curie": "id",
    "label": "label",
    "source_label": "sourceLabel",
    "seen_in": "seenIn",
}


class _Fields(NamedTuple):
    path: Path
    value: Mapping
    lines: Lines
    slug: str = ""


class Record(_Fields):
    """One record as it stands in its file; `slug` is the bare name of a term, empty for what has a file of its own.

    `value` is not to be changed. It is no dataclass, because importing that module slows down each start by 10 ms.
    """

    @property
    def id(self) -> str:
        """The id that the record gives itself, or nothing."""
        return get_id(self.value)

    @cached_property
    def nodes(self) -> tuple[Mapping, ...]:
        """The record and each record within it."""
        return tuple(_walk_nodes(self.value))


def _walk_nodes(value: Mapping) -> Iterator[Mapping]:
    yield value
    for item in value.values():
        for part in item if isinstance(item, list) else [item]:
            if isinstance(part, dict):
                yield from _walk_nodes(part)


class LocatedError(NamedTuple):
    """A fault that is found while files are read, and the node that it is about, if any."""

    path: Path
    fault: ReadError
    node: str = ""


def read_records(paths: Iterable[Path]) -> tuple[list[Record], list[LocatedError]]:
    """Read each YAML file; return the records, and the faults of the files that gave none."""
    records: list[Record] = []
    misread: list[LocatedError] = []
    for path in paths:
        try:
            value, lines = parse_record(read_text(path))
            records.append(Record(path, value, lines))
        except ReadError as fault:
            misread.append(LocatedError(path, fault))
    return records, misread


def read_terms(path: Path) -> tuple[list[Record], list[LocatedError]]:
    """Read the table of terms; each row is a record with the keys of a record."""
    table, faults = read_table(path, list(COLUMNS))
    return [_convert_term(row) for row in table.rows], [LocatedError(path, fault) for fault in faults]


def _convert_term(row: Row) -> Record:
    value: Mapping = {key: row.cells[column] for column, key in COLUMNS.items()}
    slug = str(value.pop("slug"))
    value["curie"] = value["id"]
    return Record(row.path, value, locate_row(row, value), slug)


def locate_row(row: Row, value: Mapping) -> Lines:
    """Return where each key of a record stands that is one row of a table."""
    return Lines(lambda: {(str(value["id"]), key, ""): row.line for key in ("", *value)})


def list_record_files(data: Path) -> list[Path]:
    """Return what lies in the folders of the data, in order of the names; hidden files are left out."""
    return sorted(path for path in data.glob("*/*") if not path.name.startswith("."))
