"""Read the JSON-LD context, which gives the meaning of each key and each name of a record."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_json
from ldnkg.rdf.terms import Shortener

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadMapping
    from pathlib import Path


class Context:
    """A JSON-LD context with prefixes, keys and slugs, as in the exported JSON-LD."""

    def __init__(self, entries: ReadMapping[str, Any]) -> None:
        self.entries = entries

    def with_slugs(self, curies: ReadMapping[str, str]) -> Context:
        """Return a context that also maps these slugs to their CURIEs."""
        return Context({**self.entries, **curies})

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The IRI of each prefix."""
        found = {name: value["@id"] if isinstance(value, dict) else value for name, value in self._prefixing()}
        return {name: iri for name, iri in found.items() if iri.startswith("http")}

    def _prefixing(self) -> list[tuple[str, Any]]:
        named = [(name, value) for name, value in self.entries.items() if not name.startswith("@")]
        return [
            (name, v)
            for name, v in named
            if (isinstance(v, str) and v[-1] in "#/") or (isinstance(v, dict) and v.get("@prefix"))
        ]

    @cached_property
    def keys(self) -> dict[str, dict[str, str]]:
        """Each key of a record that stands for a property, and its entry."""
        found = {name: value for name, value in self.entries.items() if isinstance(value, dict)}
        return {name: value for name, value in found.items() if not value.get("@prefix")}

    @cached_property
    def naming(self) -> frozenset[str]:
        """The keys whose values are names of entities or records."""
        return frozenset(
            {name for name, entry in self.keys.items() if entry.get("@type") in {"@id", "@vocab"}} | {"id", "type"}
        )

    @cached_property
    def holders(self) -> frozenset[str]:
        """The keys whose values are records inside the record."""
        return frozenset(name for name, entry in self.keys.items() if entry.get("@container") == "@set")

    @cached_property
    def two_sided(self) -> dict[str, str]:
        """The forward key of each key that states the same property from the other side."""
        forward = {entry["@id"]: name for name, entry in self.keys.items() if "@id" in entry}
        return {name: forward[entry["@reverse"]] for name, entry in self.keys.items() if "@reverse" in entry}

    @cached_property
    def vocabulary(self) -> str:
        """The namespace of the ontology."""
        return str(self.entries["@vocab"])

    def expand(self, name: str) -> str:
        """Return the IRI of a name in a record: a slug, a CURIE, a key, an IRI or a term of the ontology."""
        entry = self.entries.get(name)
        if isinstance(entry, dict):
            entry = entry.get("@id")
        if isinstance(entry, str) and entry != name:
            return self.expand(entry)
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + rest
        return name if colon else self.vocabulary + name

    def curie(self, iri: str) -> str:
        """Return the CURIE of an IRI by the longest matching prefix, or the IRI itself if none matches."""
        return self._shorten(iri)

    @cached_property
    def _shorten(self) -> Shortener:
        return Shortener(self.prefixes)

    @cached_property
    def _short(self) -> dict[str, str]:
        keys = {self.expand(name): name for name in self.keys if "@id" in self.keys[name]}
        slugs = {
            self.expand(v): name
            for name, v in self.entries.items()
            if isinstance(v, str) and ":" in v and name not in self.prefixes
        }
        return {**keys, **slugs}

    def short(self, iri: str) -> str:
        """Return the name of an IRI in records: a key, a slug, a term of the ontology, or a CURIE."""
        if iri in self._short:
            return self._short[iri]
        name = iri.removeprefix(self.vocabulary)
        return name if name != iri and self.expand(name) == iri else self.curie(iri)


def read_context(path: Path) -> Context:
    """Return the context in a JSON-LD file; raise LdnkgError if it has none."""
    found = read_json(path)
    entries = found.get("@context") if isinstance(found, dict) else None
    if not isinstance(entries, dict) or not isinstance(entries.get("@vocab"), str):
        raise LdnkgError(f"{display_path(path)}:1: has no object `@context` with a text `@vocab`. Restore the file.")
    return Context(entries)
