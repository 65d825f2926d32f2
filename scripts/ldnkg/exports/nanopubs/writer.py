"""Write each claim as a nanopublication: assertion, provenance and publication info under one trusty URI."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.exports.nanopubs.trusty_uris import (
    PLACEHOLDER,
    assign_trusty_uris,
    find_artifact_code,
    insert_artifact_code,
)
from ldnkg.files import read_turtle_with_prefixes
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import load_store, select_tuples
from ldnkg.rdf.terms import Shortener, get_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.publication.combined import CombinedGraph

    Quads = list[ox.Quad]

FOLDER = Path(__file__).parent
VARIABLES = ("node", "graph", "subject", "predicate", "object")
RESERVED = {"all": "the file of all nanopublications", "index": "the index"}
PARTS = ("assertion", "provenance", "pubinfo")


def make_files(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each nanopublication, unsigned, their index, and one file with all of them."""
    return make_signed_files(combined, list, folder)


def make_signed_files(
    combined: CombinedGraph, sign: Callable[[Quads], Quads], folder: Path = FOLDER
) -> dict[str, bytes]:
    """Return the files of `make_files`, signed: `sign` takes the quads of a nanopublication and returns more."""
    head, own_prefixes = read_turtle_with_prefixes(folder / "head.trig", ox.RdfFormat.TRIG)
    parts = _select_by_node(combined.store, [folder / f"{part}.rq" for part in PARTS])
    nanopubs = {
        combined.format_term(node).partition(":")[2]: assign_trusty_uris(sign([*head, *quads]))
        for node, quads in parts.items()
    }
    _refuse_reserved_names(nanopubs)
    heads = [insert_artifact_code(quad, find_artifact_code(quads)) for quads in nanopubs.values() for quad in head]
    indexed = load_store([*combined.publication.inputs.fixed, *heads])
    (index,) = _select_by_node(indexed, [folder / "index.rq"]).values()
    nanopubs["index"] = assign_trusty_uris(sign([*head, *index]))
    return _serialise_each_and_all(nanopubs, combined.prefixes, own_prefixes)


def _select_by_node(store: ox.Store, queries: list[Path]) -> dict[ox.NamedNode, Quads]:
    """Return the quads that the queries select for each node, query by query, sorted by node."""
    found: defaultdict[ox.NamedNode, Quads] = defaultdict(list)
    for query in queries:
        for node, graph, subject, predicate, value in select_tuples(store, query, VARIABLES):
            found[node].append(ox.Quad(subject, predicate, value, graph))
    return dict(sorted(found.items(), key=lambda item: item[0].value))


def _refuse_reserved_names(nanopubs: Mapping[str, Quads]) -> None:
    if taken := sorted(nanopubs.keys() & RESERVED):
        name = taken[0]
        raise LdnkgError(
            f"claim:{name}: the file name nanopubs/{name}.trig is reserved for {RESERVED[name]}. Rename the claim.", 1
        )


def _serialise_each_and_all(
    nanopubs: Mapping[str, Quads], shared: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, bytes]:
    """Return each nanopublication as TriG, and one file with all of them, with the prefixes in use.

    In the prefixes of `own`, the artifact code of each nanopublication replaces the placeholder.
    """
    common = {**shared, **{short: start for short, start in own.items() if PLACEHOLDER not in start}}
    with_code = {short: start for short, start in own.items() if PLACEHOLDER in start}
    shorten = Shortener(common)
    files: dict[str, bytes] = {}
    used_in_all: set[str] = set()
    for name, quads in nanopubs.items():
        used = {shorten(iri).partition(":")[0] for iri in _collect_iris(quads)}
        code = find_artifact_code(quads)
        local = {short: start.replace(PLACEHOLDER, code) for short, start in with_code.items()}
        files[name] = serialise(quads, ox.RdfFormat.TRIG, _pick_prefixes(common, used) | local)
        used_in_all |= used
    every = (quad for quads in nanopubs.values() for quad in quads)
    files["all"] = serialise(every, ox.RdfFormat.TRIG, _pick_prefixes(common, used_in_all))
    return {f"nanopubs/{name}.trig": content for name, content in files.items()}


def _pick_prefixes(prefixes: Mapping[str, str], used: set[str]) -> dict[str, str]:
    return {short: start for short, start in prefixes.items() if short in used}


def _collect_iris(quads: Quads) -> set[str]:
    return {term.datatype.value if isinstance(term, ox.Literal) else get_value(term) for quad in quads for term in quad}
