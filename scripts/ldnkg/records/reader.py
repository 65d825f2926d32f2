"""Read the records of a publication: one YAML record per file, and one table row per term."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.files import MIB
from ldnkg.records.lines import Lines
from ldnkg.records.tsv_reader import MOST_ERRORS, read_table, read_text
from ldnkg.records.yaml_reader import Mapping, ReadError, get_id, parse_record_with_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ldnkg.records.tsv_reader import Row

MAX_RECORD_BYTES = MIB  # a thousand times a long record
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
    """One record as written in its file; `slug` is the name of a term, and empty for a record with a file of its own.

    Do not change `value`. This is not a dataclass, because importing that module takes 10 ms at each start.
    """

    @property
    def id(self) -> str:
        """The id of the record, or an empty string."""
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
    """An error found while reading a file, and the id of the node that it concerns, if any."""

    path: Path
    fault: ReadError
    node: str = ""


def read_records(paths: Iterable[Path]) -> tuple[list[Record], list[LocatedError]]:
    """Read each YAML file; return the records that could be parsed, and the errors of all files."""
    records: list[Record] = []
    misread: list[LocatedError] = []
    for path in paths:
        try:
            value, lines, errors = parse_record_with_errors(read_text(path, MAX_RECORD_BYTES))
            records.append(Record(path, value, lines))
        except ReadError as error:
            errors = [error]
        misread += [LocatedError(path, error) for error in errors[:MOST_ERRORS]]
    return records, misread


def read_terms(path: Path) -> tuple[list[Record], list[LocatedError]]:
    """Return the records of the table of terms, one per row, and the errors of the table."""
    table, errors = read_table(path, list(COLUMNS))
    return [_convert_term(row) for row in table.rows], [LocatedError(path, error) for error in errors]


def _convert_term(row: Row) -> Record:
    value: Mapping = {key: row.cells[column] for column, key in COLUMNS.items()}
    slug = str(value.pop("slug"))
    value["curie"] = value["id"]
    return Record(row.path, value, locate_row(row, value), slug)


def locate_row(row: Row, value: Mapping) -> Lines:
    """Return the lines of a record that is one row of a table: every key is on the line of the row."""
    return Lines(lambda: {(str(value["id"]), key, ""): row.line for key in ("", *value)})


def list_record_files(data: Path) -> list[Path]:
    """Return the files in the folders of the data, sorted by name, without hidden files."""
    return sorted(path for path in data.glob("*/*") if not path.name.startswith("."))
