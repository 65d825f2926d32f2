"""Entities that have one of our names but did not join are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.inputs import read_sources
from ldnkg.merge.quarantine import find_labels
from ldnkg.merge.unjoined import UnjoinedEntity, find_unjoined
from support.merging import LABEL, NALTREXONE, OBO, write_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

OURS = "http://example.org/x"


def find(
    reference: ReferenceIndex, folder: Path, text: str, joined: Collection[str] = (), name: str = "a.ttl"
) -> list[UnjoinedEntity]:
    (source,) = read_sources([write_file(folder, name, text)], reference.resolver)
    parts = source.parts
    return [
        found
        for part in parts
        for found in find_unjoined(part, find_labels(part, reference.vocabulary), joined, reference.entities)
    ]


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("naltrexone", NALTREXONE),
        ("NALTREXONE", NALTREXONE),
        ("Naltrexone", NALTREXONE),
        ("Fibromyalgia syndrome", f"{OBO}MONDO_0005546"),
        ("chronic pain", f"{OBO}HP_0012532"),
        ("Microglia", f"{OBO}CL_0000129"),
        ("LDN", "https://w3id.org/ldn-kg/regimen/low-dose-naltrexone"),
        ("low dose naltrexone", "https://w3id.org/ldn-kg/regimen/low-dose-naltrexone"),
        ("Sleep-Quality", f"{OBO}OBA_2040170"),
    ],
)
def test_a_label_or_the_label_of_an_exact_match_is_a_name(
    label: str, entity: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    assert find(reference, tmp_path, f'<{OURS}> {LABEL} "{label}" .') == [UnjoinedEntity("a.ttl", OURS, label, entity)]


@pytest.mark.parametrize(
    "label",
    [
        "naltrexone hydrochloride",
        "chronic pain syndrome",
        "pain",
        "ldn",
        "Ldn",
        "alcohol dependence",  # the label of a close match
        "",
        "naltrexone " * 40,
        'naltrexone"@de , "other',
    ],
)
def test_another_label_is_no_name(label: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    assert find(reference, tmp_path, f'<{OURS}> {LABEL} "{label}" .') == []


@pytest.mark.parametrize(
    "iri",
    [
        NALTREXONE,
        "https://identifiers.org/mesh:D009271",
        "http://purl.obolibrary.org/obo/CHEBI_134687",  # refused for naltrexone
        "https://identifiers.org/mesh:D009270",  # naloxone
    ],
)
def test_an_identifier_that_is_known_for_the_entity_is_not_listed(
    iri: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    assert find(reference, tmp_path, f'<{iri}> {LABEL} "naltrexone" .') == []


def test_a_near_match_is_listed_only_under_the_name_of_another_entity(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    gene = "http://identifiers.org/ncbigene/7099"
    text = f'<{gene}> {LABEL} "Toll-like receptor 4" , "naltrexone" .'
    assert [found.entity for found in find(reference, tmp_path, text)] == [NALTREXONE]


def test_a_joined_entity_and_a_relation_are_not_listed(reference: ReferenceIndex, tmp_path: Path) -> None:
    relation = "<http://e.org/depression>"
    text = f'<{OURS}> {LABEL} "naltrexone" ; {relation} 1 . {relation} {LABEL} "Depression" .'
    assert [found.iri for found in find(reference, tmp_path, text)] == [OURS]
    assert find(reference, tmp_path, text, joined={OURS}) == []


def test_the_entities_are_sorted_and_a_blank_node_has_its_local_iri(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f'<{OURS}2> {LABEL} "naltrexone" . <{OURS}1> {LABEL} "naloxone" , "naltrexone" . [] {LABEL} "mood" .'
    found = find(reference, tmp_path, text)
    assert found == sorted(found)
    assert [row.label for row in found] == ["naloxone", "naltrexone", "naltrexone", "mood"]
    assert found[-1].iri.endswith("#blank-1")


def test_the_names_in_the_head_of_a_path_are_read(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = (
        "graph:\n  drug: naltrexone\n  drug_mesh: MESH:C000000\n  disease: fibromyalgia\n  disease_mesh: MESH:D005356\n"
        "nodes:\n- id: MESH:C000000\n  name: x\n  label: Drug\nlinks: []\n"
    )
    found = find(reference, tmp_path, text, joined={"http://id.nlm.nih.gov/mesh/D005356"}, name="a.yaml")
    assert [(row.label, row.entity) for row in found] == [("naltrexone", NALTREXONE)]
