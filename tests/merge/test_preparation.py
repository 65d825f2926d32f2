"""Sources are prepared for comparison: literals that are identifiers are resolved, and what is wrong is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.inputs import read_sources
from ldnkg.merge.preparation import PreparedSources, prepare_sources
from support.merging import LABEL, MESH, NALTREXONE, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

SUBJECT = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#subject>"
SAME_AS = "<http://www.w3.org/2002/07/owl#sameAs>"


def prepare(reference: ReferenceIndex, *paths: Path) -> PreparedSources:
    return prepare_sources(reference, read_sources(paths, reference.resolver), [])


@pytest.mark.parametrize(
    ("property_", "text", "resolved"),
    [
        (SUBJECT, "CHEBI:7465", f"<{NALTREXONE}>"),
        (SUBJECT, "mesh:D009271", f"<{MESH}D009271>"),
        (SAME_AS, "http://identifiers.org/mesh/D009271", f"<{MESH}D009271>"),
        (SAME_AS, "naltrexone", '"naltrexone"'),
        (SAME_AS, "note: a text", '"note: a text"'),
        (SAME_AS, "CHEBI: not <an> identifier", '"CHEBI: not <an> identifier"'),
        (LABEL, "CHEBI:7465", '"CHEBI:7465"'),
    ],
)
def test_a_literal_that_names_an_end_is_resolved(
    property_: str, text: str, resolved: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    path = write_file(tmp_path, "a.nt", f'<http://example.org/a> {property_} "{text}" .\n')
    (part,) = prepare(reference, path).parts
    assert [str(quad.object) for quad in part.quads] == [resolved]


def test_the_quads_are_ordered_and_each_is_kept_once(reference: ReferenceIndex, tmp_path: Path) -> None:
    lines = [f'<http://example.org/{name}> {LABEL} "x" .\n' for name in "cabac"]
    (part,) = prepare(reference, write_file(tmp_path, "a.nt", "".join(lines))).parts
    assert [quad.subject.value[-1] for quad in part.quads] == ["a", "b", "c"]


def test_only_the_refused_links_are_removed(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""
    <http://example.org/a> {SAME_AS} <{NALTREXONE}> ; {LABEL} "a" .
    <{NALTREXONE}> {SAME_AS} <{MESH}D009270> , <{MESH}D009271> .
    <{NALTREXONE}> <http://www.w3.org/2004/02/skos/core#closeMatch> <{MESH}D009270> .
    """
    prepared = prepare(reference, write_file(tmp_path, "a.ttl", text))
    (part,) = prepared.parts
    assert [(found.link.predicate[-10:], found.identifier) for found in prepared.refused_links] == [
        ("owl#sameAs", f"{MESH}D009270"),
        ("closeMatch", f"{MESH}D009270"),
    ]
    kept = {(quad.predicate.value[-10:], str(quad.object)) for quad in part.quads}
    assert ("owl#sameAs", f"<{MESH}D009271>") in kept
    assert ("owl#sameAs", f"<{MESH}D009270>") not in kept
    assert ("closeMatch", f"<{MESH}D009270>") in kept
    assert len(prepared.links.exact) == 2
    assert not prepared.links.near


def test_each_path_is_judged_by_its_own_labels(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = "nodes:\n- {{id: MESH:D009270, name: {0}}}\nlinks: []\ngraph: {{_id: {0}}}\n"
    text = "".join(
        "- " + path.format(name).replace("\n", "\n  ").rstrip() + "\n" for name in ("Naloxone", "Naltrexone")
    )
    prepared = prepare(reference, write_file(tmp_path, "a.yaml", text))
    assert [found.label for found in prepared.quarantined] == ["Naltrexone"]
    subjects = [{quad.subject.value for quad in part.quads} for part in prepared.parts]
    assert [f"{MESH}D009270" in found for found in subjects] == [True, False]


def test_the_ends_of_triple_terms_are_quarantined_too(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""
    <{MESH}D009270> {LABEL} "Naltrexone" .
    << <{MESH}D009270> <http://example.org/p> <http://example.org/o> >> <http://example.org/q> 'x' .
    """
    prepared = prepare(reference, write_file(tmp_path, "a.ttl", text))
    assert not [quad for part in prepared.parts for quad in part.quads if f"{MESH}D009270" in str(quad)]
    assert len(prepared.quarantined) == 1
