"""The merged graph has all quads of our graph and of the sources."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from ldnkg.merge.merge import merge
from ldnkg.merge.report import make_report
from ldnkg.rdf.terms import get_graph
from support.merging import (
    BIOLINK,
    FEW_EXAMPLES,
    MERGE_GRAPH,
    MESH,
    NALOXONE,
    NALTREXONE,
    PATHS,
    TEXTS,
    merge_files,
    serialise,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def test_a_merge_without_sources_gives_our_graph(reference: ReferenceIndex) -> None:
    result = merge(reference, [])
    assert set(result.quads) == set(reference.graph.publication.quads)
    report = dict(make_report(result, reference))
    assert not any(report[name] for name in report if name != "counts")


def test_our_graphs_are_unchanged_and_each_source_has_its_own_graphs(reference: ReferenceIndex) -> None:
    result = merge_files(reference, BIOLINK, PATHS)
    expected = group_by_graph(reference.graph.publication.quads)
    graphs = group_by_graph(result.quads)
    assert {graph: graphs[graph] for graph in expected} == expected
    rest = graphs.keys() - expected.keys() - {MERGE_GRAPH.value}
    iris = [source.iri for source in result.sources]
    assert all(any(graph.startswith(iri) for iri in iris) for graph in rest)
    assert len(rest) == 1 + 3


def group_by_graph(quads: Iterable[ox.Quad]) -> dict[str, set[ox.Triple]]:
    groups = defaultdict(set)
    for quad in quads:
        groups[get_graph(quad)].add(quad.triple)
    return dict(groups)


def test_both_files_have_the_merged_quads(reference: ReferenceIndex) -> None:
    result = merge_files(reference, BIOLINK, PATHS)
    made = serialise(result.merged, reference)
    assert set(ox.parse(made["merged.nq"], format=ox.RdfFormat.N_QUADS)) == set(result.quads)
    assert set(ox.parse(made["merged.trig"], format=ox.RdfFormat.TRIG)) == set(result.quads)


def test_each_term_of_a_source_is_in_memory_only_once(reference: ReferenceIndex) -> None:
    """Otherwise a large graph would take three times the memory."""
    quads = [quad for quad in merge_files(reference, BIOLINK).merged if quad.graph.startswith("ni:")]
    terms = [term for quad in quads for term in quad]
    assert len(terms) > 2 * len(set(terms))
    assert len({id(term) for term in terms}) == len(set(terms))


def test_rdflib_reads_all_quads_and_finds_no_blank_node(reference: ReferenceIndex, tmp_path: Path) -> None:
    blank = write_file(tmp_path, "a.ttl", "<http://e.org/a> <http://e.org/b> [ <http://e.org/c> [] ] .")
    result = merge_files(reference, BIOLINK, PATHS, blank)
    data = serialise(result.merged, reference)["merged.nq"]
    read = list(rdflib.Dataset().parse(data=data, format="nquads").quads())
    assert len(read) == len(result.quads)
    assert not [quad for quad in read if any(isinstance(term, rdflib.BNode) for term in quad)]


IRIS = st.sampled_from(
    [NALTREXONE, NALOXONE, f"{MESH}D009270", f"{MESH}D009271", "http://e.org/a", "https://identifiers.org/mesh:D009270"]
).map(ox.NamedNode)
BLANKS = st.sampled_from("xyz").map(ox.BlankNode)
PREDICATES = st.sampled_from(
    ["http://www.w3.org/2000/01/rdf-schema#label", "http://e.org/p", "https://w3id.org/biolink/vocab/treats"]
).map(ox.NamedNode)
GRAPHS = st.sampled_from(
    [
        ox.DefaultGraph(),
        ox.NamedNode("http://e.org/g"),
        MERGE_GRAPH,
        ox.NamedNode("https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"),
    ]
)
QUADS = st.builds(ox.Quad, IRIS | BLANKS, PREDICATES, IRIS | BLANKS | TEXTS.map(ox.Literal), GRAPHS)


def mask(quad: ox.Quad, quarantined: Collection[str] = ()) -> tuple[str, ...]:
    """The terms of a quad, with a question mark for each term that a merge may rename."""
    terms = ("?" if isinstance(t, ox.BlankNode) or str(t).startswith("<ni:") else str(t) for t in quad.triple)
    return tuple("?" if term.strip("<>") in quarantined else term for term in terms)


@FEW_EXAMPLES
@given(st.lists(QUADS, min_size=1, max_size=12))
def test_every_quad_of_a_source_is_in_the_merged_graph(
    reference: ReferenceIndex, tmp_path: Path, quads: list[ox.Quad]
) -> None:
    """Blank nodes and quarantined identifiers are renamed one to one; everything else is unchanged."""
    path = tmp_path / "a.nq"
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    result = merge_files(reference, path)
    merged = result.quads
    quarantined = {identifier.iri for identifier in result.quarantined}
    iri = result.sources[0].iri
    of_source = [quad for quad in merged if result.graphs.get(get_graph(quad))]
    expected = set(quads)
    assert len(of_source) == len(expected)
    assert sorted(map(mask, of_source)) == sorted(mask(quad, quarantined) for quad in expected)
    assert all(get_graph(quad).startswith(iri) or get_graph(quad) == "http://e.org/g" for quad in of_source)
    own = len(reference.graph.publication.quads)
    assert merged[:own] == list(reference.graph.publication.quads)
    added = serialise(result.merged[own:], reference)["merged.trig"]
    assert set(ox.parse(added, format=ox.RdfFormat.TRIG)) == set(merged[own:])
