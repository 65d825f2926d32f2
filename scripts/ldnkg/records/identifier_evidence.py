"""Read the evidence that identifiers are compared with: patterns of prefixes, labels as seen, refused look-alikes."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from ldnkg.records.reader import LocatedError
from ldnkg.records.tsv_reader import read_table
from ldnkg.records.yaml_reader import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.records.tsv_reader import Row, Table

TABLES = {
    "prefixes": ("prefix", "bioregistry", "pattern", "exception"),
    "evidence": ("entity", "curie", "label", "match", "seen_in", "used_as", "justification", "version", "remark"),
    "lookalikes": ("curie", "label", "entity", "reason", "instead"),
}


class IdentifierEvidence:
    """The tables that identifiers are compared with."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """The pattern of the part after each prefix."""
        return {row.cells["prefix"]: re.compile(row.cells["pattern"]) for row in self.tables["prefixes"].rows}

    @cached_property
    def seen(self) -> dict[tuple[str, str], list[Row]]:
        """The rows of evidence, by entity and identifier."""
        found = defaultdict(list)
        for row in self.tables["evidence"].rows:
            found[row.cells["entity"], row.cells["curie"]].append(row)
        return dict(found)

    @cached_property
    def refused(self) -> dict[tuple[str, str], Row]:
        """The refused identifiers, by entity and identifier; the entity is empty if all entities refuse it."""
        return {(row.cells["entity"], row.cells["curie"]): row for row in self.tables["lookalikes"].rows}


def read_evidence(data: Path) -> tuple[IdentifierEvidence, list[LocatedError]]:
    """Return the tables that identifiers are compared with, and their errors."""
    tables: dict[str, Table] = {}
    misread = []
    for name, columns in TABLES.items():
        path = data / f"{name}.tsv"
        tables[name], faults = read_table(path, columns)
        misread += [LocatedError(path, fault) for fault in faults]
    misread += [_report_broken_pattern(row) for row in tables["prefixes"].rows if not _has_valid_pattern(row)]
    return IdentifierEvidence(tables), misread


def _has_valid_pattern(row: Row) -> bool:
    try:
        re.compile(row.cells["pattern"])
    except re.error:
        return False
    return True


def _report_broken_pattern(row: Row) -> LocatedError:
    return LocatedError(
        row.path, ReadError("prefix-pattern-broken", row.line, row.cells["pattern"]), row.cells["prefix"]
    )
