"""Reads a graph in RDF, by the ending of its file; a blank node becomes a node that is known below its source."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.files import read_text, shown
from ldnkg.merging.facts import Fact, Pool, within
from ldnkg.merging.naming import local
from ldnkg.merging.read_lines import at, refuse_large, visible
from ldnkg.problem import Problem, reason
from ldnkg.rdf import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
_NAMES = ("@id",)
_UNFIT = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


def facts(path: Path, base: str) -> list[Fact]:
    """Return the quads of the file, those of its default graph in the graph of the base."""
    form = FORMATS[path.suffix]
    if form == ox.RdfFormat.JSON_LD:
        refuse_large(path)
        _refuse_unfit_json(path)
    named = _Named(base)
    try:
        found = [named.fact(quad) for quad in ox.parse(path=str(path), format=form)]
    except SyntaxError as error:
        raise _broken(path, error) from error
    except MemoryError as error:
        raise Problem(
            f"{shown(path)}: holds a word or a text that no reader takes, {error}. Check the file."
        ) from error
    except OSError as error:
        raise Problem(f"{shown(path)}: cannot be read, {reason(error)}.") from error
    except ValueError as error:
        raise Problem(f"{shown(path)}: cannot be understood, {visible(str(error)[:300])}. Mend it.") from error
    if not found:
        raise Problem(f"{shown(path)}: is empty, for it holds no triple. Give a file that holds some.")
    return found


def _broken(path: Path, error: SyntaxError) -> Problem:
    words = str(error.msg or error).splitlines() or ["it breaks off"]
    return at(path, error.lineno or 1, f"cannot be understood, {words[0]}. Mend it.")


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


def _refuse_unfit_json(path: Path) -> None:
    """Raise Problem where a name is no IRI, for readers of JSON-LD leave out without a word what such a node says."""
    try:
        waiting: list[object] = [json.loads(read_text(path))]
    except json.JSONDecodeError as error:
        raise at(path, error.lineno, f"is not JSON, {error.msg}. Mend it.") from error
    except (ValueError, RecursionError) as error:
        raise Problem(f"{shown(path)}: cannot be taken as JSON, {error}. Mend it.") from error
    names, based = set(_NAMES), False
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            for context in _contexts(path, found):
                names |= {key for key, meaning in context.items() if meaning in _NAMES}
                based = based or "@base" in context
            _refuse_unfit_names(path, [found.get(key) for key in sorted(names)], based=based)
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found


def _contexts(path: Path, node: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    context = node.get("@context", [])
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, str):
            raise Problem(f"{shown(path)}: wants the context '{visible(one[:100])}' fetched. Put it into the file.")
        if isinstance(one, dict):
            yield one


def _refuse_unfit_names(path: Path, names: Iterable[object], *, based: bool) -> None:
    for name in names:
        if isinstance(name, str) and (_UNFIT.search(name) or not (based or ":" in name or name.startswith("@"))):
            raise Problem(f"{shown(path)}: '{visible(name[:100])}' is no IRI. Mend it.")
