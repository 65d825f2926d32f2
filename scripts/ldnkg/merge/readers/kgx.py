"""Read KGX, a table of nodes and a table of edges; an edge becomes a reified statement, never a plain triple."""

from __future__ import annotations

import json
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.readers.files import make_error
from ldnkg.merge.readers.quad_maker import QuadMaker
from ldnkg.merge.readers.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.readers.rows import SourceRow


def read_kgx(nodes: Path, edges: Path, base: str, resolver: CurieResolver) -> list[PooledQuad]:
    """Return the quads of the two files in the named graph `base`; raise LdnkgError at the first invalid row."""
    return list(_Reader(QuadMaker(resolver, "kgx", base, ox.NamedNode(base))).read(nodes, edges))


class _Reader:
    """Reads the nodes, then the edges between them; repeated rows are read once."""

    def __init__(self, maker: QuadMaker) -> None:
        self._maker = maker
        self._nodes: dict[ox.NamedNode, tuple[int, bytes]] = {}
        self._edges: dict[ox.NamedNode, tuple[int, bytes]] = {}

    def read(self, nodes: Path, edges: Path) -> Iterator[PooledQuad]:
        required, several = self._maker.format["required"], self._maker.format["several"]
        for path, kind, read_row in ((nodes, "nodes", self._read_node), (edges, "edges", self._read_edge)):
            for row in read_rows(path, required[kind], several):
                try:
                    yield from read_row(row)
                except ValueError as error:
                    raise make_error(path, row.line, str(error)) from error

    def _read_node(self, row: SourceRow) -> Iterator[PooledQuad]:
        name = _get_text(row, "id")
        node = self._maker.resolve(name)
        if _is_new(row, name, node, self._nodes):
            yield from self._maker.make_quads(node, row.cells, "id")

    def _read_edge(self, row: SourceRow) -> Iterator[PooledQuad]:
        self._check_edge(row)
        edge, name = self._name_edge(row)
        if not _is_new(row, name, edge, self._edges):
            return
        if "category" not in row.cells:
            association = ox.NamedNode(self._maker.format["association"])
            yield self._maker.make_quad(edge, self._maker.vocabulary.get_term("type"), association)
        yield from self._maker.make_quads(edge, row.cells, "id")

    def _check_edge(self, row: SourceRow) -> None:
        for end in ("subject", "object"):
            if self._maker.resolve(name := _get_text(row, end)) not in self._nodes:
                raise ValueError(f"the {end} '{name}' is not in the nodes file. Add the node there.")
        _get_text(row, "predicate")
        for key, known in self._maker.format["closed"].items():
            _refuse_unknown(row, key, known)

    def _name_edge(self, row: SourceRow) -> tuple[ox.NamedNode, str]:
        """Return the node and the name of an edge; the node is local to the source unless the id is global."""
        resolver, base = self._maker.resolver, self._maker.base
        if "id" not in row.cells:
            name = f"edge-{sha256(_serialise(row).encode()).hexdigest()[:32]}"
            return make_local_node(base, name), name
        name = _get_text(row, "id")
        return (resolver.resolve(name, base) if resolver.is_global(name) else make_local_node(base, name)), name


def _get_text(row: SourceRow, key: str) -> str:
    values: list[Any] = row.cells[key]
    if len(values) != 1 or not isinstance(values[0], str):
        raise ValueError(f"'{key}' must be a single string. Correct it.")
    return values[0]


def _refuse_unknown(row: SourceRow, key: str, known: Sequence[str]) -> None:
    for value in row.cells.get(key, []):
        if value is not None and value not in known:
            raise ValueError(f"'{value}' is not a valid {key}. Use one of {', '.join(known)}.")


def _is_new(row: SourceRow, name: str, node: ox.NamedNode, known: dict[ox.NamedNode, tuple[int, bytes]]) -> bool:
    """Return whether the node has not been read before; raise ValueError if it was read with different content."""
    content = blake2b(_serialise(row).encode(), digest_size=16).digest()
    line, before = known.setdefault(node, (row.line, content))
    if before != content:
        raise ValueError(f"'{name}' is already defined in line {line} with different content. Keep one.")
    return line == row.line


def _serialise(row: SourceRow) -> str:
    return json.dumps({key: cell for key, cell in row.cells.items() if key != "id"}, sort_keys=True, default=str)
