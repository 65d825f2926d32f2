"""Load the records of a publication and check them against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.files import read_turtle
from ldnkg.paths import FIXED
from ldnkg.rdf.terms import get_value
from ldnkg.records.home_files import refuse_unsafe_paths
from ldnkg.records.identifier_checks import check_identifiers, collect_uses
from ldnkg.records.identifier_evidence import IdentifierEvidence, read_evidence
from ldnkg.records.jsonld_context import Context, read_context
from ldnkg.records.name_checks import check_names
from ldnkg.records.names import collect_unread_names
from ldnkg.records.reader import LocatedError, Record, list_record_files, read_records, read_terms
from ldnkg.records.sssom import Mappings, read_mappings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.paths import Home


class LoadedRecords(NamedTuple):
    """The records of a home, with the context and the ontology, and every error found while they were read."""

    records: list[Record]
    context: Context
    fixed: list[ox.Quad]
    faults: list[LocatedError]

    @property
    def clean(self) -> bool:
        """Whether a graph can be built from the records."""
        return not self.faults


class SourceFiles(NamedTuple):
    """The contents of the files of a home, before they are compared; `misread` lists the errors of single files.

    `names` holds the names of the vocabulary as records write them. `derived` holds each type of record with a key that
    the build derives for it.
    """

    records: list[Record]
    terms: list[Record]
    mappings: Mappings
    proof: IdentifierEvidence
    fixed: list[ox.Quad]
    context: Context
    names: frozenset[str]
    derived: frozenset[tuple[str, str]]
    misread: list[LocatedError]


def read_sources(home: Home, more: Sequence[Path] = ()) -> SourceFiles:
    """Read the files of the home, and the record files in `more` together with them."""
    refuse_unsafe_paths(home, home.data, home.ontology, home.shapes, home.queries)
    terms, misread_terms = read_terms(home.data / "terms.tsv")
    records, misread = read_records([*list_record_files(home.data), *more])
    fixed = [quad for name in FIXED for quad in read_turtle(home.ontology / name)]
    context = read_context(home.ontology / "context.jsonld")
    mappings, misread_mappings = read_mappings(home.data / "mappings.sssom.tsv")
    proof, misread_proof = read_evidence(home.data)
    faults = [*misread_terms, *misread, *misread_mappings, *misread_proof]
    names, derived = _list_names(fixed, context), _list_derived_keys(fixed, context)
    return SourceFiles(records, terms, mappings, proof, fixed, context, names, derived, faults)


def load_records(home: Home, more: Sequence[Path] = ()) -> LoadedRecords:
    """Read the files of the home, and check the records against each other."""
    return check_records(read_sources(home, more))


def check_records(parts: SourceFiles) -> LoadedRecords:
    """Check what was read: keys, names and double entries; if they have no error, also the identifiers."""
    everything = [*parts.records, *parts.terms]
    unread = collect_unread_names(everything, parts.misread)
    faults = [
        *parts.misread,
        *check_names(everything, parts.context, parts.names, parts.derived, unread),
    ] or check_identifiers(
        *collect_uses(parts.records, parts.terms, parts.mappings),
        parts.mappings,
        parts.context.prefixes,
        parts.proof,
    )
    slugs = {term.slug: term.id for term in parts.terms}
    return LoadedRecords([*everything, *parts.mappings.records], parts.context.with_slugs(slugs), parts.fixed, faults)


def load_valid_records(home: Home) -> LoadedRecords:
    """Read the files of the home; raise LdnkgError if they have errors."""
    inputs = load_records(home)
    if not inputs.clean:
        raise LdnkgError("The records have errors. Run `ldnkg check` to see them.", 1)
    return inputs


def _list_names(fixed: list[ox.Quad], context: Context) -> frozenset[str]:
    names = {context.short(iri): iri for iri in dict.fromkeys(get_value(quad.subject) for quad in fixed)}
    return frozenset(name for name, iri in names.items() if context.expand(name) == iri)


def _list_derived_keys(fixed: list[ox.Quad], context: Context) -> frozenset[tuple[str, str]]:
    marked = [quad for quad in fixed if quad.predicate.value == context.expand("derivedFor")]
    return frozenset((context.short(get_value(quad.object)), context.short(get_value(quad.subject))) for quad in marked)
