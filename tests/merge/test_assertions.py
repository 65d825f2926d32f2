"""Triples are found in every notation, with the quads that state them; what is left out is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.merge.assertions import MAX_COMBINATIONS, Assertion, read_assertions
from ldnkg.merge.inputs import read_sources
from ldnkg.merge.preparation import prepare_sources
from support.merging import NALTREXONE, OBO, change_claim, merge_files, report_merge, write_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix np: <http://www.nanopub.org/nschema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
RELATED = ox.NamedNode("http://example.org/related")


def read(
    reference: ReferenceIndex, folder: Path, text: str, relations: Collection[ox.NamedNode] = ()
) -> list[Assertion]:
    path = write_file(folder, "a.trig", PREFIXES + text)
    (part,) = prepare_sources(reference, read_sources([path], reference.resolver), []).parts
    return list(read_assertions(part, reference.notations, relations))


def list_quads(found: Assertion) -> list[str]:
    return [quad.predicate.value.rpartition("#")[2].rpartition("/")[2] for quad in found.quads]


def test_a_knowledge_level_that_is_not_in_biolink_is_reported_in_rdf(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "naltrexone-is-taken-orally", "ontology#certainty", "nothing")
    level = (
        "<https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally> <https://w3id.org/biolink/vocab/knowledge_level>"
    )
    result = merge_files(reference, write_file(tmp_path, "a.nt", f'{text}{level} "nonsense" .\n'))
    (skipped,) = result.skipped
    assert (skipped.kind, skipped.record.endswith("/naltrexone-is-taken-orally")) == ("value", True)
    assert (
        skipped.reason == "the knowledge level 'nonsense' is not in Biolink, so the statement is read without a level"
    )


def test_the_quads_of_an_assertion_state_its_triple(reference: ReferenceIndex, tmp_path: Path) -> None:
    (plain,) = read(reference, tmp_path, "ex:a ex:related ex:b .")
    assert (plain.node, list_quads(plain)) == ("", ["related"])
    node = "ex:e rdf:subject ex:a ; rdf:predicate ex:related ; rdf:object ex:b ; ex:note 'x' ."
    (reified,) = read(reference, tmp_path, node)
    assert (reified.node, list_quads(reified)) == ("http://example.org/e", ["subject", "predicate", "object"])
    (term,) = read(reference, tmp_path, "ex:a ex:related ex:b ~ ex:e .")
    assert (term.node, list_quads(term), term.quoted) == ("http://example.org/e", ["reifies"], False)


def test_only_a_triple_that_nothing_asserts_is_quoted(reference: ReferenceIndex, tmp_path: Path) -> None:
    both = "ex:a ex:related ex:b ~ ex:e . << ex:a ex:related ex:c >> ex:note 'x' ."
    found = [each for each in read(reference, tmp_path, both) if each.node]
    assert {(each.triple[2].value[-1], each.quoted) for each in found} == {("b", False), ("c", True)}


def test_only_the_wanted_relations_are_read_in_every_graph(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = """
    ex:head { ex:np np:hasAssertion ex:assertion ; np:hasProvenance ex:source ; np:hasPublicationInfo ex:about }
    ex:assertion { ex:a ex:related ex:b ; ex:other ex:b }
    ex:source { ex:a ex:related ex:c . ex:e rdf:subject ex:a ; rdf:predicate ex:related ; rdf:object ex:d . }
    """
    assert {each.triple[2].value[-1] for each in read(reference, tmp_path, text, [RELATED])} == {"b", "c", "d"}
    plain = [each for each in read(reference, tmp_path, text) if not each.node]
    assert {(each.triple[1].value[-5:], each.triple[2].value[-1]) for each in plain} == {("lated", "b"), ("other", "b")}


def test_literals_and_incomplete_nodes_are_no_triples(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = """
    ex:a ex:related "b" .
    ex:e rdf:subject ex:a ; rdf:predicate ex:related ; rdf:object "b" .
    ex:f rdf:subject ex:a ; rdf:predicate ex:related .
    ex:g rdf:subject ex:a, ex:b ; rdf:predicate ex:related .
    ex:h rdf:subject "a" ; rdf:predicate ex:related ; rdf:object ex:b .
    """
    assert read(reference, tmp_path, text) == []


def test_the_triples_of_a_node_that_are_not_read_are_reported(reference: ReferenceIndex, tmp_path: Path) -> None:
    objects = ", ".join(f"ex:o{number}" for number in range(40))
    subjects = ", ".join(f"ex:s{number}" for number in range(39))
    node = f"ex:e rdf:subject {subjects}, <{NALTREXONE}> ; rdf:predicate ex:related ; rdf:object {objects} ."
    path = write_file(tmp_path, "a.ttl", PREFIXES + node)
    report = report_merge(reference, path)
    most = MAX_COMBINATIONS * (40 + 1 + 40)
    assert [(row["kind"], row["record"], row["reason"]) for row in report["skipped"]] == [
        ("value", "http://example.org/e", f"the node states 1,600 triples, of which the first {most} are read")
    ]
    assert report["counts"]["new_statements"] == most


def test_a_node_with_as_many_triples_as_are_read_is_not_reported(reference: ReferenceIndex, tmp_path: Path) -> None:
    ends = ", ".join(f"ex:x{number}" for number in range(8))
    node = f"ex:e rdf:subject {ends} ; rdf:predicate ex:related ; rdf:object {ends} ."
    report = report_merge(reference, write_file(tmp_path, "a.ttl", PREFIXES + node))
    assert report["skipped"] == []
    assert report["counts"]["new_statements"] == 64


def test_annotations_of_a_statement_are_not_statements(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""
    <{NALTREXONE}> <https://w3id.org/biolink/vocab/treats> <{OBO}MONDO_0005546> ~ ex:e .
    ex:e <http://purl.org/dc/terms/source> ex:s ; <https://w3id.org/biolink/vocab/qualified_predicate> ex:p ;
      <https://w3id.org/biolink/vocab/knowledge_level> <https://w3id.org/biolink/vocab/prediction> ;
      <http://www.w3.org/ns/prov#wasDerivedFrom> <{NALTREXONE}> .
    """
    assert [each.triple[0].value for each in read(reference, tmp_path, text)] == [NALTREXONE]
