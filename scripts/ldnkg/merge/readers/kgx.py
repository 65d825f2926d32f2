"""Reads a graph in KGX: a table of nodes and one of edges. An edge is a statement about a statement, never a fact."""

from __future__ import annotations

import json
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.merge.identifiers import Unfit, local
from ldnkg.merge.readers.lines import at, rows
from ldnkg.merge.readers.quad_maker import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ldnkg.merge.identifiers import Naming
    from ldnkg.merge.quads import Fact
    from ldnkg.merge.readers.lines import Row


def facts(nodes: Path, edges: Path, base: str, naming: Naming) -> list[Fact]:
    """Return the quads of the pair in the graph of the base; raise Problem at the first row that does not fit."""
    return list(_Pair(Maker(naming, naming.words["kgx"], base, ox.NamedNode(base))).read(nodes, edges))


class _Pair:
    def __init__(self, make: Maker) -> None:
        self._make = make
        self._nodes: dict[ox.NamedNode, tuple[int, bytes]] = {}
        self._edges: dict[ox.NamedNode, tuple[int, bytes]] = {}

    def read(self, nodes: Path, edges: Path) -> Iterator[Fact]:
        words = self._make.words
        for path, kind, said in ((nodes, "nodes", self._node), (edges, "edges", self._edge)):
            for row in rows(path, words["needed"][kind], words["several"]):
                try:
                    yield from said(path, row)
                except Unfit as error:
                    raise at(path, row.line, f"{error}. Mend it.") from error

    def _node(self, path: Path, row: Row) -> Iterator[Fact]:
        node = self._thing(name := _text(row, "id"))
        if _first(path, row, name, node, self._nodes):
            yield from self._make.described(node, row.cells, "id")

    def _edge(self, path: Path, row: Row) -> Iterator[Fact]:
        for end in ("subject", "object"):
            if self._thing(name := _text(row, end)) not in self._nodes:
                raise at(path, row.line, f"the {end} '{name}' is no node of the other file. Add the node there.")
        _text(row, "predicate")
        for key, known in self._make.words["closed"].items():
            _refuse_other(row, key, known)
        edge, name = self._named(row)
        if not _first(path, row, name, edge, self._edges):
            return
        if "category" not in row.cells:
            kind = ox.NamedNode(self._make.words["association"])
            yield self._make.fact(edge, self._make.naming.word("type"), kind)
        yield from self._make.described(edge, row.cells, "id")

    def _named(self, row: Row) -> tuple[ox.NamedNode, str]:
        """Return an edge by its id, which is of its source alone unless it is a thing of a namespace that is known."""
        naming, base = self._make.naming, self._make.base
        if "id" not in row.cells:
            name = f"edge-{sha256(_content(row).encode()).hexdigest()[:32]}"
            return local(base, name), name
        name = _text(row, "id")
        return (naming.thing(name, base) if naming.known(name) else local(base, name)), name

    def _thing(self, name: str) -> ox.NamedNode:
        return self._make.naming.thing(name, self._make.base)


def _text(row: Row, key: str) -> str:
    values: list[Any] = row.cells[key]
    if len(values) != 1 or not isinstance(values[0], str):
        raise Unfit(f"'{key}' is not one text")
    return values[0]


def _refuse_other(row: Row, key: str, known: Sequence[str]) -> None:
    for value in row.cells.get(key, []):
        if value is not None and value not in known:
            raise Unfit(f"'{value}' is no {key}: these are {', '.join(known)}")


def _first(path: Path, row: Row, name: str, node: ox.NamedNode, met: dict[ox.NamedNode, tuple[int, bytes]]) -> bool:
    """Say whether the node is met for the first time; raise Problem where it was met with other content."""
    content = blake2b(_content(row).encode(), digest_size=16).digest()
    line, before = met.setdefault(node, (row.line, content))
    if before != content:
        raise at(path, row.line, f"'{name}' stands in line {line} too, with other content. Keep one.")
    return line == row.line


def _content(row: Row) -> str:
    return json.dumps({key: cell for key, cell in row.cells.items() if key != "id"}, sort_keys=True, default=str)
