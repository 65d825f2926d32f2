"""Resolve the identifiers of sources, with their own prefixes and URLs, to the IRIs that our graph uses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.rdf.terms import Shortener
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.merge.vocabulary import Vocabulary


class CurieResolver:
    """Resolves identifiers with the prefixes of our graph and with the aliases in `aliases.tsv`."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._prefixes = prefixes
        self.shorten = Shortener(prefixes)
        aliases = _read_aliases(folder / "aliases.tsv")
        own = {name.lower(): name for name in prefixes}
        self._by_prefix = {written.lower(): prefix for written, prefix in aliases.items()} | own
        self._by_start = {written: prefix for written, prefix in aliases.items() if "/" in written}
        self._starts = tuple(sorted(self._by_start, key=len, reverse=True))

    def canonicalise(self, iri: str) -> str:
        """Return the IRI that our graph uses for the same entity, or the IRI itself if no alias applies."""
        if not iri.startswith(self._starts):
            return iri
        start = next(start for start in self._starts if iri.startswith(start))
        prefix = self._by_start[start]
        return self._prefixes[prefix] + _strip_prefix(iri[len(start) :], prefix)

    def resolve(self, text: str, base: str) -> ox.NamedNode:
        """Return the node of an identifier; an identifier without a prefix is local to `base`.

        With our prefixes, `resolve("mesh:D009271", base)` is the node of `http://id.nlm.nih.gov/mesh/D009271`.
        Raises ValueError if the identifier is invalid.
        """
        prefix, colon, rest = text.partition(":")
        if not colon or prefix in {"", "_"}:
            return make_local_node(base, text)
        if text.startswith(self.vocabulary.absolute_starts):
            return make_node(self.canonicalise(text), text)
        known = self._by_prefix.get(prefix.lower())
        if known is None:
            return make_node(self.vocabulary.make_unknown_iri(text), text)
        return make_node(self._prefixes[known] + _strip_prefix(rest, prefix), text)

    def is_global(self, text: str) -> bool:
        """Return whether an identifier is an IRI or has a known prefix, and so means the same in every source."""
        prefix, colon, _ = text.partition(":")
        return text.startswith(self.vocabulary.absolute_starts) or bool(colon and prefix.lower() in self._by_prefix)

    def resolve_term(self, text: str, namespace: str) -> ox.NamedNode:
        """Return the node of a class or a relation; a name without a prefix is in the namespace."""
        name = text.strip()
        if ":" in name:
            return self.resolve(name, namespace)
        return make_node(namespace + quote(name.replace(" ", "_"), safe=""), text)


def make_local_node(base: str, name: str) -> ox.NamedNode:
    """Return the node of a name that is local to the base.

    >>> make_local_node("ni:///sha-256;abc", "edge 1").value
    'ni:///sha-256;abc#edge%201'
    """
    return make_node(f"{base}{';' if '#' in base else '#'}{quote(name, safe='')}", name)


def make_node(iri: str, written: str) -> ox.NamedNode:
    """Return the node of an IRI; raise ValueError, which quotes the identifier as written, if the IRI is invalid."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ValueError(f"'{written}' is not a valid identifier: {error}. Correct it.") from error


def _strip_prefix(rest: str, prefix: str) -> str:
    """Return the local part without a second prefix: `MESH:D009271` after `MeSH:` is `D009271`."""
    head, colon, tail = rest.partition(":")
    return tail if colon and head.lower() == prefix.lower() else rest


def _read_aliases(path: Path) -> dict[str, str]:
    table, errors = read_table(path, ("written", "prefix"))
    if errors:
        raise LdnkgError(
            f"{display_path(path)}:{errors[0].line}: the row is invalid. Give two columns, 'written' and 'prefix'."
        )
    return {row.cells["written"]: row.cells["prefix"] for row in table.rows}
