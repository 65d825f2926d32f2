"""Read the relation table: how the relations of other vocabularies compare with each other and with our relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.merge.resource_tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver

COLUMNS = (
    *("relation", "label", "vocabulary", "orientation", "inverse", "equivalent"),
    *("broader", "opposite", "unrelated", "polarity", "aspect", "source"),
)
EQUIVALENT, INVERSE, SYMMETRIC = "equivalent", "inverse", "symmetric"


def read_relations(folder: Path, resolver: CurieResolver) -> list[ox.Quad]:
    """Return the quads that state the relation table in `relations.tsv`."""
    maker = _QuadMaker(resolver)
    return [quad for row in read_rows(folder / "relations.tsv", COLUMNS) for quad in maker.make_quads(row)]


def read_relation_labels(folder: Path, resolver: CurieResolver) -> dict[str, str]:
    """Return the label of each relation of `relations.tsv` by IRI, in each form in which sources write it."""
    maker = _QuadMaker(resolver)
    rows = read_rows(folder / "relations.tsv", COLUMNS)
    return {form.value: cells["label"] for cells in rows for form in maker.list_forms(cells["relation"])}


class _QuadMaker:
    """Makes the quads of a row, once per written form of its relation."""

    def __init__(self, resolver: CurieResolver) -> None:
        self._resolver = resolver
        self._settings = resolver.vocabulary.get_format("relations")
        self._columns = {name: ox.NamedNode(iri) for name, iri in self._settings["columns"].items()}
        self._type = resolver.vocabulary.get_term("type")

    def make_quads(self, cells: Mapping[str, str]) -> Iterator[ox.Quad]:
        relation, *others = self.list_forms(cells["relation"])
        yield from self._describe(relation, cells)
        for other in others:
            yield from self._describe(other, cells)
            yield from self._equate(other, relation)

    def _describe(self, relation: ox.NamedNode, cells: Mapping[str, str]) -> Iterator[ox.Quad]:
        symmetric = cells["orientation"] == SYMMETRIC
        if symmetric:
            yield ox.Quad(relation, self._type, ox.NamedNode(self._settings["symmetric"]))
        for column, name in self._list_links(cells):
            (target, *_) = self.list_forms(name)
            if column == EQUIVALENT:
                yield from self._equate(relation, target)
            else:
                yield ox.Quad(relation, self._columns[column], target)
        if cells["polarity"]:
            yield ox.Quad(relation, ox.NamedNode(self._settings["polarity"]), ox.Literal(int(cells["polarity"])))
        if cells["aspect"]:
            yield ox.Quad(relation, ox.NamedNode(self._settings["aspect"]), ox.Literal(cells["aspect"]))

    def _list_links(self, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the column and the CURIE of each linked relation; only an inverse relation is turned round."""
        for column in self._columns:
            if column != INVERSE or cells["orientation"] == INVERSE:
                yield from ((column, name) for name in cells[column].split())

    def _equate(self, relation: ox.NamedNode, other: ox.NamedNode) -> Iterator[ox.Quad]:
        """Yield that two relations mean the same: each is broader than the other."""
        yield ox.Quad(other, self._columns[EQUIVALENT], relation)
        yield ox.Quad(other, self._columns["broader"], relation)
        yield ox.Quad(relation, self._columns["broader"], other)

    def list_forms(self, curie: str) -> list[ox.NamedNode]:
        """Return the IRIs of a relation; the first one is the form that the graph of the table uses."""
        prefix, _, name = curie.partition(":")
        namespaces = self._settings["namespaces"].get(prefix)
        if namespaces:
            return [ox.NamedNode(namespace + name) for namespace in namespaces]
        return [self._resolver.resolve(curie, "")]
