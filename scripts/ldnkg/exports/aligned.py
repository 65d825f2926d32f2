"""A publication with the alignments of its terms beside it, which most forms are made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.alignments import alignments, read_beside
from ldnkg.curie import Shortener
from ldnkg.exports.sheets import Sheet, sheet
from ldnkg.rdf import loaded, value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.alignments import Beside
    from ldnkg.publication import Publication


class Aligned:
    """A publication with the alignments of its terms beside it, for those who say it in the terms of others."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self._sheets: dict[Path, list[Sheet]] = {}
        self._names: dict[str, str] = {}

    @cached_property
    def _beside(self) -> Beside:
        return read_beside(alignments(self.publication.home))

    @cached_property
    def store(self) -> ox.Store:
        """Every triple of both."""
        return loaded([*self.publication.quads, *self._beside.quads])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Every prefix of both; a namespace that the publication names keeps its name alone."""
        own = self.publication.reading.context.prefixes
        held = set(own.values())
        return own | {name: iri for name, iri in self._beside.prefixes.items() if iri not in held}

    def said(self, term: object) -> str:
        """Return a term as it stands in a cell: a CURIE for a node, the bare name for a term of ours, else the text."""
        if not isinstance(term, ox.NamedNode):
            return value(term)
        iri = term.value
        if iri not in self._names:
            self._names[iri] = self._name(iri)
        return self._names[iri]

    def _name(self, iri: str) -> str:
        vocabulary = self.publication.reading.context.vocabulary
        return iri[len(vocabulary) :] if iri.startswith(vocabulary) else self._shorten(iri)

    @cached_property
    def _shorten(self) -> Shortener:
        return Shortener(self.prefixes)

    def sheets(self, folder: Path, described: Mapping[str, Any]) -> list[Sheet]:
        """Return each table that the description in CSV on the Web names, by the query of that name in the folder.

        They are made once, for two forms may be of the same tables.
        """
        if folder not in self._sheets:
            self._sheets[folder] = self._made(folder, described)
        return self._sheets[folder]

    def _made(self, folder: Path, described: Mapping[str, Any]) -> list[Sheet]:
        tables = [(one, folder / f"{one['url'].partition('.')[0]}.rq") for one in described["tables"]]
        return [sheet(self.store, query, one, self.said) for one, query in tables]
