"""Says which thing a foreign identifier names: prefixes and addresses as others write them, and ours for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_json
from ldnkg.rdf.terms import Shortener
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Unfit(ValueError):
    """What a value is that cannot be taken, as the end of a sentence about it."""


class Naming:
    """The words of a merge, and the prefixes by which identifiers are read."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self.words: Mapping[str, Any] = read_json(folder / "words.json")
        self._prefixes = prefixes
        self._shorten = Shortener(prefixes)
        self._aliases = _aliases(folder / "aliases.tsv")

    @cached_property
    def _by_prefix(self) -> dict[str, str]:
        own = {name.lower(): name for name in self._prefixes}
        return {written.lower(): prefix for written, prefix in self._aliases.items()} | own

    @cached_property
    def _by_start(self) -> dict[str, str]:
        return {written: prefix for written, prefix in self._aliases.items() if "/" in written}

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_start, key=len, reverse=True))

    def word(self, name: str) -> ox.NamedNode:
        """Return the term that the merge itself uses under this name."""
        return ox.NamedNode(self.words["words"][name])

    def canonical(self, iri: str) -> str:
        """Return the IRI that we use for what this IRI names, which is the IRI itself unless a table says otherwise."""
        if not iri.startswith(self._starts):
            return iri
        start = next(start for start in self._starts if iri.startswith(start))
        prefix = self._by_start[start]
        return self._prefixes[prefix] + _bare(iri[len(start) :], prefix)

    def thing(self, text: str, base: str) -> ox.NamedNode:
        """Return the node that an identifier names; one without a prefix is known within its source alone."""
        prefix, colon, rest = text.partition(":")
        if not colon or prefix in {"", "_"}:
            return local(base, text)
        if text.startswith(tuple(self.words["absolute"])):
            return node(self.canonical(text), text)
        known = self._by_prefix.get(prefix.lower())
        if known is None:
            return node(self.words["unknown"].format(text), text)
        return node(self._prefixes[known] + _bare(rest, prefix), text)

    def known(self, text: str) -> bool:
        """Say whether an identifier is an address or has a prefix that we know, so that it names one thing anywhere."""
        prefix, colon, _ = text.partition(":")
        return text.startswith(tuple(self.words["absolute"])) or bool(colon and prefix.lower() in self._by_prefix)

    def vocable(self, text: str, namespace: str) -> ox.NamedNode:
        """Return the class or relation of this name, which without a prefix is one of the namespace."""
        name = text.strip()
        if ":" in name:
            return self.thing(name, namespace)
        return node(namespace + quote(name.replace(" ", "_"), safe=""), text)

    def curie(self, iri: str) -> str:
        """Return the CURIE of an IRI, or the IRI where no prefix of ours fits."""
        return self._shorten(iri)


def local(base: str, name: str) -> ox.NamedNode:
    """Return the node of this name that is known below the base alone."""
    return node(f"{base}{';' if '#' in base else '#'}{quote(name, safe='')}", name)


def node(iri: str, said: str) -> ox.NamedNode:
    """Return the node; raise Unfit where what was said makes no IRI."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise Unfit(f"'{said}' is no identifier: {error}") from error


def _bare(rest: str, prefix: str) -> str:
    """Return the identifier without the prefix that some write a second time within it."""
    head, colon, tail = rest.partition(":")
    return tail if colon and head.lower() == prefix.lower() else rest


def _aliases(path: Path) -> dict[str, str]:
    table, faults = read_table(path, ("written", "prefix"))
    if faults:
        raise LdnkgError(
            f"{display_path(path)}:{faults[0].line}: is no table of what is written and its prefix. Mend it."
        )
    return {row.cells["written"]: row.cells["prefix"] for row in table.rows}
