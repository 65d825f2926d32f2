"""Serialise RDF so that the same triples give the same bytes."""

from __future__ import annotations

import re

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_XMLNS = rb' xmlns:[^ =]+="[^"]*"'


def serialise(items: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Return the serialised items with sorted prefixes, because pyoxigraph writes them in a random order."""
    return sort_prefixes(ox.serialize(items, format=form, prefixes=dict(prefixes)) or b"", form)


def sort_prefixes(content: bytes, form: ox.RdfFormat) -> bytes:
    """Return serialised RDF with its prefixes sorted."""
    if form == ox.RdfFormat.RDF_XML:
        return re.sub(
            b"(?<=<rdf:RDF)(%s)+" % _XMLNS, lambda root: b"".join(sorted(re.findall(_XMLNS, root[0]))), content, count=1
        )
    head = re.match(rb"(?:@prefix [^\n]*\n)*", content)
    assert head  # noqa: S101
    return b"".join(sorted(head[0].splitlines(keepends=True))) + content[head.end() :]
