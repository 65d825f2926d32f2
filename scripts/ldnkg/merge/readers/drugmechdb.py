"""Read the YAML format of DrugMechDB: paths of nodes and links, each of which becomes a named graph.

A path that cannot be read is skipped, and the others are read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.quads import PooledQuad
from ldnkg.merge.readers.files import read_source_bytes
from ldnkg.merge.readers.path_items import BrokenItem, parse_items
from ldnkg.merge.readers.quad_maker import QuadMaker
from ldnkg.merge.readers.skipping import MAX_LISTED, SkippedInput
from ldnkg.records.yaml_reader import KEY, UNREADABLE, Item, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.source import Skipped

PARTS = ("nodes", "links")
MAX_KEYS = 10_000
MAX_DIRECTIVES = 100  # the YAML parser compares each with all others
MESSAGES = {
    "yaml-broken": "the YAML is invalid: {}. Correct it.",
    "yaml-alias": "a YAML alias is not supported. Write the value in full.",
    "yaml-deep": "the YAML is nested deeper than {} levels, the maximum. Flatten it.",
    "key-repeated": "the key '{}' is repeated. Keep one.",
    "record-not-a-mapping": "a path must be a mapping with 'nodes' and 'links'. Give one or a list of them.",
}


class SourcePath(NamedTuple):
    """The file of a path, and its quads."""

    file: Path
    quads: list[PooledQuad]


class _LocatedError(Exception):
    """Something that makes a path unreadable: the line, and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def read_paths(files: Iterable[Path], base: str, resolver: CurieResolver) -> tuple[list[SourcePath], list[Skipped]]:
    """Return the paths of the files, and what was skipped; raise LdnkgError if no file has a path."""
    reader = _Reader(base, resolver)
    for file in files:
        reader.read(file)
    if not reader.found_path:
        raise reader.failures[0]
    return reader.paths, reader.skipped


class _Reader:
    """Reads files; `found_path` tells whether a path was found, even if it was skipped."""

    def __init__(self, base: str, resolver: CurieResolver) -> None:
        self.paths: list[SourcePath] = []
        self.skipped: list[Skipped] = []
        self.failures: list[LdnkgError] = []
        self.found_path = False
        self._base, self._maker = base, QuadMaker(resolver, "mechanisms", base, ox.NamedNode(base))
        self._shared = (
            resolver.vocabulary.get_term("type"),
            ox.NamedNode(self._maker.format["position"]),
            ox.NamedNode(resolver.vocabulary.get_format("kgx")["association"]),
        )
        self._known: dict[str, tuple[Path, int]] = {}
        self._number = 0

    def read(self, file: Path) -> None:
        """Read the paths of a file. If it has none, its first error, or a sentence that says so, is a failure."""
        skipped, found_path = SkippedInput(file), False
        try:
            content = read_source_bytes(file)
            _refuse_directives(file, content)
            text = _decode(content)
        except LdnkgError as error:
            self._fail(skipped, error)
            return
        for number, item in enumerate(parse_items(text)):
            if number >= MAX_LISTED and not found_path:
                break  # The file has other content.
            self._number += 1
            if isinstance(item, BrokenItem):
                skipped.add(item.error.line, "path", _describe(item.error), item.name)
            elif isinstance(item.value, dict) and any(part in item.value for part in PARTS):
                found_path = True
                self._read_path(file, item, skipped)
            else:
                skipped.add(item.line, "path", _describe_missing(item), _get_name(item))
        if found_path:
            self.found_path = True
            self.skipped += skipped.found
        else:
            first = next(iter(skipped.found), None)
            sentence = (
                str(first) if first else f"{display_path(file)}: the file has no paths. Give a file with at least one."
            )
            self._fail(SkippedInput(file), LdnkgError(sentence))

    def _fail(self, skipped: SkippedInput, error: LdnkgError) -> None:
        self.failures.append(error)
        skipped.add_document(error)
        self.skipped += skipped.found

    def _read_path(self, file: Path, item: Item, skipped: SkippedInput) -> None:
        name = _get_name(item) or f"path-{self._number}"
        if before := self._known.get(name):
            place = f"{display_path(before[0])}, line {before[1]}"
            sentence = f"the path '{name}' is already defined in {place}. Give each path a unique '_id'."
            skipped.add(item.line, "path", sentence, name)
            return
        self._known[name] = file, item.line
        self._maker.enter(make_local_node(self._base, name))
        path = _PathReader(self._maker, self._shared)
        quads = path.read(item)
        if path.errors:
            sentences = [f"line {error.line}: {error}" for error in path.errors[1:]]
            skipped.add(path.errors[0].line, "path", " ".join([str(path.errors[0]), *sentences]), _get_name(item))
        else:
            self.paths.append(SourcePath(file, quads))


def _refuse_directives(path: Path, content: bytes) -> None:
    # UTF-16 has null bytes between the letters.
    if content.replace(b"\0", b"").count(b"%TAG") > MAX_DIRECTIVES:
        sentence = f"the file has more than {MAX_DIRECTIVES} %TAG directives, the maximum. Remove them."
        raise LdnkgError(f"{display_path(path)}: {sentence}")


def _decode(content: bytes) -> str:
    """Return the text; a byte that is not UTF-8 becomes a character that the YAML parser refuses."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _describe(error: ReadError) -> str:
    if error.value == UNREADABLE:
        return "the text is not UTF-8 or has characters that YAML forbids. Correct them."
    if error.value == KEY and error.rule == "record-not-a-mapping":
        return "a key is not a string. Write it as a string."
    return MESSAGES[error.rule].format(error.value)


def _describe_missing(item: Item) -> str:
    missing = [part for part in PARTS if not isinstance(item.value, dict) or part not in item.value]
    return f"the path lacks the required key '{missing[0]}'. Add it."


def _get_name(item: Item) -> str:
    graph = item.value.get("graph") if isinstance(item.value, dict) else None
    name = graph.value.get("_id") if graph and isinstance(graph.value, dict) else None
    return name.value if name and isinstance(name.value, str) else ""


class _PathReader:
    """Reads one path: its head, its nodes and its links; `errors` has everything that makes it unreadable."""

    def __init__(self, maker: QuadMaker, shared: tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]) -> None:
        self.errors: list[_LocatedError] = []
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
                raise _LocatedError(item.line, f"the path lacks the required key '{missing[0]}'. Add it.")
            graph = self._get_mapping(parts["graph"]) if "graph" in parts else {}
            rest = {key: value for key, value in parts.items() if key not in {"graph", "nodes", "links"}}
            quads += self._make_quads(self._maker.graph, item.line, {**rest, **graph})
        except _LocatedError as error:
            self.errors.append(error)
            return []
        for key, read in (("nodes", self._read_node), ("links", self._read_link)):
            for number, entry in enumerate(self._list(parts[key]), 1):
                try:
                    quads += read(number, entry)
                except _LocatedError as error:
                    self.errors.append(error)
        return quads

    def _read_node(self, _: int, item: Item) -> list[PooledQuad]:
        cells = self._get_mapping(item, "nodes")
        node = self._resolve(item, name := _get_text(cells["id"]))
        before = self._nodes.setdefault(node, item)
        if before is not item and _drop_id(before) != _drop_id(item):
            sentence = f"'{name}' is already defined in line {before.line} with different content. Keep one."
            raise _LocatedError(item.line, sentence)
        return self._make_quads(node, item.line, cells, "id")

    def _read_link(self, number: int, item: Item) -> list[PooledQuad]:
        cells = self._get_mapping(item, "links")
        for end in ("source", "target"):
            if self._resolve(cells[end], name := _get_text(cells[end])) not in self._nodes:
                sentence = f"the {end} '{name}' is not a node of the path. Add it to 'nodes'."
                raise _LocatedError(cells[end].line, sentence)
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
            raise _LocatedError(item.line, str(error)) from error

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
                    self.errors.append(_LocatedError(item.line, str(error)))
        return quads

    def _get_mapping(self, item: Item, kind: str = "") -> dict[str, Item]:
        if not isinstance(item.value, dict):
            raise _LocatedError(item.line, "a mapping is required here. Write it as in DrugMechDB.")
        if len(item.value) > MAX_KEYS:
            raise _LocatedError(item.line, f"the mapping has more than {MAX_KEYS:,} keys, the maximum. Split it.")
        for key in self._maker.format["required"].get(kind, ()):
            if key not in item.value or not item.value[key].value:
                sentence = f"the entry of '{kind}' lacks the required key '{key}'. Add it."
                raise _LocatedError(item.line, sentence)
        return item.value

    def _list(self, item: Item) -> list[Item]:
        if not isinstance(item.value, list):
            sentence = "a list is required here. Write one item per line, with a leading hyphen."
            self.errors.append(_LocatedError(item.line, sentence))
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
