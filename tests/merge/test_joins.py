"""Identifiers join by our mappings, by the links of a source, or as they would if they were corrected."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.entity_index import Lookalike
from ldnkg.merge.joins import BASES, Join, JoinIndex
from ldnkg.merge.links import Link
from ldnkg.merge.quarantine import QuarantinedIdentifier
from support.merging import MESH, NALTREXONE, OBO

if TYPE_CHECKING:
    from ldnkg.merge.reference import ReferenceIndex

EXACT, CLOSE = "http://www.w3.org/2004/02/skos/core#exactMatch", "http://www.w3.org/2004/02/skos/core#closeMatch"
A, B, C = (f"http://example.org/{name}" for name in "abc")
GENE, PROTEIN = "https://identifiers.org/ncbigene/4988", "http://purl.uniprot.org/uniprot/P35372"


def link(subject: str, object_: str, relation: str = EXACT) -> Link:
    return Link("http://example.org/graph", subject, relation, object_)


@pytest.fixture
def joins(reference: ReferenceIndex) -> JoinIndex:
    return JoinIndex(reference.entities)


@pytest.mark.parametrize(
    ("iri", "match", "basis"),
    [
        (NALTREXONE, "same", "exact"),
        (f"{MESH}D009271", "exact", "exact"),
        ("https://identifiers.org/mesh:D009271", "exact", "exact"),
        (f"{OBO}CHEBI_134687", "narrow", None),
    ],
)
def test_our_mappings_join(iri: str, match: str, basis: str | None, joins: JoinIndex) -> None:
    assert [(join.entity, join.match, join.basis) for join in joins.find(iri)] == [(NALTREXONE, match, basis)]


def test_a_gene_is_near_its_protein(joins: JoinIndex) -> None:
    assert [(join.entity, join.match, join.basis) for join in joins.find_best(GENE)] == [(PROTEIN, "close", "near")]


def test_a_broad_or_narrow_match_is_never_compared(joins: JoinIndex) -> None:
    for iri in (f"{OBO}CHEBI_134687", f"{MESH}D017450"):
        assert joins.find(iri)
        assert joins.find_best(iri) == []


@pytest.mark.parametrize("order", list(permutations([link(A, B), link(C, B), link(C, f"{MESH}D009271")])))
def test_a_chain_of_links_joins_in_any_order(order: list[Link], joins: JoinIndex) -> None:
    joins.add_links(order, [])
    assert [joins.find(iri) for iri in (A, B, C)] == [
        [Join(NALTREXONE, "linked", f"{subject} {EXACT} {object_}")]
        for subject, object_ in ((A, B), (C, B), (C, f"{MESH}D009271"))
    ]


def test_an_identifier_that_we_map_is_not_linked_again(joins: JoinIndex) -> None:
    joins.add_links([link(NALTREXONE, f"{MESH}D009271")], [])
    assert [join.match for join in joins.find(f"{MESH}D009271")] == ["exact"]


def test_a_near_link_joins_as_near_over_one_link_only(joins: JoinIndex) -> None:
    joins.add_links([link(A, NALTREXONE)], [link(B, A, CLOSE), link(C, B, CLOSE)])
    assert joins.find_best(B) == [Join(NALTREXONE, "linked as near", f"{B} {CLOSE} {A}")]
    assert joins.find(C) == []


def test_an_exact_link_is_preferred_to_a_near_one(joins: JoinIndex) -> None:
    joins.add_links([link(A, NALTREXONE)], [link(A, PROTEIN, CLOSE)])
    assert [(join.entity, join.basis) for join in joins.find_best(A)] == [(NALTREXONE, "exact")]
    joins.add_links([link(GENE, A)], [])
    assert [(join.entity, join.basis) for join in joins.find_best(GENE)] == [(NALTREXONE, "exact")]


def test_a_near_link_repeats_no_mapping_of_ours(joins: JoinIndex) -> None:
    joins.add_links([], [link(GENE, PROTEIN, CLOSE)])
    assert [join.match for join in joins.find(GENE)] == ["close"]


def test_a_near_link_between_our_entities_joins_nothing(joins: JoinIndex) -> None:
    joins.add_links([], [link(f"{OBO}CHEBI_7459", NALTREXONE, CLOSE)])
    assert [join.entity for join in joins.find(f"{OBO}CHEBI_7459")] == [f"{OBO}CHEBI_7459"]


def test_links_between_unknown_identifiers_join_nothing(joins: JoinIndex) -> None:
    joins.add_links([link(A, B)], [link(B, C, CLOSE)])
    assert [joins.find(iri) for iri in (A, B, C)] == [[], [], []]


@pytest.mark.parametrize("entity", [NALTREXONE, ""])
def test_a_quarantined_identifier_joins_hypothetically_the_entity_that_was_meant(entity: str, joins: JoinIndex) -> None:
    lookalike = Lookalike("Naloxone", entity, "is naloxone", "use another")
    joins.add_corrections([QuarantinedIdentifier("a", f"{MESH}D009270", "naltrexone", lookalike, "ni:///sha-256;x#y")])
    expected = [Join(NALTREXONE, "corrected", f"{MESH}D009270")] if entity else []
    assert joins.find_best("ni:///sha-256;x#y") == expected
    assert all(join.basis == BASES[-1] for join in expected)
