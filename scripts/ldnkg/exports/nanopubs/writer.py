"""Each claim as a nanopublication: what it asserts, whence that comes and who published it, under one trusty URI."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.exports.nanopubs.trusty_uris import PLACEHOLDER, borne, coded, sealed
from ldnkg.files import read_turtle_with_prefixes
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import load_store, select_tuples
from ldnkg.rdf.terms import Shortener, get_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ldnkg.publication.combined import CombinedGraph

    Quads = list[ox.Quad]

COLUMNS = ("node", "graph", "subject", "predicate", "object")
OTHERS = {"all": "all of them", "index": "the index"}
PARTS = ("assertion", "provenance", "pubinfo")


FOLDER = Path(__file__).parent


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each nanopublication, unsigned, the index of them, and all in one file."""
    return signed(combined, list, folder)


def signed(combined: CombinedGraph, sign: Callable[[Quads], Quads], folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the same files where `sign` returns the quads of each nanopublication with what it adds to them."""
    head, named = read_turtle_with_prefixes(folder / "head.trig", ox.RdfFormat.TRIG)
    parts = [folder / f"{part}.rq" for part in PARTS]
    made = {
        combined.format_term(node).partition(":")[2]: sealed(sign([*head, *quads]))
        for node, quads in _by_node(combined.store, parts).items()
    }
    if taken := sorted(made.keys() & OTHERS):
        name = taken[0]
        raise LdnkgError(f"claim:{name}: its nanopublication would stand in the file of {OTHERS[name]}. Rename it.", 1)
    heads = [coded(quad, borne(one)) for one in made.values() for quad in head]
    (index,) = _by_node(load_store([*combined.publication.inputs.fixed, *heads]), [folder / "index.rq"]).values()
    made["index"] = sealed(sign([*head, *index]))
    return _written(made, combined.prefixes, named)


def _by_node(store: ox.Store, queries: list[Path]) -> dict[ox.NamedNode, Quads]:
    """Return the quads that the queries give for each node, one query after the other, sorted by the node."""
    found: defaultdict[ox.NamedNode, Quads] = defaultdict(list)
    for query in queries:
        for node, graph, subject, predicate, held in select_tuples(store, query, COLUMNS):
            found[node].append(ox.Quad(subject, predicate, held, graph))
    return dict(sorted(found.items(), key=lambda item: item[0].value))


def _written(made: Mapping[str, Quads], shared: Mapping[str, str], own: Mapping[str, str]) -> dict[str, bytes]:
    """Return each as TriG, and all of them in one, with the prefixes that occur; those of one alone hold its code."""
    common = {**shared, **{short: start for short, start in own.items() if PLACEHOLDER not in start}}
    apart = {short: start for short, start in own.items() if PLACEHOLDER in start}
    shorten = Shortener(common)
    written, occurring = {}, set()
    for name, quads in made.items():
        names = {shorten(iri).partition(":")[0] for iri in _iris(quads)}
        used = {short: start for short, start in common.items() if short in names}
        written[name] = serialise(quads, ox.RdfFormat.TRIG, used | _coded(apart, borne(quads)))
        occurring |= names
    used = {short: start for short, start in common.items() if short in occurring}
    written["all"] = serialise(_all(made), ox.RdfFormat.TRIG, used)
    return {f"nanopubs/{name}.trig": content for name, content in written.items()}


def _iris(quads: Quads) -> set[str]:
    return {term.datatype.value if isinstance(term, ox.Literal) else get_value(term) for quad in quads for term in quad}


def _all(made: Mapping[str, Quads]) -> Iterator[ox.Quad]:
    return (quad for quads in made.values() for quad in quads)


def _coded(prefixes: Mapping[str, str], code: str) -> dict[str, str]:
    return {short: start.replace(PLACEHOLDER, code) for short, start in prefixes.items()}
