"""Refuse JSON-LD that cannot be parsed without loss, because pyoxigraph silently drops quads with invalid terms.

In its lenient mode, pyoxigraph keeps these quads, so that the invalid terms can be reported.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, escape_unprintable
from ldnkg.merge.readers.files import make_error, read_source_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

MAX_QUOTED = 100
CONTEXTS = ("@context", "@import")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def refuse_losses(path: Path) -> None:
    """Raise LdnkgError at the first invalid term or remote context, with the line if it can be found."""
    text = read_source_text(path)
    document = _parse_json(path, text)
    keys = _collect_keys(document)
    try:
        for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD, lenient=True):
            if not _is_undefined(quad.predicate, keys):
                for term in quad:
                    _refuse_invalid(path, text, term)
    except SyntaxError as error:
        if remote := next(_find_remote_contexts(document), ""):
            sentence = f"the context '{_shorten(remote)}' is remote and is not fetched. Copy it into the file."
            raise _locate(path, text, remote, sentence) from error


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


def _refuse_invalid(path: Path, text: str, term: object) -> None:
    if isinstance(term, ox.Literal):
        _refuse_invalid(path, text, term.datatype)
        if term.language and not _is_valid(ox.Literal, "", language=term.language):
            raise _locate(path, text, term.language, f"'{_shorten(term.language)}' is not a language tag. Correct it.")
    elif isinstance(term, ox.NamedNode | ox.BlankNode) and not _is_valid(type(term), term.value):
        written = _find_written(text, term.value if isinstance(term, ox.NamedNode) else f"_:{term.value}")
        kind = "IRI" if isinstance(term, ox.NamedNode) else "blank node"
        raise _locate(path, text, written, f"'{_shorten(written)}' is not a valid {kind}. Correct it.")


def _is_valid(kind: Any, *parts: str, **more: str) -> bool:  # noqa: ANN401
    try:
        kind(*parts, **more)
    except ValueError:
        return False
    return True


def _find_written(text: str, iri: str) -> str:
    """Return the string of the file that makes the IRI invalid: the IRI, or its longest invalid start or end."""
    strings = {json.loads(match[0], strict=False) for match in _STRING.finditer(text)}
    found = [name for name in strings if iri.startswith(name) and not _is_valid(ox.NamedNode, name)]
    ends = {name: name.partition(":")[2] or name for name in strings}
    found += [name for name, end in ends.items() if iri.endswith(end) and not _is_valid(ox.NamedNode, f"x:{end}")]
    return iri if iri in strings else max(sorted(found), key=len, default=iri)


def _find_remote_contexts(value: object) -> Iterator[str]:
    """Yield the IRI of each remote context in a document, in order."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key in CONTEXTS:
            yield from (iri for iri in (part if isinstance(part, list) else [part]) if isinstance(iri, str))
        yield from _find_remote_contexts(part)


def _shorten(text: str) -> str:
    return escape_unprintable(text[:MAX_QUOTED])


def _locate(path: Path, text: str, name: str, sentence: str) -> LdnkgError:
    """Return the error at the first line that has the name as a JSON string, or without a line if none does."""
    for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
        if (place := text.find(written)) >= 0:
            return make_error(path, text.count("\n", 0, place) + 1, sentence)
    return LdnkgError(f"{display_path(path)}: {sentence}")
