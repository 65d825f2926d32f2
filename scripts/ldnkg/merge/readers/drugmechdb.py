"""Read the YAML format of DrugMechDB: paths of nodes and links, each of which becomes a named graph.

A path that cannot be read is skipped, and the others are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.readers.files import read_source_bytes
from ldnkg.merge.readers.path_items import BrokenItem, parse_items
from ldnkg.merge.readers.path_reader import PathReader
from ldnkg.merge.readers.quad_maker import QuadMaker
from ldnkg.merge.readers.skipping import MAX_LISTED, SkippedInput
from ldnkg.records.yaml_reader import KEY, UNREADABLE, Item, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import Skipped

PARTS = ("nodes", "links")
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
        path = PathReader(self._maker, self._shared)
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
