"""Serialise RDF so that the same triples give the same bytes."""

from __future__ import annotations

import re
from itertools import chain

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


_XMLNS = rb' xmlns:[^ =]+="[^"]*"'
_PREFIX = re.compile(rb"@prefix ([^ ]*): <([^>]*)> \.\n")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|([^\s:"<>^()]*):([^\s"<>\\]*\\[^\s"<>]*)')


def serialise(items: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Return the serialised items in normal form: see `normalise`."""
    return normalise(ox.serialize(items, format=form, prefixes=dict(prefixes)) or b"", form)


def select_prefixes(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes whose namespace begins an IRI of the triples."""
    text = " ".join(map(str, triples))
    return {name: namespace for name, namespace in prefixes.items() if f"<{namespace}" in text}


def normalise(content: bytes, form: ox.RdfFormat) -> bytes:
    """Return what pyoxigraph serialised with sorted prefixes, because it writes them in a random order.

    In Turtle and TriG, an IRI whose local name would need a backslash is written in full. The OWL API reads such a name
    as another IRI, or reads the file as OBO and finds nothing.
    """
    if form == ox.RdfFormat.RDF_XML:
        return re.sub(
            b"(?<=<rdf:RDF)(%s)+" % _XMLNS, lambda root: b"".join(sorted(re.findall(_XMLNS, root[0]))), content, count=1
        )
    return b"".join(normalise_lines(content.splitlines(keepends=True)))


def normalise_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of Turtle or TriG in normal form: see `normalise`. No literal contains a line break."""
    rest = iter(lines)
    head = []
    for line in rest:
        if not line.startswith(b"@prefix "):
            rest = chain([line], rest)
            break
        head.append(line)
    yield from sorted(head)
    expand = _make_expander(dict(_PREFIX.findall(b"".join(head))))
    for line in rest:
        yield _TOKEN.sub(expand, line) if head and b"\\" in line else line


def _make_expander(prefixes: Mapping[bytes, bytes]) -> Callable[[re.Match[bytes]], bytes]:
    """Return the function that writes a name with a backslash in full."""

    def expand(token: re.Match[bytes]) -> bytes:
        if token[2] is None:
            return token[0]
        return b"<%s%s>" % (prefixes[token[1]], re.sub(rb"\\(.)", rb"\1", token[2]))

    return expand
