"""Make the quads of one path of DrugMechDB, or say what makes it unreadable."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.quads import PooledQuad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.merge.readers.quad_maker import QuadMaker
    from ldnkg.records.yaml_reader import Item

MAX_KEYS = 10_000


class PathError(Exception):
    """Something that makes a path unreadable: the line, and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


class PathReader:
    """Reads one path: its head, its nodes and its links; `errors` has everything that makes it unreadable."""

    def __init__(self, maker: QuadMaker, shared: tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]) -> None:
        self.errors: list[PathError] = []
        self._maker = maker
        self._nodes: dict[ox.NamedNode, Item] = {}
        self._link_start = make_local_node(maker.base, "link-").value
        self._type, self._position, self._association = shared

    def read(self, item: Item) -> list[PooledQuad]:
        """Return the quads of the path, without those of the parts that are in `errors`."""
        quads: list[PooledQuad] = []
        try:
            parts = self._get_mapping(item)
            if missing := [key for key in self._maker.format["required"] if key not in parts]:
                raise PathError(item.line, f"the path lacks the required key '{missing[0]}'. Add it.")
            graph = self._get_mapping(parts["graph"]) if "graph" in parts else {}
            rest = {key: value for key, value in parts.items() if key not in {"graph", "nodes", "links"}}
            quads += self._make_quads(self._maker.graph, item.line, {**rest, **graph})
        except PathError as error:
            self.errors.append(error)
            return []
        for key, read in (("nodes", self._read_node), ("links", self._read_link)):
            for number, entry in enumerate(self._list(parts[key]), 1):
                try:
                    quads += read(number, entry)
                except PathError as error:
                    self.errors.append(error)
        return quads

    def _read_node(self, _: int, item: Item) -> list[PooledQuad]:
        cells = self._get_mapping(item, "nodes")
        node = self._resolve(item, name := _get_text(cells["id"]))
        before = self._nodes.setdefault(node, item)
        if before is not item and _drop_id(before) != _drop_id(item):
            sentence = f"'{name}' is already defined in line {before.line} with different content. Keep one."
            raise PathError(item.line, sentence)
        return self._make_quads(node, item.line, cells, "id")

    def _read_link(self, number: int, item: Item) -> list[PooledQuad]:
        cells = self._get_mapping(item, "links")
        for end in ("source", "target"):
            if self._resolve(cells[end], name := _get_text(cells[end])) not in self._nodes:
                sentence = f"the {end} '{name}' is not a node of the path. Add it to 'nodes'."
                raise PathError(cells[end].line, sentence)
        link, graph, line = ox.NamedNode(f"{self._link_start}{number}"), self._maker.graph, item.line
        return [
            PooledQuad(link, self._type, self._association, graph, line),
            PooledQuad(link, self._position, _make_number(number), graph, line),
            *self._make_quads(link, line, cells),
        ]

    def _resolve(self, item: Item, name: str) -> ox.NamedNode:
        try:
            return self._maker.resolve(name)
        except ValueError as error:
            raise PathError(item.line, str(error)) from error

    def _make_quads(
        self, subject: ox.NamedNode, line: int, cells: Mapping[str, Item], omit: str = ""
    ) -> list[PooledQuad]:
        """Return a quad for each value of the cells; a value that makes no quad is an error."""
        quads, maker, graph = [], self._maker, self._maker.graph
        for key, item in cells.items():
            if key == omit:
                continue
            predicate, terms = maker.get_terms(key)
            text = item.value
            for value in (text,) if type(text) is str and text else _get_values(item):
                term = terms.get(value) if type(value) is str else None
                try:
                    quads.append(PooledQuad(subject, predicate, term or maker.make_term(key, value), graph, line))
                except ValueError as error:
                    self.errors.append(PathError(item.line, str(error)))
        return quads

    def _get_mapping(self, item: Item, kind: str = "") -> dict[str, Item]:
        if not isinstance(item.value, dict):
            raise PathError(item.line, "a mapping is required here. Write it as in DrugMechDB.")
        if len(item.value) > MAX_KEYS:
            raise PathError(item.line, f"the mapping has more than {MAX_KEYS:,} keys, the maximum. Split it.")
        for key in self._maker.format["required"].get(kind, ()):
            if key not in item.value or not item.value[key].value:
                sentence = f"the entry of '{kind}' lacks the required key '{key}'. Add it."
                raise PathError(item.line, sentence)
        return item.value

    def _list(self, item: Item) -> list[Item]:
        if not isinstance(item.value, list):
            sentence = "a list is required here. Write one item per line, with a leading hyphen."
            self.errors.append(PathError(item.line, sentence))
            return []
        return item.value


@lru_cache(1024)
def _make_number(number: int) -> ox.Literal:
    return ox.Literal(number)


def _get_text(item: Item) -> str:
    return item.value if isinstance(item.value, str) else str(item.value)


def _drop_id(item: Item) -> dict[str, object]:
    cells = item.value if isinstance(item.value, dict) else {}
    return {key: cell.plain for key, cell in cells.items() if key != "id"}


def _get_values(item: Item) -> list[Any]:
    value = item.value
    if isinstance(value, str):
        return [value] if value else []
    parts = value if isinstance(value, list) else [item]
    return [part.plain for part in parts if part.value != ""]
