"""Resolve the identifiers of sources, in every form in which registries and databases write them, to our IRIs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.merge.address_forms import ANY, AddressForms
from ldnkg.merge.local_identifiers import LocalIdentifiers, LocalRule, PrefixNames, decode
from ldnkg.merge.resource_tables import read_rows
from ldnkg.rdf.terms import Shortener

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.merge.vocabulary import Vocabulary

NAME = "name"  # the kind of a row that is a prefix of CURIEs; the other rows are addresses
SEPARATORS = ":/_"  # between a prefix and a local part in addresses, as in `chebi:7465`, `chebi/7465`, `CHEBI_7465`
MOST_NESTED = 3  # addresses in an address, such as an IRI in the address of a page of OLS
MOST_CHARACTERS = 2_048  # of an address that is read
CACHED = 16_384  # addresses whose canonical IRI is kept


class CurieResolver:
    """Resolves identifiers with the prefixes of our graph, and with the forms in `aliases.tsv`."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._prefixes = prefixes
        self.shorten = Shortener(prefixes)
        read = read_rows(folder / "aliases.tsv", ("written", "prefix", "kind", "source"))
        rows = [(row["written"], row["prefix"], row["kind"]) for row in read]
        names = {written: prefix for written, prefix, kind in rows if kind == NAME}
        self._names = PrefixNames(names | {name: name for name in prefixes})
        self._forms = AddressForms(row for row in rows if row[2] != NAME)
        self._locals = LocalIdentifiers(_read_rules(folder), self._names)
        self._is_canonical = self._make_canonical_pattern().fullmatch
        self._canonicalise = lru_cache(CACHED)(self._canonicalise_known)

    def canonicalise(self, iri: str) -> str:
        """Return the IRI that our graph uses for the same entity, or the IRI itself if it has no known form."""
        return self._canonicalise(iri) if len(iri) <= MOST_CHARACTERS else iri

    def _canonicalise_known(self, iri: str) -> str:
        known = self._forms.may_have(iri) if "//" in iri else self._is_compact(iri)
        return self._canonicalise_any(iri) if known and not self._is_canonical(iri) else iri

    def _is_compact(self, iri: str) -> bool:
        """Return whether an IRI has a known prefix as its scheme, or is a URN that could have one of the forms."""
        return bool(self._names.find(iri.partition(":")[0])) or self._forms.may_have(iri)

    def resolve(self, text: str, base: str) -> ox.NamedNode:
        """Return the node of an identifier; an identifier without a prefix is local to `base`.

        With our prefixes, `resolve("mesh:D009271", base)` is the node of `http://id.nlm.nih.gov/mesh/D009271`.
        Raises ValueError if the identifier is invalid.
        """
        prefix, colon, rest = text.partition(":")
        if not colon or prefix in {"", "_"}:
            return make_local_node(base, text)
        if self._is_absolute(text):
            return make_node(self.canonicalise(text), text)
        known = self._names.find(prefix)
        if found := self._expand(known, rest, MOST_NESTED):
            return make_node(found, text)
        if known.lower() != prefix.lower():
            return make_node(self.vocabulary.make_unknown_iri(text), text)
        return make_node(self._prefixes[known] + rest, text)

    def is_global(self, text: str) -> bool:
        """Return whether an identifier is an IRI or has a known prefix, and so means the same in every source."""
        prefix, colon, _ = text.partition(":")
        return self._is_absolute(text) or bool(colon and self._names.find(prefix))

    def resolve_term(self, text: str, namespace: str) -> ox.NamedNode:
        """Return the node of a class or a relation; a name without a prefix is in the namespace."""
        name = text.strip()
        if ":" in name:
            return self.resolve(name, namespace)
        return make_node(namespace + quote(name.replace(" ", "_"), safe=""), text)

    def _is_absolute(self, text: str) -> bool:
        return text[:9].lower().startswith(self.vocabulary.absolute_starts)

    def _canonicalise_any(self, iri: str) -> str:
        return self._read_address(iri, MOST_NESTED) or self._read_curie(iri, MOST_NESTED) or iri

    def _read_curie(self, text: str, depth: int) -> str:
        prefix, colon, local = text.partition(":")
        return self._expand(self._names.find(prefix), local, depth) if colon else ""

    def _read_address(self, iri: str, depth: int) -> str:
        """Return our IRI for the entity of an address, or an empty string if it names none."""
        for form, identifier in self._forms.find(iri):
            if found := self._expand(form.prefix, identifier, depth):
                return found
        return ""

    def _read_identifier(self, text: str, depth: int) -> str:
        """Return our IRI for an identifier with its prefix or for an address, or an empty string if it is unknown."""
        identifier = decode(text)
        if "://" in identifier:
            return self._read_address(identifier, depth - 1) if depth else ""
        for separator in SEPARATORS:
            name, found, local = identifier.partition(separator)
            if found and (iri := self._make_iri(self._names.find(name), local)):
                return iri
        return ""

    def _expand(self, prefix: str, rest: str, depth: int) -> str:
        """Return our IRI for what follows a prefix or the start of an address, or an empty string if it has none."""
        return self._read_identifier(rest, depth) if prefix == ANY else self._make_iri(prefix, rest)

    def _make_canonical_pattern(self) -> re.Pattern[str]:
        """Return the pattern of the IRIs of our prefixes, which are most of the IRIs with a known start."""
        patterns = [re.escape(self._prefixes[prefix]) + pattern for prefix, pattern in self._locals.list_patterns()]
        return re.compile("|".join(patterns), re.ASCII)

    def _make_iri(self, prefix: str, local: str) -> str:
        """Return our IRI of a local part, or an empty string if the prefix has no such identifiers."""
        normal = self._locals.normalise(local, prefix)
        return self._prefixes[prefix] + normal if normal else ""


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


def _read_rules(folder: Path) -> list[LocalRule]:
    rows = read_rows(folder / "local_identifiers.tsv", ("prefix", "pattern", "replacement", "case"))
    return [
        LocalRule(row["prefix"], re.compile(row["pattern"], re.ASCII), row["replacement"], row["case"]) for row in rows
    ]
