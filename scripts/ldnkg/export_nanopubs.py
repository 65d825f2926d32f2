"""Each claim as a nanopublication: what it asserts, whence that comes and who published it, under one trusty URI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.curie import Shortener
from ldnkg.files import read_turtle_named
from ldnkg.problem import Problem
from ldnkg.rdf import loaded, query_rows, serialise, value
from ldnkg.trusty import PLACEHOLDER, sealed, verified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ldnkg.exports import Aligned

    Quads = list[ox.Quad]

COLUMNS = ("node", "graph", "subject", "predicate", "object")
OTHERS = {"all": "all of them", "index": "the index"}
PARTS = ("assertion", "provenance", "pubinfo")


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return each nanopublication, unsigned, the index of them, and all in one file."""
    return signed(aligned, folder, list)


def signed(aligned: Aligned, folder: Path, sign: Callable[[Quads], Quads]) -> dict[str, bytes]:
    """Return the same files where `sign` returns the quads of each nanopublication with what it adds to them."""
    head, named = read_turtle_named(folder / "head.trig", ox.RdfFormat.TRIG)
    parts = [folder / f"{part}.rq" for part in PARTS]
    made = {
        aligned.said(node).partition(":")[2]: sealed(sign([*head, *quads]))
        for node, quads in _by_node(aligned.store, parts).items()
    }
    if taken := sorted(made.keys() & OTHERS):
        name = taken[0]
        raise Problem(f"claim:{name}: its nanopublication would stand in the file of {OTHERS[name]}. Rename it.", 1)
    store = loaded([*aligned.publication.quads, *_all(made)])
    (index,) = _by_node(store, [folder / "index.rq"]).values()
    made["index"] = sealed(sign([*head, *index]))
    return _written(made, aligned.prefixes | named)


def _by_node(store: ox.Store, queries: list[Path]) -> dict[ox.NamedNode, Quads]:
    """Return the quads that the queries give for each node, one query after the other, sorted by the node."""
    found: dict[ox.NamedNode, Quads] = {}
    for query in queries:
        for row in query_rows(store, query, COLUMNS):
            node, graph, subject, predicate, held = (row[column] for column in COLUMNS)
            found.setdefault(node, []).append(ox.Quad(subject, predicate, held, graph))
    return dict(sorted(found.items(), key=lambda item: item[0].value))


def _all(made: Mapping[str, Quads]) -> Quads:
    return [quad for quads in made.values() for quad in quads]


def _written(made: Mapping[str, Quads], prefixes: Mapping[str, str]) -> dict[str, bytes]:
    """Return each as TriG, and all of them in one."""
    written = {name: _trig(quads, _coded(prefixes, verified(quads))) for name, quads in made.items()}
    written["all"] = _trig(_all(made), prefixes)
    return {f"nanopubs/{name}.trig": content for name, content in written.items()}


def _coded(prefixes: Mapping[str, str], code: str) -> dict[str, str]:
    return {short: start.replace(PLACEHOLDER, code) for short, start in prefixes.items()}


def _trig(quads: Quads, prefixes: Mapping[str, str]) -> bytes:
    """Return the quads as TriG with the prefixes that occur in them."""
    terms = {term for quad in quads for term in (*quad.triple, quad.graph_name)}
    iris = {term.datatype.value if isinstance(term, ox.Literal) else value(term) for term in terms}
    shorten = Shortener(prefixes)
    names = {shorten(iri).partition(":")[0] for iri in iris}
    used = {short: start for short, start in prefixes.items() if short in names or start in iris}
    return serialise(quads, ox.RdfFormat.TRIG, used)
