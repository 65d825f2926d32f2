"""Read `resources/vocabulary.json`: the IRIs that a merge reads and writes, and the keys of each source format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.files import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Vocabulary:
    """The properties for links, labels and cross-references, and the terms of the merge graph."""

    def __init__(self, folder: Path) -> None:
        self._settings: Mapping[str, Any] = read_json(folder / "vocabulary.json")
        self.merge_graph = ox.NamedNode(self._settings["merged"])
        self.links = self._get_nodes("links")
        self.near_links = self._get_nodes("near_links")
        self.no_entity = self._get_nodes("no_entity")
        self.cross_references = self._get_nodes("cross_references")
        self.labels = self._get_nodes("labels")
        self.absolute_starts: tuple[str, ...] = tuple(self._settings["absolute"])

    @property
    def name_properties(self) -> dict[str, str]:
        """The property with the name of an entity, by the property of the same subject with its identifier."""
        return {key: name for name, keys in self._settings["name_properties"].items() for key in keys}

    def get_term(self, name: str) -> ox.NamedNode:
        """Return the node of a term of the merge graph, such as `label`."""
        return ox.NamedNode(self._settings["terms"][name])

    def get_format(self, name: str) -> Mapping[str, Any]:
        """Return the settings of a source format, such as `kgx`, `mechanisms` or `sssom`."""
        found: Mapping[str, Any] = self._settings[name]
        return found

    def make_source_iri(self, digest: str) -> str:
        """Return the IRI of the source with a digest."""
        return str(self._settings["source"]).format(digest)

    def make_unknown_iri(self, curie: str) -> str:
        """Return the IRI of a CURIE with an unknown prefix."""
        return str(self._settings["unknown"]).format(curie)

    def _get_nodes(self, name: str) -> frozenset[ox.NamedNode]:
        return frozenset(ox.NamedNode(iri) for iri in self._settings[name])
