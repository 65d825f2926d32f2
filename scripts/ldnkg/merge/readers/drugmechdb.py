"""Reads mechanisms as DrugMechDB writes them: paths of nodes and links in YAML, each path a graph of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.merge.identifiers import Unfit, local
from ldnkg.merge.readers.items import Item, items
from ldnkg.merge.readers.lines import at
from ldnkg.merge.readers.quad_maker import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ldnkg.merge.identifiers import Naming
    from ldnkg.merge.quads import Fact


def paths(path: Path, base: str, naming: Naming) -> list[list[Fact]]:
    """Return the quads of each path of the file, each in its graph; raise Problem at the first thing that misfits."""
    met: dict[str, int] = {}
    found = []
    for number, item in enumerate(items(path), 1):
        name = _name(item) or f"path-{number}"
        if name in met:
            raise at(path, item.line, f"the path '{name}' stands in line {met[name]} too. Give each a name of its own.")
        met[name] = item.line
        graph = local(base, name)
        words = naming.words["mechanisms"]
        found.append(list(_Path(path, Maker(naming, words, graph.value, graph)).read(item)))
    return found


def _name(item: Item) -> str:
    graph = item.value.get("graph") if isinstance(item.value, dict) else None
    name = graph.value.get("_id") if graph and isinstance(graph.value, dict) else None
    return name.value if name and isinstance(name.value, str) else ""


class _Path:
    def __init__(self, path: Path, make: Maker) -> None:
        self._path, self._make = path, make
        self._nodes: dict[ox.NamedNode, Item] = {}

    def read(self, item: Item) -> Iterator[Fact]:
        parts = self._mapping(item)
        if missing := [key for key in self._make.words["needed"] if key not in parts]:
            raise at(self._path, item.line, f"has no '{missing[0]}', which a path must have. Give it some.")
        graph = self._mapping(parts["graph"]) if "graph" in parts else {}
        rest = {key: value for key, value in parts.items() if key not in {"graph", "nodes", "links"}}
        yield from self._described(self._make.graph, item.line, {**rest, **graph})
        for node in self._list(parts["nodes"]):
            yield from self._node(node)
        for number, link in enumerate(self._list(parts["links"]), 1):
            yield from self._link(number, link)

    def _node(self, item: Item) -> Iterator[Fact]:
        cells = self._mapping(item, "nodes")
        node = self._thing(item, name := str(cells["id"].value))
        before = self._nodes.setdefault(node, item)
        if _without_id(before) != _without_id(item):
            raise at(self._path, item.line, f"'{name}' stands in line {before.line} too, with other content. Keep one.")
        yield from self._described(node, item.line, cells, "id")

    def _link(self, number: int, item: Item) -> Iterator[Fact]:
        cells = self._mapping(item, "links")
        for end in ("source", "target"):
            if self._thing(cells[end], name := str(cells[end].value)) not in self._nodes:
                raise at(
                    self._path, cells[end].line, f"the {end} '{name}' is no node of the path. Add it to the nodes."
                )
        link = local(self._make.base, f"link-{number}")
        yield self._make.fact(
            link, self._make.naming.word("type"), ox.NamedNode(self._make.naming.words["kgx"]["association"])
        )
        yield self._make.fact(link, ox.NamedNode(self._make.words["position"]), ox.Literal(number))
        yield from self._described(link, item.line, cells)

    def _thing(self, item: Item, name: str) -> ox.NamedNode:
        try:
            return self._make.naming.thing(name, self._make.base)
        except Unfit as error:
            raise at(self._path, item.line, f"{error}. Mend it.") from error

    def _described(self, subject: ox.NamedNode, line: int, cells: Mapping[str, Item], *but: str) -> Iterator[Fact]:
        said = {key: _values(item) for key, item in cells.items()}
        try:
            yield from self._make.described(subject, said, *but)
        except Unfit as error:
            raise at(self._path, line, f"{error}. Mend it.") from error

    def _mapping(self, item: Item, kind: str = "") -> dict[str, Item]:
        if not isinstance(item.value, dict):
            raise at(self._path, item.line, "is no mapping of keys to values. Write it as DrugMechDB does.")
        for key in self._make.words["needed"].get(kind, ()):
            if key not in item.value or not item.value[key].value:
                raise at(self._path, item.line, f"has no '{key}', which each of the {kind} must have. Give it one.")
        return item.value

    def _list(self, item: Item) -> list[Item]:
        if not isinstance(item.value, list):
            raise at(self._path, item.line, "is no list. Write one item a line, each with a hyphen before it.")
        return item.value


def _without_id(item: Item) -> dict[str, object]:
    cells = item.value if isinstance(item.value, dict) else {}
    return {key: cell.plain for key, cell in cells.items() if key != "id"}


def _values(item: Item) -> list[Any]:
    parts = item.value if isinstance(item.value, list) else [item]
    return [part.plain for part in parts if part.value != ""]
