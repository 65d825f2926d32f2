"""Wrong identifiers do not join, and named graphs with one of our names are renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.rdf.terms import get_graph
from support.merging import (
    EXACT_MATCH,
    LABEL,
    MERGE_GRAPH,
    MESH,
    OBO,
    PATH,
    PATHS,
    merge_files,
    report_merge,
    select_graph,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def test_naltrexone_under_an_identifier_of_naloxone_does_not_join_naloxone(reference: ReferenceIndex) -> None:
    """Two paths use naloxone's identifier for naltrexone and are quarantined; one path uses it correctly and joins."""
    result = merge_files(reference, PATHS)
    node = ox.NamedNode(f"{MESH}D009270")
    using = {get_graph(quad).rpartition("#")[2] for quad in result.quads if node in (quad.subject, quad.object)}
    assert {name for name in using if name.startswith("DB")} == {"DB01183_MESH_D062787_1"}
    kept = [row["kept_as"] for row in report_merge(reference, PATHS)["refused"]]
    assert len(set(kept)) == 2
    for iri in kept:
        about = {
            (triple.predicate, triple.object)
            for triple in select_graph(result, MERGE_GRAPH.value)
            if str(triple.subject) == f"<{iri}>"
        }
        assert {str(term) for _, term in about} == {f'"{node.value}"', '"is naloxone"'}
        assert not any(predicate == EXACT_MATCH for predicate, _ in about)


def test_naloxone_under_its_own_identifier_is_joined(reference: ReferenceIndex, tmp_path: Path) -> None:
    named = write_file(tmp_path, "a.ttl", f'<{MESH}D009270> {LABEL} "Naloxone" .')
    assert [row["our_entity"] for row in report_merge(reference, named)["joined"]] == ["CHEBI:7459"]


@pytest.mark.parametrize(
    ("identifier", "label", "refused"),
    [
        (f"{MESH}D009270", "naltrexone", True),
        (f"{MESH}D009270", "Naltrexone 4.5 mg", True),
        (f"{MESH}D009271", "Naloxone", True),
        (f"{MESH}D009292", "Naltrexone", True),
        (f"{MESH}D009292", "Narcotic Antagonists", False),
        (f"{OBO}CHEBI_134687", "naltrexone", True),
        (f"{OBO}CHEBI_134687", "naltrexone hydrochloride", False),
        (f"{OBO}CHEBI_134687", "Naltrexone HCl", False),
        (f"{OBO}MONDO_0005618", "Anxiety", True),
        (f"{OBO}MONDO_0005618", "anxiety disorder", False),
        ("https://identifiers.org/mesh:D009270", "naltrexone", True),
        (f"{OBO}GO_0043526", "any label", True),
    ],
)
def test_an_identifier_is_quarantined_by_its_label(
    identifier: str, label: str, refused: bool, reference: ReferenceIndex, tmp_path: Path
) -> None:
    report = report_merge(reference, write_file(tmp_path, "a.ttl", f'<{identifier}> {LABEL} "{label}" .'))
    assert bool(report["refused"]) == refused
    assert not (refused and report["joined"])


@pytest.mark.parametrize(
    ("drug", "mesh", "refused"),
    [
        ("naltrexone", "D009270", 1),
        ("naltrexone", "D009271", 0),
        ("naloxone", "D009270", 0),
        ("naloxone", "D009271", 1),
    ],
)
def test_the_head_of_a_path_gives_the_labels_of_its_identifiers(
    drug: str, mesh: str, refused: int, reference: ReferenceIndex, tmp_path: Path
) -> None:
    """The nodes of the path are other entities."""
    head = f"graph:\n  _id: a\n  drug: {drug}\n  drug_mesh: MESH:{mesh}\n"
    report = report_merge(
        reference,
        write_file(tmp_path, "a.yaml", head + PATH.replace("CHEBI:7465", "CHEBI:1").replace("name: a", "name: b")),
    )
    assert [row["called"] for row in report["refused"]] == [drug] * refused
    assert len(report["joined"]) == 1 - refused


def test_a_named_graph_with_one_of_our_names_is_renamed(reference: ReferenceIndex, tmp_path: Path) -> None:
    claim = "https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"
    path = write_file(tmp_path, "a.nq", f"<http://e.org/a> <http://e.org/b> <http://e.org/c> <{claim}> .")
    result = merge_files(reference, path)
    assert not any("e.org" in str(triple) for triple in select_graph(result, claim))
    (graph,) = {get_graph(quad) for quad in result.quads if "e.org/a" in str(quad)}
    named = [triple for triple in select_graph(result, MERGE_GRAPH.value) if str(triple.subject) == f"<{graph}>"]
    assert {term.value for term in (triple.object for triple in named) if not isinstance(term, ox.Triple)} == {
        claim,
        result.sources[0].iri,
    }
