"""Read RDF; a blank node becomes an IRI that is local to its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, escape_unprintable
from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.quads import PooledQuad, TermPool, map_terms
from ldnkg.merge.readers.files import get_extension, make_error, open_source
from ldnkg.merge.readers.jsonld import refuse_losses
from ldnkg.merge.readers.trial import refuse_unparsable
from ldnkg.merge.readers.xml_checks import refuse_hostile_xml
from ldnkg.rdf.terms import DEFAULT

if TYPE_CHECKING:
    from pathlib import Path

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


def read_rdf(path: Path, base: str) -> list[PooledQuad]:
    """Return the quads of the file, with those of its default graph in the named graph `base`."""
    syntax = FORMATS[get_extension(path)]
    if syntax == ox.RdfFormat.RDF_XML:
        refuse_hostile_xml(path)
    refuse_unparsable(path, syntax.media_type)
    if syntax == ox.RdfFormat.JSON_LD:
        refuse_losses(path)
    found = _parse(path, syntax, base)
    if not found:
        raise LdnkgError(f"{display_path(path)}: the file has no triples. Give a file with at least one.")
    return found


def _parse(path: Path, syntax: ox.RdfFormat, base: str) -> list[PooledQuad]:
    namer = _BlankNodeNamer(base)
    try:
        with open_source(path) as file:
            return [namer.name_quad(quad) for quad in ox.parse(file, format=syntax)]
    except SyntaxError as error:
        raise _describe(path, error) from error
    except MemoryError as error:
        sentence = f"a term or the file is too large to parse: {error}. Check the file."
        raise LdnkgError(f"{display_path(path)}: {sentence}") from error
    except ValueError as error:
        sentence = f"the file cannot be parsed: {escape_unprintable(str(error)[:300])}. Correct it."
        raise LdnkgError(f"{display_path(path)}: {sentence}") from error


def _describe(path: Path, error: SyntaxError) -> LdnkgError:
    lines = str(error.msg or error)[:200].splitlines() or ["syntax error"]
    # If a quotation continues on the next line of the message, close it.
    reason = f"{lines[0]} ...'" if lines[0].count("'") % 2 else lines[0]
    return make_error(path, error.lineno or 1, f"the file cannot be parsed: {reason}. Correct it.")


class _BlankNodeNamer:
    """Names blank nodes `blank-1`, `blank-2` and so on in the order of their first occurrence."""

    def __init__(self, base: str) -> None:
        self._base, self._graph = base, ox.NamedNode(base)
        self._names: dict[ox.BlankNode, ox.NamedNode] = {}
        self._pool = TermPool()

    def name_quad(self, quad: ox.Quad) -> PooledQuad:
        graph = self._graph if quad.graph_name == DEFAULT else self._name(quad.graph_name)
        subject, object_ = (map_terms(end, self._name) for end in (quad.subject, quad.object))
        return self._pool.make_quad(subject, quad.predicate, object_, graph)

    def _name(self, term: Any) -> Any:  # noqa: ANN401
        if isinstance(term, ox.BlankNode):
            return self._names.setdefault(term, make_local_node(self._base, f"blank-{len(self._names) + 1}"))
        return term
