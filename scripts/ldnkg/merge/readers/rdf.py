"""Read RDF; a blank node becomes an IRI that is local to its source, and a relative IRI is resolved against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.quads import PooledQuad, TermPool, map_terms
from ldnkg.merge.readers.jsonld import parse_jsonld
from ldnkg.merge.readers.rdf_parser import LINES, RdfFile, describe_rest, describe_value_error
from ldnkg.merge.readers.skipping import SkippedInput, split_error
from ldnkg.merge.readers.trial import refuse_unparsable
from ldnkg.merge.readers.xml_checks import refuse_hostile_xml
from ldnkg.rdf.terms import DEFAULT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.source import Skipped

SCHEME = "ldnkg://"
PLAIN = (ox.NamedNode, ox.Literal)
EMPTY = "the file has no triples. Give a file with at least one."
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}


def read_rdf(path: Path, syntax: ox.RdfFormat, base: str) -> tuple[list[PooledQuad], list[Skipped]]:
    """Return the quads of the file, with those of its default graph in the named graph `base`, and what was skipped.

    Raise LdnkgError if nothing can be read.
    """
    skipped, last, base_iri = SkippedInput(path), 0, make_base_iri(base)
    if syntax == ox.RdfFormat.RDF_XML:
        last = _check_xml(path, skipped)
    refuse_unparsable(path, syntax.media_type)
    file = RdfFile(path, syntax, base_iri, last)
    try:
        found = _read_quads(file, _Namer(base, base_iri), skipped)
    except MemoryError as error:
        sentence = f"a term or the file is too large to parse: {error}. Check the file."
        raise LdnkgError(f"{display_path(path)}: {sentence}") from error
    except ValueError as error:
        raise describe_value_error(path, error) from error
    if not found:
        reasons = [str(each) for each in skipped.found]
        raise LdnkgError(reasons[0] if reasons else f"{display_path(path)}: {EMPTY}")
    return found, skipped.found


def _check_xml(path: Path, skipped: SkippedInput) -> int:
    """Refuse hostile XML; return the line of the first fault if the XML is not well-formed, else 0."""
    try:
        refuse_hostile_xml(path)
    except LdnkgError as error:
        if isinstance(error.__cause__, expat.ExpatError):
            line, sentence = split_error(str(error), display_path(path))
            skipped.add(line, "document", sentence)
            return max(line, 1)
        raise
    return 0


def _read_quads(file: RdfFile, namer: _Namer, skipped: SkippedInput) -> list[PooledQuad]:
    if file.syntax == ox.RdfFormat.JSON_LD:
        return [namer.name_quad(quad, line) for quad, line in parse_jsonld(file.path, namer.base_iri, skipped)]
    found: list[PooledQuad] = []
    try:
        namer.resolves = file.syntax not in LINES
        for quad, line in file.parse_valid():
            found.append(namer.name_quad(quad, line))
    except SyntaxError as error:
        if file.is_large():
            skipped.add(error.lineno or 0, "document", describe_rest(error))
            return found
        found.clear()
        namer.forget()
        namer.resolves = True
        found = [namer.name_quad(quad, line) for quad, line in file.parse_faulty(skipped)]
    return found


def make_base_iri(source: str) -> str:
    """Return the IRI against which the relative IRIs of a source are resolved.

    An IRI with the scheme `ni` has no folder in which a relative path could be, so that the digest would be lost.

    >>> make_base_iri("ni:///sha-256;abc")
    'ldnkg://abc/'
    """
    return f"{SCHEME}{source.rpartition(';')[2]}/"


class _Namer:
    """Names the nodes of a source: a blank node by its order, and a relative IRI by the IRI of the source.

    `resolves` is false if the file cannot have relative IRIs.
    """

    def __init__(self, base: str, base_iri: str) -> None:
        self.base_iri = base_iri
        self._base, self._graph = base, ox.NamedNode(base)
        self.resolves = True
        self._names: dict[ox.BlankNode, ox.NamedNode] = {}
        self._pool = TermPool()

    def forget(self) -> None:
        """Name the blank nodes anew."""
        self._names.clear()

    def name_quad(self, quad: ox.Quad, line: int) -> PooledQuad:
        """Return the quad with named nodes; the default graph is the graph of the source."""
        graph = self._graph if quad.graph_name == DEFAULT else self._name(quad.graph_name)
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        if self.resolves:
            predicate = self._name(predicate)
        if self.resolves or type(subject) is not ox.NamedNode:
            subject = map_terms(subject, self._name)
        if self.resolves or type(object_) not in PLAIN:
            object_ = map_terms(object_, self._name)
        return self._pool.make_quad(subject, predicate, object_, graph, line)

    def _name(self, term: Any) -> Any:  # noqa: ANN401
        if isinstance(term, ox.NamedNode):
            return self._name_relative(term) if self.resolves and term.value.startswith(SCHEME) else term
        if isinstance(term, ox.BlankNode):
            return self._names.setdefault(term, make_local_node(self._base, f"blank-{len(self._names) + 1}"))
        return term

    def _name_relative(self, node: ox.NamedNode) -> ox.NamedNode:
        """Return the node in the source: the file itself, a fragment of it, or a path below it."""
        rest = node.value.removeprefix(self.base_iri[:-1])
        if rest == node.value:
            return node
        return ox.NamedNode(self._base + (rest[1:] if rest[:2] in {"/", "/#", "/?"} else rest))
