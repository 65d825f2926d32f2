"""Statements are compared by the weakest join of their ends, and hypothetical comparisons stay apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.merging import LABEL, MESH, NALTREXONE, OBO, report_merge, write_edge, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

BIOLINK = "https://w3id.org/biolink/vocab/"
PROTEIN, GENE = "http://purl.uniprot.org/uniprot/P35372", "https://identifiers.org/ncbigene/4988"
COMPARED = ("contradictions", "near_contradictions", "if_corrected", "agreeing_statements", "near_agreement")
LEVEL = f"<{BIOLINK}knowledge_level>"


def compare(reference: ReferenceIndex, folder: Path, text: str) -> dict[str, set[str]]:
    """The kind or the level of each row of the tables that have rows."""
    report = report_merge(reference, write_file(folder, "a.ttl", text))
    tables = (*COMPARED, "other_statements", "quoted_statements", "new_about_our_entities")
    return {name: {row.get("kind") or row["level"] for row in report[name]} for name in tables if report[name]}


BASES = [
    (NALTREXONE, PROTEIN, {"agreeing_statements"}),
    (NALTREXONE, GENE, {"near_agreement"}),
    ("http://example.org/linked", PROTEIN, {"agreeing_statements"}),
    ("http://example.org/linked", GENE, {"near_agreement"}),
    ("http://example.org/near", PROTEIN, {"near_agreement"}),
    (f"{MESH}D009270", PROTEIN, {"if_corrected"}),
    (f"{MESH}D009270", GENE, {"if_corrected"}),
]


@pytest.mark.parametrize(("subject", "object_", "tables"), BASES)
def test_the_weakest_join_of_the_ends_decides(
    subject: str, object_: str, tables: set[str], reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = f"""
    <http://example.org/linked> <http://www.w3.org/2002/07/owl#sameAs> <{NALTREXONE}> .
    <http://example.org/near> <http://www.w3.org/2004/02/skos/core#closeMatch> <{NALTREXONE}> .
    <{MESH}D009270> {LABEL} "Naltrexone" .
    <{subject}> <{BIOLINK}decreases_activity_of> <{object_}> .
    """
    assert compare(reference, tmp_path, text).keys() == tables


def test_nothing_hypothetical_is_among_the_contradictions(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""
    <{MESH}D009270> {LABEL} "naltrexone" ; <{BIOLINK}treats> <{OBO}MONDO_0005546> ;
      <{BIOLINK}increases_activity_of> <{PROTEIN}> ; <{BIOLINK}affects> <{PROTEIN}> .
    """
    found = compare(reference, tmp_path, text)
    assert found == {"if_corrected": {"polarity", "relation", "dose", "agreement"}}


def test_a_correct_label_leaves_nothing_to_correct(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f'<{MESH}D009270> {LABEL} "Naloxone" ; <{BIOLINK}increases_activity_of> <{PROTEIN}> .'
    assert "if_corrected" not in compare(reference, tmp_path, text)


def test_naloxone_under_an_identifier_of_naltrexone_is_compared_as_naloxone(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = f'<{MESH}D009271> {LABEL} "Naloxone" ; <https://w3id.org/ldn-kg/ontology#longerActingThan> <{NALTREXONE}> .'
    report = report_merge(reference, write_file(tmp_path, "a.ttl", text))
    assert [(row["kind"], row["compared_as"]) for row in report["if_corrected"]] == [
        ("direction", "as if MESH:D009271 were naloxone (CHEBI:7459)")
    ]


def test_a_lookalike_of_no_entity_has_no_hypothetical_comparison(reference: ReferenceIndex, tmp_path: Path) -> None:
    """The identifier is obsolete, and must not be used for any entity."""
    text = f'<http://www.ebi.ac.uk/efo/EFO_0005687> {LABEL} "fibromyalgia" . ' + (
        f"<{NALTREXONE}> <{BIOLINK}treats> <http://www.ebi.ac.uk/efo/EFO_0005687> ."
    )
    report = report_merge(reference, write_file(tmp_path, "a.ttl", text))
    assert [row["reason"] for row in report["refused"]] == ["is obsolete"]
    assert [name for name in COMPARED if report[name]] == []


@pytest.mark.parametrize(
    ("extra", "tables"),
    [
        ("", {"quoted_statements": {"quoted, not asserted"}}),
        (f'; {LEVEL} "knowledge_assertion"', {"contradictions": {"polarity"}}),
        (f'; {LEVEL} "prediction"', {"contradictions": {"polarity", "certainty"}}),
        (f'; {LEVEL} "prediction" ; <{BIOLINK}negated> true', {"other_statements": {"prediction, negated"}}),
    ],
)
def test_a_quoted_statement_is_compared_only_with_a_level(
    extra: str, tables: dict[str, set[str]], reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = f"<< <{NALTREXONE}> <{BIOLINK}increases_activity_of> <{PROTEIN}> >> <http://example.org/by> 'x' {extra} ."
    assert compare(reference, tmp_path, text) == tables


@pytest.mark.parametrize(
    ("aspect", "table"),
    [
        *((aspect, "contradictions") for aspect in ("activity", "activity_or_abundance", "")),
        *((aspect, "other_statements") for aspect in ("expression", "abundance", "nonsense")),
    ],
)
def test_directions_are_compared_only_for_the_same_aspect(
    aspect: str, table: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    more = {"object_direction_qualifier": "increased", "knowledge_level": "knowledge_assertion"}
    more |= {"object_aspect_qualifier": aspect} if aspect else {}
    report = report_merge(reference, write_edge(tmp_path, "CHEBI:7465", "biolink:affects", "UniProtKB:P35372", **more))
    assert [name for name in (*COMPARED, "other_statements") if report[name]] == [table]


def test_a_statement_names_the_link_that_joins_it_and_its_node(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""
    <http://example.org/a> <http://www.w3.org/2002/07/owl#sameAs> <{MESH}D009271> .
    <http://example.org/a> <{BIOLINK}increases_activity_of> <{GENE}> ~ <http://example.org/edge>
      {{| {LEVEL} "knowledge_assertion" |}} .
    """
    (row,) = report_merge(reference, write_file(tmp_path, "a.ttl", text))["near_contradictions"]
    assert row["node"] == "http://example.org/edge"
    assert row["compared_as"] == (
        "naltrexone (CHEBI:7465) by the source's link http://example.org/a owl:sameAs MESH:D009271; "
        "mu-opioid receptor (UniProtKB:P35372) by our close match"
    )
