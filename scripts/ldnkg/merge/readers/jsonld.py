"""Parse JSON-LD without silent loss: pyoxigraph drops quads with invalid terms, and in its lenient mode keeps them.

So that nothing is lost, invalid terms are repaired or reported.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, escape_unprintable
from ldnkg.merge.readers.files import make_error, read_source_text
from ldnkg.merge.readers.term_repair import TermRepair, describe_iri, describe_language, is_valid
from ldnkg.merge.readers.turtle_repair import describe_syntax

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from ldnkg.merge.readers.skipping import SkippedInput

MAX_QUOTED = 100
CONTEXTS = ("@context", "@import")
_ID = re.compile(r'"@?id"\s*:\s*("(?:[^"\\]|\\.)*")')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def parse_jsonld(path: Path, base_iri: str, skipped: SkippedInput) -> Iterator[tuple[ox.Quad, int]]:
    """Yield each quad with its line, as far as it is known; invalid terms are repaired or skipped, and reported.

    Raise LdnkgError, with the line if it can be found, if the JSON is invalid or has a remote context.
    """
    text = read_source_text(path)
    document = _parse_json(path, text)
    keys = _collect_keys(document)
    lines = _LineIndex(text)

    def report_iri(iri: str, escaped: str | None) -> None:
        written = _find_written(text, iri)
        skipped.add_once(lines.find(written), "value", describe_iri(written, escaped))

    def report_language(tag: str, shortened: str) -> None:
        skipped.add_once(lines.find(tag), "literal", describe_language(tag, shortened))

    repair = TermRepair(report_iri, report_language)
    try:
        for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD, base_iri=base_iri, lenient=True):
            if not _is_undefined(quad.predicate, keys) and (repaired := repair.repair(quad)):
                yield repaired, lines.find_node(repaired.subject)
    except SyntaxError as error:
        if remote := next(_find_remote_contexts(document), ""):
            sentence = f"the context '{_shorten(remote)}' is remote and is not fetched. Copy it into the file."
            line = lines.find(remote)
            raise (
                make_error(path, line, sentence) if line else LdnkgError(f"{display_path(path)}: {sentence}")
            ) from error
        skipped.add(error.lineno or 0, "document", f"the file cannot be parsed: {describe_syntax(error)}.")


class _LineIndex:
    """Finds the first line of a text that has a name as a JSON string."""

    def __init__(self, text: str) -> None:
        self._text = text
        breaks = [found.start() for found in re.finditer("\n", text)]
        self._nodes: dict[str, int] = {}
        for found in _ID.finditer(text):
            name, line = json.loads(found[1], strict=False), bisect_left(breaks, found.start(1)) + 1
            self._nodes.setdefault(name, line)
            self._nodes.setdefault(name.partition(":")[2] or name, line)

    def find_node(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> int:
        """Return the first line that has the IRI of a node, or its CURIE, as an identifier, or 0 if no line has."""
        if not isinstance(node, ox.NamedNode):
            return 0
        names = (node.value, *(node.value.rpartition(end)[2] for end in "/#_:"))
        return next((self._nodes[name] for name in names if name in self._nodes), 0)

    def find(self, name: str) -> int:
        """Return the line, or 0 if no line has the name."""
        for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
            if (place := self._text.find(written)) >= 0:
                return self._text.count("\n", 0, place) + 1
        return 0


def _parse_json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise make_error(path, error.lineno, f"the JSON is invalid: {error.msg}. Correct it.") from error
    except (ValueError, RecursionError) as error:
        raise LdnkgError(f"{display_path(path)}: the JSON cannot be parsed: {error}. Correct it.") from error


def _collect_keys(document: object) -> set[str]:
    """Return the keys of every object in a document."""
    keys: set[str] = set()
    parts = [document]
    while parts:
        part = parts.pop()
        keys |= part.keys() if isinstance(part, dict) else set()
        parts += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return keys


def _is_undefined(predicate: ox.NamedNode, keys: Collection[str]) -> bool:
    """Return whether the predicate is a key that no context defines; JSON-LD ignores such keys."""
    return ":" not in predicate.value and predicate.value in keys


def _find_written(text: str, iri: str) -> str:
    """Return the string of the file that makes the IRI invalid: the IRI, or its longest invalid start or end."""
    strings = {json.loads(match[0], strict=False) for match in _STRING.finditer(text)}
    found = [name for name in strings if iri.startswith(name) and not is_valid(ox.NamedNode, name)]
    ends = {name: name.partition(":")[2] or name for name in strings}
    found += [name for name, end in ends.items() if iri.endswith(end) and not is_valid(ox.NamedNode, f"x:{end}")]
    return iri if iri in strings else max(sorted(found), key=len, default=iri)


def _find_remote_contexts(value: object) -> Iterator[str]:
    """Yield the IRI of each remote context in a document, in order."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key in CONTEXTS:
            yield from (iri for iri in (part if isinstance(part, list) else [part]) if isinstance(iri, str))
        yield from _find_remote_contexts(part)


def _shorten(text: str) -> str:
    return escape_unprintable(text[:MAX_QUOTED])
