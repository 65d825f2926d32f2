"""Find out what the files of KGX and of SSSOM have: nodes, edges, both or mappings."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.readers.files import make_error, open_source, read_source_text
from ldnkg.merge.readers.json_entries import EntryParser, JsonError
from ldnkg.merge.readers.kgx import BOTH, EDGES, NODES, KgxTable
from ldnkg.merge.readers.rows import MAX_LINE_BYTES, make_row, read_rows, simplify_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from ldnkg.merge.readers.rows import SourceRow
    from ldnkg.merge.readers.skipping import SkippedInput

KINDS = {NODES: ["id"], EDGES: ["subject", "predicate", "object"], BOTH: []}
MAPPINGS = {"subject_id", "predicate_id", "object_id"}


def read_header(path: Path) -> set[str]:
    """Return the columns of a table, whose first line is the first that does not begin with `#`."""
    with open_source(path) as file:
        line = file.readline(MAX_LINE_BYTES)
        while line.startswith((b"#", b"\xef\xbb\xbf#")):
            line = file.readline(MAX_LINE_BYTES)
    return {simplify_key(cell.strip()) for cell in line.decode("utf-8-sig", "replace").split("\t")}


def make_table(path: Path, kind: str, several: Collection[str], *, is_json: bool) -> KgxTable:
    """Return the table of a file; without a kind, its columns or its rows tell what it has."""
    if not kind:
        kind = BOTH if is_json else EDGES if read_header(path) >= {"subject", "object"} else NODES
    return KgxTable(path, kind, partial(_read, path, KINDS[kind], several, is_json=is_json))


def _read(
    path: Path, required: Collection[str], several: Collection[str], skipped: SkippedInput, *, is_json: bool
) -> Iterator[SourceRow]:
    return read_rows(path, required, several, skipped, is_json=is_json)


def is_kgx_json(path: Path) -> bool:
    """Return whether a JSON file is KGX: an object with a list of nodes or of edges, and without a context."""
    text = read_source_text(path)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return '"@context"' not in text and '"@id"' not in text and '"nodes"' in text
    lists = [found.get(key) for key in (NODES, EDGES)] if isinstance(found, dict) else []
    return any(isinstance(each, list) for each in lists) and "@context" not in found


def make_json_tables(path: Path) -> list[KgxTable]:
    """Return the tables of nodes and of edges of a JSON file; raise LdnkgError if it is not JSON."""
    rows: dict[str, list[tuple[int, object]]] = {NODES: [], EDGES: []}
    fault: list[tuple[int, str]] = []
    try:
        for key, line, value in EntryParser(read_source_text(path)).parse({NODES, EDGES}):
            rows[key].append((line, value))
    except JsonError as error:
        if not any(rows.values()):
            raise make_error(path, error.line, f"the JSON is invalid: {error}. Correct it.") from error
        fault.append((error.line, f"the JSON is invalid from here on: {error}. Correct it."))
    if not any(rows.values()):
        raise LdnkgError(f"{display_path(path)}: the file has no nodes or edges. Give a file with at least one.")
    kinds = [kind for kind in (NODES, EDGES) if rows[kind]]
    return [KgxTable(path, kind, partial(_yield_rows, rows[kind], fault)) for kind in kinds]


def _yield_rows(
    rows: list[tuple[int, object]], fault: list[tuple[int, str]], skipped: SkippedInput
) -> Iterator[SourceRow]:
    for line, value in rows:
        try:
            yield make_row(line, value)
        except ValueError as error:
            skipped.add(line, "row", str(error))
    for line, sentence in fault:
        skipped.add_once(line, "document", sentence)
