"""Read mappings in SSSOM's table; a mapping becomes an annotated axiom, as in SSSOM's RDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node, make_node
from ldnkg.merge.quads import PooledQuad
from ldnkg.merge.readers.files import make_error
from ldnkg.merge.readers.rows import read_lines, split_rows
from ldnkg.merge.readers.skipping import SkippedInput
from ldnkg.records.yaml_reader import ReadError, parse_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.readers.rows import SourceRow
    from ldnkg.merge.source import Skipped

ENDS = ("subject_id", "predicate_id", "object_id")


def read_sssom(path: Path, base: str, resolver: CurieResolver) -> tuple[list[PooledQuad], list[Skipped]]:
    """Return the quads of the mappings in the named graph `base`, and what was skipped.

    Raise LdnkgError if the file has no table of mappings.
    """
    skipped = SkippedInput(path)
    lines = read_lines(path, skipped)
    head: list[str] = []
    for number, line in lines:  # noqa: B007  (the line of the columns)
        if not line.startswith("#"):
            break
        head.append(line.removeprefix("#"))
    else:
        raise LdnkgError(f"{display_path(path)}: the file has no rows. Give a file with at least one.")
    columns = line.split("\t")
    if missing := [column for column in ENDS if column not in columns]:
        sentence = f"the required column '{missing[0]}' is missing. Name the columns in the first line."
        raise make_error(path, number, sentence)
    reader = _Reader(base, resolver, _read_prefixes(head, skipped))
    quads: list[PooledQuad] = []
    for row in split_rows(lines, columns, skipped):
        try:
            quads += reader.read(row, skipped.add)
        except ValueError as error:
            skipped.add(row.line, "row", str(error))
    return quads, skipped.found


def _read_prefixes(head: list[str], skipped: SkippedInput) -> dict[str, str]:
    """Return the prefixes that the comments above the table declare."""
    try:
        prefixes = parse_record("\n".join(head))[0].get("curie_map", {}) if any(map(str.strip, head)) else {}
    except ReadError as error:
        skipped.add(error.line, "value", "the head of the table is not YAML, so its prefixes are not read. Correct it.")
        return {}
    return {name: iri for name, iri in prefixes.items() if isinstance(iri, str)} if isinstance(prefixes, dict) else {}


class _Reader:
    """Reads one mapping at a time."""

    def __init__(self, base: str, resolver: CurieResolver, prefixes: dict[str, str]) -> None:
        self._base, self._graph, self._resolver = base, ox.NamedNode(base), resolver
        settings = resolver.vocabulary.get_format("sssom")
        self._prefixes = {**settings["prefixes"], **prefixes}
        self._namespace, self._identifiers = settings["namespace"], frozenset(settings["identifiers"])
        self._properties = {column: ox.NamedNode(settings["properties"][column]) for column in ENDS}
        self._type, self._axiom = resolver.vocabulary.get_term("type"), ox.NamedNode(settings["axiom"])

    def read(self, row: SourceRow, report: Callable[[int, str, str], None]) -> Iterator[PooledQuad]:
        """Yield the quads of a mapping; `report` gets each value that is not read."""
        axiom = make_local_node(self._base, f"mapping-{row.line}")
        cells = {key: str(value) for key, value in row.cells.items() if value}
        for column in ENDS:
            if column not in cells:
                raise ValueError(f"the row lacks the required value '{column}'. Add it.")
        ends = {column: self._resolve(cells[column]) for column in ENDS}
        yield PooledQuad(axiom, self._type, self._axiom, self._graph, row.line)
        for column, node in ends.items():
            yield PooledQuad(axiom, self._properties[column], node, self._graph, row.line)
        for column, cell in cells.items():
            slot = ox.NamedNode(self._namespace + quote(column, safe=""))
            for value in [] if column in ENDS else self._split(column, cell):
                try:
                    term = self._resolve(value) if column in self._identifiers and ":" in value else ox.Literal(value)
                except ValueError as error:
                    report(row.line, "value", str(error))
                else:
                    yield PooledQuad(axiom, slot, term, self._graph, row.line)

    def _split(self, column: str, cell: str) -> list[str]:
        return [part for part in re.split(r"(?<!\\)\|", cell) if part] if column in self._identifiers else [cell]

    def _resolve(self, text: str) -> ox.NamedNode:
        """Return the node of an identifier: the prefixes of the file come first."""
        prefix, colon, rest = text.partition(":")
        if colon and (start := self._prefixes.get(prefix)):
            return make_node(self._resolver.canonicalise(start + rest), text)
        return self._resolver.resolve(text, self._base)
