"""Read KGX, nodes and edges; an edge becomes a reified statement, never a plain triple.

A row, a value or an identifier that cannot be read is skipped, and the rest is read.
"""

from __future__ import annotations

import json
from functools import partial
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.readers.quad_maker import QuadMaker
from ldnkg.merge.readers.skipping import SkippedInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.readers.rows import SourceRow
    from ldnkg.merge.source import Skipped

Known: TypeAlias = dict[ox.NamedNode, tuple[int, bytes]]
NODES, EDGES, BOTH = "nodes", "edges", "nodes and edges"
ENDS = ("subject", "object")


class KgxTable(NamedTuple):
    """The rows of a file and what they are: nodes, edges, or both."""

    path: Path
    kind: str
    read: Callable[[SkippedInput], Iterator[SourceRow]]


def read_kgx(tables: Sequence[KgxTable], base: str, resolver: CurieResolver) -> tuple[list[PooledQuad], list[Skipped]]:
    """Return the quads of the tables in the named graph `base`, and what was skipped.

    Raise LdnkgError if none of the files can be read.
    """
    reader = _Reader(QuadMaker(resolver, "kgx", base, ox.NamedNode(base)))
    quads: list[PooledQuad] = []
    skipped = {table.path: SkippedInput(table.path) for table in tables}
    failed: dict[Path, LdnkgError] = {}
    for kind in (NODES, EDGES):
        for table in tables:
            if table.kind in {kind, BOTH} and table.path not in failed:
                try:
                    quads += reader.read(kind, table, skipped[table.path])
                except LdnkgError as error:
                    failed[table.path] = error
                    skipped[table.path] = SkippedInput(table.path)  # The error stands for all lines.
                    skipped[table.path].add_document(error)
    if len(failed) == len(skipped):
        raise next(iter(failed.values()))
    listed = [found for each in skipped.values() for found in each.found]
    if not quads and not listed:
        raise LdnkgError(f"{display_path(tables[0].path)}: the file has no rows. Give a file with at least one.")
    return quads, listed


def is_edge(row: SourceRow) -> bool:
    """Return whether a row of a file with nodes and edges is an edge."""
    return all(key in row.cells for key in ENDS)


class _Reader:
    """Reads the nodes, then the edges between them; repeated rows are read once."""

    def __init__(self, maker: QuadMaker) -> None:
        self._maker = maker
        self._nodes: Known = {}
        self._edges: Known = {}
        self._missing: set[ox.NamedNode] = set()
        self._has_nodes = False
        self._unread: set[str] = set()  # nodes whose rows were skipped

    def read(self, kind: str, table: KgxTable, skipped: SkippedInput) -> Iterator[PooledQuad]:
        """Yield the quads of the nodes or of the edges of a table."""
        again = table.kind == BOTH and kind == EDGES  # The rows that are no objects were reported with the nodes.
        read_row = self._read_node if kind == NODES else self._read_edge
        for row in table.read(SkippedInput(table.path) if again else skipped):
            if table.kind == BOTH and is_edge(row) != (kind == EDGES):
                continue
            try:
                yield from read_row(row, skipped)
            except ValueError as error:
                skipped.add(row.line, "row", str(error), _get_name(row))
        if kind == NODES:
            self._has_nodes = True
            self._unread |= {found.record for found in skipped.found if found.record and found.kind == "row"}

    def _read_node(self, row: SourceRow, skipped: SkippedInput) -> Iterator[PooledQuad]:
        name = _get_text(row, "id")
        node = self._maker.resolve(name)
        if not _is_new(row, name, node, self._nodes):
            return
        for key in self._maker.format["required"]["nodes"]:
            if not any(row.cells.get(key, [])):
                skipped.add(row.line, "value", f"the row lacks the required value '{key}'. Add it.", name)
        yield from self._make_quads(node, row, skipped)

    def _read_edge(self, row: SourceRow, skipped: SkippedInput) -> Iterator[PooledQuad]:
        for key in self._maker.format["required"]["edges"]:
            _get_text(row, key)
        ends = {end: self._maker.resolve(_get_text(row, end)) for end in ENDS}
        edge, name = self._name_edge(row)
        if not _is_new(row, name, edge, self._edges):
            return
        for end, node in ends.items() if self._has_nodes else ():
            self._report_missing(row, end, node, skipped)
        self._drop_unknown(row, skipped)
        if "category" not in row.cells:
            association = ox.NamedNode(self._maker.format["association"])
            yield self._maker.make_quad(edge, self._maker.vocabulary.get_term("type"), association, row.line)
        yield from self._make_quads(edge, row, skipped)

    def _make_quads(self, subject: ox.NamedNode, row: SourceRow, skipped: SkippedInput) -> Iterator[PooledQuad]:
        report = partial(skipped.add, row.line, record=_get_name(row))
        return self._maker.make_quads(subject, row.cells, "id", line=row.line, report=report)

    def _report_missing(self, row: SourceRow, end: str, node: ox.NamedNode, skipped: SkippedInput) -> None:
        """List an end of an edge that is no node, once; the edge is read."""
        if node not in self._nodes and node not in self._missing:
            self._missing.add(node)
            if (name := _get_text(row, end)) in self._unread:
                return
            sentence = f"the {end} '{name}' is not in the nodes file. The edge is read; add the node there."
            skipped.add(row.line, "node", sentence, name)

    def _drop_unknown(self, row: SourceRow, skipped: SkippedInput) -> None:
        """Remove and list the values that a closed key does not allow, such as an unknown knowledge level."""
        for key, known in self._maker.format["closed"].items():
            for value in row.cells.get(key, []):
                if value is not None and value not in known:
                    sentence = f"'{value}' is not a valid {key}. Use one of {', '.join(known)}."
                    skipped.add(row.line, "value", sentence, _get_name(row))
            if key in row.cells:
                row.cells[key] = [value for value in row.cells[key] if value in known]

    def _name_edge(self, row: SourceRow) -> tuple[ox.NamedNode, str]:
        """Return the node and the name of an edge; the node is local to the source unless the id is global."""
        resolver, base = self._maker.resolver, self._maker.base
        if "id" not in row.cells:
            name = f"edge-{sha256(_serialise(row).encode()).hexdigest()[:32]}"
            return make_local_node(base, name), name
        name = _get_text(row, "id")
        return (resolver.resolve(name, base) if resolver.is_global(name) else make_local_node(base, name)), name


def _get_text(row: SourceRow, key: str) -> str:
    values: list[Any] = row.cells.get(key, [])
    if not any(values) and (key != "id" or key not in row.cells):
        raise ValueError(f"the row lacks the required value '{key}'. Add it.")
    if len(values) != 1 or not isinstance(values[0], str):
        raise ValueError(f"'{key}' must be a single string. Correct it.")
    return values[0]


def _get_name(row: SourceRow) -> str:
    values = row.cells.get("id") or []
    return values[0] if values and isinstance(values[0], str) else ""


def _is_new(row: SourceRow, name: str, node: ox.NamedNode, known: Known) -> bool:
    """Return whether the node has not been read before; raise ValueError if it was read with different content."""
    content = blake2b(_serialise(row).encode(), digest_size=16).digest()
    line, before = known.setdefault(node, (row.line, content))
    if before != content:
        raise ValueError(f"'{name}' is already defined in line {line} with different content. Keep one.")
    return line == row.line


def _serialise(row: SourceRow) -> str:
    return json.dumps({key: cell for key, cell in row.cells.items() if key != "id"}, sort_keys=True, default=str)
