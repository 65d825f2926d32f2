"""Read the mappings in SSSOM format: other identifiers of the entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.records.reader import LocatedError, Record, locate_row
from ldnkg.records.tsv_reader import Table, read_table
from ldnkg.records.yaml_reader import Mapping, ReadError, parse_record

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.records.tsv_reader import Row

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source_version",
    "comment",
)


class Mappings(NamedTuple):
    """The table of mappings, and the prefixes that its head declares."""

    table: Table
    prefixes: dict[str, str]

    @property
    def records(self) -> list[Record]:
        """Each row as a record, without its empty cells."""
        return [_convert_row(row) for row in self.table.rows]


def read_mappings(path: Path) -> tuple[Mappings, list[LocatedError]]:
    """Return the mappings with the prefixes of their head, and the errors of the file."""
    table, faults = read_table(path, COLUMNS)
    try:
        prefixes = {} if faults else _read_prefixes(table)
    except ReadError as fault:
        prefixes, faults = {}, [fault]
    return Mappings(table, prefixes), [LocatedError(path, fault) for fault in faults]


def _read_prefixes(table: Table) -> dict[str, str]:
    """Return the prefixes of the head; raise ReadError if it cannot be read."""
    try:
        prefixes = parse_record("\n".join(table.head))[0].get("curie_map")
    except ReadError as error:
        raise ReadError("mappings-head", error.line) from error
    if not isinstance(prefixes, dict) or not all(isinstance(iri, str) for iri in prefixes.values()):
        raise ReadError("mappings-head", 1)
    return {prefix: str(iri) for prefix, iri in prefixes.items()}


def _convert_row(row: Row) -> Record:
    slug = "-".join(row.cells[side].replace(":", ".") for side in ("subject_id", "object_id"))
    value: Mapping = {"id": f"mapping:{slug}", "type": "sssom:Mapping"}
    value |= {column: cell for column, cell in row.cells.items() if cell}
    return Record(row.path, value, locate_row(row, value))
