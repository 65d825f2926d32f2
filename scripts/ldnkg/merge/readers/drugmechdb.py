"""Read the YAML format of DrugMechDB: paths of nodes and links, each of which becomes a named graph."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.readers.files import make_error, open_source, refuse_large
from ldnkg.merge.readers.quad_maker import QuadMaker
from ldnkg.records.yaml_reader import KEY, UNREADABLE, Item, ReadError, parse_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.quads import PooledQuad

MAX_DEPTH = 20
MAX_KEYS = 10_000
MAX_DIRECTIVES = 100  # the YAML parser compares each with all others
MESSAGES = {
    "yaml-broken": "the YAML is invalid: {}. Correct it.",
    "yaml-alias": "a YAML alias is not supported. Write the value in full.",
    "yaml-deep": "the YAML is nested deeper than {} levels, the maximum. Flatten it.",
    "key-repeated": "the key '{}' is repeated. Keep one.",
    "record-not-a-mapping": "a path must be a mapping with 'nodes' and 'links'. Give one or a list of them.",
}


def read_paths(path: Path, base: str, resolver: CurieResolver) -> list[list[PooledQuad]]:
    """Return the quads of each path of the file; raise LdnkgError at the first invalid path."""
    lines: dict[str, int] = {}
    found = []
    for number, item in enumerate(_read_items(path), 1):
        name = _get_name(item) or f"path-{number}"
        if name in lines:
            sentence = f"the path '{name}' is already defined in line {lines[name]}. Give each path a unique '_id'."
            raise make_error(path, item.line, sentence)
        lines[name] = item.line
        graph = make_local_node(base, name)
        found.append(list(_PathReader(path, QuadMaker(resolver, "mechanisms", graph.value, graph)).read(item)))
    return found


def _read_items(path: Path) -> Iterator[Item]:
    refuse_large(path)
    try:
        with open_source(path) as file:
            content = file.read()
        _refuse_directives(path, content)
        yield from parse_mappings(BytesIO(content), MAX_DEPTH)
    except ReadError as error:
        raise _describe(path, error) from error


def _refuse_directives(path: Path, content: bytes) -> None:
    # UTF-16 has null bytes between the letters.
    if content.replace(b"\0", b"").count(b"%TAG") > MAX_DIRECTIVES:
        sentence = f"the file has more than {MAX_DIRECTIVES} %TAG directives, the maximum. Remove them."
        raise LdnkgError(f"{display_path(path)}: {sentence}")


def _describe(path: Path, error: ReadError) -> LdnkgError:
    if error.value == UNREADABLE:
        return LdnkgError(
            f"{display_path(path)}: the file is not UTF-8 or has characters that YAML forbids. Correct them."
        )
    if error.value == KEY and error.rule == "record-not-a-mapping":
        return make_error(path, error.line, "a key is not a string. Write it as a string.")
    return make_error(path, error.line, MESSAGES[error.rule].format(error.value))


def _get_name(item: Item) -> str:
    graph = item.value.get("graph") if isinstance(item.value, dict) else None
    name = graph.value.get("_id") if graph and isinstance(graph.value, dict) else None
    return name.value if name and isinstance(name.value, str) else ""


class _PathReader:
    """Reads one path: its head, its nodes and its links."""

    def __init__(self, path: Path, maker: QuadMaker) -> None:
        self._path, self._maker = path, maker
        self._nodes: dict[ox.NamedNode, Item] = {}

    def read(self, item: Item) -> Iterator[PooledQuad]:
        parts = self._get_mapping(item)
        if missing := [key for key in self._maker.format["required"] if key not in parts]:
            raise make_error(self._path, item.line, f"the path lacks the required key '{missing[0]}'. Add it.")
        graph = self._get_mapping(parts["graph"]) if "graph" in parts else {}
        rest = {key: value for key, value in parts.items() if key not in {"graph", "nodes", "links"}}
        yield from self._make_quads(self._maker.graph, item.line, {**rest, **graph})
        for node in self._get_list(parts["nodes"]):
            yield from self._read_node(node)
        for number, link in enumerate(self._get_list(parts["links"]), 1):
            yield from self._read_link(number, link)

    def _read_node(self, item: Item) -> Iterator[PooledQuad]:
        cells = self._get_mapping(item, "nodes")
        node = self._resolve(item, name := str(cells["id"].value))
        before = self._nodes.setdefault(node, item)
        if _drop_id(before) != _drop_id(item):
            sentence = f"'{name}' is already defined in line {before.line} with different content. Keep one."
            raise make_error(self._path, item.line, sentence)
        yield from self._make_quads(node, item.line, cells, "id")

    def _read_link(self, number: int, item: Item) -> Iterator[PooledQuad]:
        cells = self._get_mapping(item, "links")
        for end in ("source", "target"):
            if self._resolve(cells[end], name := str(cells[end].value)) not in self._nodes:
                sentence = f"the {end} '{name}' is not a node of the path. Add it to 'nodes'."
                raise make_error(self._path, cells[end].line, sentence)
        link, vocabulary = make_local_node(self._maker.base, f"link-{number}"), self._maker.vocabulary
        association = ox.NamedNode(vocabulary.get_format("kgx")["association"])
        yield self._maker.make_quad(link, vocabulary.get_term("type"), association)
        yield self._maker.make_quad(link, ox.NamedNode(self._maker.format["position"]), ox.Literal(number))
        yield from self._make_quads(link, item.line, cells)

    def _resolve(self, item: Item, name: str) -> ox.NamedNode:
        try:
            return self._maker.resolve(name)
        except ValueError as error:
            raise make_error(self._path, item.line, str(error)) from error

    def _make_quads(
        self, subject: ox.NamedNode, line: int, cells: Mapping[str, Item], *but: str
    ) -> Iterator[PooledQuad]:
        values = {key: _get_values(item) for key, item in cells.items()}
        try:
            yield from self._maker.make_quads(subject, values, *but)
        except ValueError as error:
            raise make_error(self._path, line, str(error)) from error

    def _get_mapping(self, item: Item, kind: str = "") -> dict[str, Item]:
        if not isinstance(item.value, dict):
            raise make_error(self._path, item.line, "a mapping is required here. Write it as in DrugMechDB.")
        if len(item.value) > MAX_KEYS:
            sentence = f"the mapping has more than {MAX_KEYS:,} keys, the maximum. Split it."
            raise make_error(self._path, item.line, sentence)
        for key in self._maker.format["required"].get(kind, ()):
            if key not in item.value or not item.value[key].value:
                sentence = f"the entry of '{kind}' lacks the required key '{key}'. Add it."
                raise make_error(self._path, item.line, sentence)
        return item.value

    def _get_list(self, item: Item) -> list[Item]:
        if not isinstance(item.value, list):
            sentence = "a list is required here. Write one item per line, with a leading hyphen."
            raise make_error(self._path, item.line, sentence)
        return item.value


def _drop_id(item: Item) -> dict[str, object]:
    cells = item.value if isinstance(item.value, dict) else {}
    return {key: cell.plain for key, cell in cells.items() if key != "id"}


def _get_values(item: Item) -> list[Any]:
    parts = item.value if isinstance(item.value, list) else [item]
    return [part.plain for part in parts if part.value != ""]
