"""Reads a whole publication from its home: records, context and graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.context import Context, read_context
from ldnkg.files import read_turtle
from ldnkg.mappings import Mappings, read_mappings
from ldnkg.names import check_names
from ldnkg.paths import FIXED
from ldnkg.problem import Problem
from ldnkg.proof import Proof, prove, read_proof, uses
from ldnkg.rdf import derived_quads, loaded, query_quads, record_quads, value
from ldnkg.records import Misread, Record, read_files, read_terms, record_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.paths import Home


class Reading(NamedTuple):
    """What was read from the files of a home, with every fault that was met."""

    records: list[Record]
    context: Context
    fixed: list[ox.Quad]
    faults: list[Misread]

    @property
    def clean(self) -> bool:
        """Whether a graph can be made of it."""
        return not self.faults


class Publication(NamedTuple):
    """The graph of a publication: `fixed` from Turtle, `stated` from records, `derived` from both.

    `store` holds every triple of it once, in one of its graphs; it is not to be changed.
    """

    reading: Reading
    stated: list[ox.Quad]
    derived: list[ox.Quad]
    home: Home
    store: ox.Store

    @property
    def quads(self) -> list[ox.Quad]:
        """Every quad: each record's in the graph of its id, all else in the default graph."""
        return [*self.reading.fixed, *self.stated, *self.derived]

    def described(self, name: str) -> list[ox.Quad]:
        """Return what this query of the descriptions says of the graph; it is no part of it."""
        return query_quads(self.store, self.home.ontology / "describe" / f"{name}.rq")


class Parts(NamedTuple):
    """What the files of a home hold, before it is held against itself; `misread` is what could not be read."""

    records: list[Record]
    terms: list[Record]
    mappings: Mappings
    proof: Proof
    fixed: list[ox.Quad]
    context: Context
    misread: list[Misread]


def read_parts(home: Home, more: Sequence[Path] = ()) -> Parts:
    """Read the files of the home, and more record files that are to be read with them."""
    terms, misread_terms = read_terms(home.data / "terms.tsv")
    records, misread = read_files([*record_files(home.data), *more])
    fixed = [quad for name in FIXED for quad in read_turtle(home.ontology / name)]
    context = read_context(home.ontology / "context.jsonld")
    mappings, misread_mappings = read_mappings(home.data / "mappings.sssom.tsv")
    proof, misread_proof = read_proof(home.data)
    faults = [*misread_terms, *misread, *misread_mappings, *misread_proof]
    return Parts(records, terms, mappings, proof, fixed, context, faults)


def read(home: Home, more: Sequence[Path] = ()) -> Reading:
    """Read the files of the home, and hold them against each other."""
    return judge(read_parts(home, more))


def judge(parts: Parts) -> Reading:
    """Hold what was read against itself: names, double entries, identifiers; the first kind of fault is told alone."""
    everything = [*parts.records, *parts.terms]
    faults = (
        parts.misread
        or check_names(everything, parts.context, _names(parts.fixed, parts.context))
        or prove(*uses(parts.records, parts.terms, parts.mappings), parts.mappings, parts.context.prefixes, parts.proof)
    )
    slugs = {term.slug: term.id for term in parts.terms}
    return Reading([*everything, *parts.mappings.records], parts.context.with_slugs(slugs), parts.fixed, faults)


def read_clean(home: Home) -> Reading:
    """Read the files of the home; raise Problem where they have faults."""
    reading = read(home)
    if not reading.clean:
        raise Problem("The records have faults. Run `ldnkg check` to see them.", 1)
    return reading


def _names(fixed: list[ox.Quad], context: Context) -> frozenset[str]:
    names = {context.short(iri): iri for iri in dict.fromkeys(value(quad.subject) for quad in fixed)}
    return frozenset(name for name, iri in names.items() if context.expand(name) == iri)


def publish(home: Home, reading: Reading) -> Publication:
    """Make the graph of what was read."""
    stated = record_quads(reading.records, reading.context)
    store = loaded([*reading.fixed, *stated])
    derived = derived_quads(store, (home.ontology / "derive").glob("*.rq"))
    return Publication(reading, stated, derived, home, store)
