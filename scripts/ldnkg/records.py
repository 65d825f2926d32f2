"""Reads the records of a publication from its files: one YAML record a file, and one row a term."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ldnkg.problem import reason
from ldnkg.yamlfile import Fault, Lines, Mapping, parse, refuse_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = {
    "slug": "slug",
    "kind": "type",
    "curie": "id",
    "label": "label",
    "source_label": "sourceLabel",
    "seen_in": "seenIn",
}


@dataclass(frozen=True)
class Record:
    """One record as it stands in its file; `slug` is the bare name of a term, empty for what has a file of its own."""

    path: Path
    value: Mapping
    lines: Lines
    slug: str = ""

    @property
    def id(self) -> str:
        """The id that the record gives itself, or nothing."""
        return str(self.value.get("id", ""))

    def nodes(self) -> Iterator[Mapping]:
        """Yield the record and each record within it."""
        return _nodes(self.value)


def _nodes(value: Mapping) -> Iterator[Mapping]:
    yield value
    for item in value.values():
        for part in item if isinstance(item, list) else [item]:
            if isinstance(part, dict):
                yield from _nodes(part)


@dataclass(frozen=True)
class Misread:
    """A fault that keeps a file, or a row, from being read."""

    path: Path
    fault: Fault


def read_files(paths: Iterable[Path]) -> tuple[list[Record], list[Misread]]:
    """Read each YAML file; return the records, and the faults of the files that gave none."""
    records: list[Record] = []
    misread: list[Misread] = []
    for path in paths:
        try:
            value, lines = parse(_text(path))
            records.append(Record(path, value, lines))
        except Fault as fault:
            misread.append(Misread(path, fault))
    return records, misread


def read_terms(path: Path) -> tuple[list[Record], list[Misread]]:
    """Read the table of terms; each row is a record with the keys of a record."""
    try:
        text = _text(path)
        refuse_invisible(text)
        rows = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    except Fault as fault:
        return [], [Misread(path, fault)]
    if not rows or rows[0] != list(COLUMNS):
        return [], [Misread(path, Fault("terms-header", 1))]
    misread = [
        Misread(path, Fault("terms-row", n, str(len(row)))) for n, row in enumerate(rows, 1) if len(row) != len(COLUMNS)
    ]
    return ([] if misread else [_term(path, n, row) for n, row in enumerate(rows[1:], 2)]), misread


def _term(path: Path, number: int, row: list[str]) -> Record:
    value: Mapping = dict(zip(COLUMNS.values(), row, strict=True))
    slug = str(value.pop("slug"))
    value["curie"] = value["id"]
    places = {(str(value["id"]), key, ""): number for key in ("", *value)}
    return Record(path, value, Lines(places), slug)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Fault("file-unreadable", 1, reason(error)) from error
    except UnicodeDecodeError as error:
        raise Fault("file-not-utf8", error.object.count(b"\n", 0, error.start) + 1) from error


def record_files(data: Path) -> list[Path]:
    """Return what lies in the folders of the data, in order of the names; hidden files are left out."""
    return sorted(path for path in data.glob("*/*") if not path.name.startswith("."))
