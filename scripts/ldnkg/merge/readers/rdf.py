"""Reads a graph in RDF, by the ending of its file; a blank node becomes a node that is known below its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.identifiers import local
from ldnkg.merge.quads import Fact, Pool, within
from ldnkg.merge.readers.jsonld import refuse_unfit
from ldnkg.merge.readers.lines import at, visible
from ldnkg.merge.readers.opened import ending, opened
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


def facts(path: Path, base: str) -> list[Fact]:
    """Return the quads of the file, those of its default graph in the graph of the base."""
    form = FORMATS[ending(path)]
    if form == ox.RdfFormat.JSON_LD:
        refuse_unfit(path)
    named = _Named(base)
    try:
        with opened(path) as file:
            found = [named.fact(quad) for quad in ox.parse(file, format=form)]
    except SyntaxError as error:
        raise _broken(path, error) from error
    except MemoryError as error:
        raise LdnkgError(
            f"{display_path(path)}: holds a word or a text that no reader takes, {error}. Check the file."
        ) from error
    except ValueError as error:
        raise LdnkgError(
            f"{display_path(path)}: cannot be understood, {visible(str(error)[:300])}. Mend it."
        ) from error
    if not found:
        raise LdnkgError(f"{display_path(path)}: is empty, for it holds no triple. Give a file that holds some.")
    return found


def _broken(path: Path, error: SyntaxError) -> LdnkgError:
    lines = str(error.msg or error)[:200].splitlines() or ["it breaks off"]
    # What is quoted may go on in the next line, and then it would be left open.
    words = f"{lines[0]} ...'" if lines[0].count("'") % 2 else lines[0]
    return at(path, error.lineno or 1, f"cannot be understood, {words}. Mend it.")


class _Named:
    """Gives blank nodes names, by the order in which they are met."""

    def __init__(self, base: str) -> None:
        self._base, self._graph = base, ox.NamedNode(base)
        self._names: dict[ox.BlankNode, ox.NamedNode] = {}
        self._pool = Pool()

    def fact(self, quad: ox.Quad) -> Fact:
        graph = self._graph if quad.graph_name == DEFAULT else self._name(quad.graph_name)
        ends = (within(end, self._name) for end in (quad.subject, quad.object))
        return self._pool.fact(next(ends), quad.predicate, next(ends), graph)

    def _name(self, term: Any) -> Any:  # noqa: ANN401
        if isinstance(term, ox.BlankNode):
            return self._names.setdefault(term, local(self._base, f"blank-{len(self._names) + 1}"))
        return term
