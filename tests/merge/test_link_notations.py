"""A link has the same effect in every notation and with every form of an IRI: it joins, is refused or is negated."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.merging import (
    EDGES,
    MERGE_GRAPH,
    MESH,
    NALOXONE,
    NALTREXONE,
    OBO,
    make_pair,
    merge_files,
    report_merge,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.reference import ReferenceIndex

PREFIXES = """
@prefix biolink: <https://w3id.org/biolink/vocab/> .
@prefix ex: <http://example.org/> .
@prefix np: <http://www.nanopub.org/nschema#> .
@prefix oban: <http://purl.org/oban/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom: <https://w3id.org/sssom/> .
"""
AXIOM = "[] a owl:Axiom ; owl:annotatedSource {s} ; owl:annotatedProperty {p} ; owl:annotatedTarget {o}"
NOTATIONS = {
    "plain": "{s} {p} {o} .",
    "statement": "[] rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} .",
    "statement beside the triple": "{s} {p} {o} . [] rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} .",
    "axiom": AXIOM + " ; sssom:mapping_justification sssom:x .",
    "axiom beside the triple": "{s} {p} {o} . " + AXIOM + " ; rdfs:comment 'a' .",
    "axiom beside the triple in a graph": "GRAPH ex:a {{ {s} {p} {o} }} GRAPH ex:b {{ " + AXIOM + " }}",
    "annotation": "{s} {p} {o} {{| rdfs:comment 'a' |}} .",
    "named reifier": "{s} {p} {o} ~ ex:link . ex:link rdfs:comment 'a' .",
    "triple term": "{s} {p} {o} . ex:link rdf:reifies <<( {s} {p} {o} )>> .",
    "association": "[] a biolink:Association ; biolink:subject {s} ; biolink:predicate {p} ; biolink:object {o} .",
    "OBAN": """
        [] oban:association_has_subject {s} ; oban:association_has_predicate {p} ; oban:association_has_object {o} .""",
    "SSSOM": "[] a sssom:Mapping ; sssom:subject_id {s} ; sssom:predicate_id {p} ; sssom:object_id {o} .",
    "in the assertion of a nanopublication": """
        ex:head {{ ex:np np:hasAssertion ex:assertion ; np:hasProvenance ex:source ; np:hasPublicationInfo ex:about }}
        ex:assertion {{ {s} {p} {o} }}""",
    "in the provenance of a nanopublication": """
        ex:head {{ ex:np np:hasAssertion ex:assertion ; np:hasProvenance ex:source ; np:hasPublicationInfo ex:about }}
        ex:assertion {{ ex:x ex:y ex:z }} ex:source {{ {s} {p} {o} }}""",
}
NEGATED = {
    "axiom": AXIOM + " ; sssom:predicate_modifier 'Not' .",
    "axiom with an IRI": AXIOM + " ; sssom:predicate_modifier sssom:NegatedPredicate .",
    "axiom beside the triple": "{s} {p} {o} . " + AXIOM + " ; sssom:predicate_modifier 'Not' .",
    "annotation": "{s} {p} {o} {{| biolink:negated true |}} .",
    "negative assertion": "[] owl:sourceIndividual {s} ; owl:assertionProperty {p} ; owl:targetIndividual {o} .",
    "statement": "[] rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ; biolink:negated 'true' .",
}
RELATIONS = ["skos:exactMatch", "owl:sameAs", "owl:equivalentClass", "biolink:same_as", "biolink:exact_match"]
FORMS_OF_NALOXONE = [
    f"<{NALOXONE}>",
    f"<{MESH}D009270>",
    "<https://identifiers.org/mesh:D009270>",
    "<https://go.drugbank.com/drugs/DB01183>",
    "<https://bioregistry.io/chebi:7459>",
    "<https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:7459>",
    '"MESH:D009270"',
    '"http://identifiers.org/chebi/CHEBI:7459"',
]
LINKS = "|".join(
    f"<{iri}>|^<{iri}>"
    for iri in (
        *(f"http://www.w3.org/2004/02/skos/core#{name}" for name in ("exactMatch",)),
        *(f"http://www.w3.org/2002/07/owl#{name}" for name in ("sameAs", "equivalentClass")),
        *(f"https://w3id.org/biolink/vocab/{name}" for name in ("same_as", "exact_match", "equivalent_identifiers")),
    )
)
TREATS = "ex:mine biolink:treats <http://purl.obolibrary.org/obo/MONDO_0005546> ."


def write_links(folder: Path, *texts: str, name: str = "a.trig") -> Path:
    return write_file(folder, name, PREFIXES + "\n".join(texts) + "\n")


def find_linked(result: MergeResult, resolve: Callable[[str], str]) -> set[str]:
    """The entities that a path of links in the merged graph connects with naltrexone."""
    store = ox.Store()
    store.extend(result.quads)
    rows = store.query(f"SELECT ?e {{ <{NALTREXONE}> ({LINKS})+ ?e }}", use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return {resolve(row["e"].value) for row in rows}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_link_to_the_wrong_drug_is_refused_in_every_notation(
    notation: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = NOTATIONS[notation].format(s=f"<{NALTREXONE}>", p="skos:exactMatch", o=f"<{MESH}D009270>")
    result = merge_files(reference, path := write_links(tmp_path, text))
    report = report_merge(reference, path)
    assert {(row["identifier"], row["is_not"], row["reason"]) for row in report["refused"]} == {
        ("MESH:D009270", "CHEBI:7465", "is naloxone")
    }
    assert find_linked(result, reference.resolver.canonicalise).isdisjoint({NALOXONE, f"{MESH}D009270"})
    stated = {str(quad.object) for quad in result.merged if quad.graph == MERGE_GRAPH.value}
    assert f"<{MESH}D009270>" in stated
    quads = [quad for quad in result.merged if quad.graph in result.graphs]
    assert [quad for quad in quads if f"{MESH}D009270" in "".join(map(str, quad[:3]))] == []


@pytest.mark.parametrize("form", FORMS_OF_NALOXONE)
@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("notation", ["plain", "axiom beside the triple", "annotation"])
def test_a_link_to_the_wrong_drug_is_refused_in_every_form_of_the_iri(
    notation: str, form: str, reference: ReferenceIndex, tmp_path: Path, *, inverted: bool
) -> None:
    ends = (f"<{NALTREXONE}>", form)
    if inverted and form.startswith('"'):
        ends = ("<https://identifiers.org/drugbank:DB00704>", form)
    subject, object_ = reversed(ends) if inverted and form.startswith("<") else ends
    path = write_links(tmp_path, NOTATIONS[notation].format(s=subject, p="owl:sameAs", o=object_))
    assert len(report_merge(reference, path)["refused"]) == 1
    assert NALOXONE not in find_linked(merge_files(reference, path), reference.resolver.canonicalise)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("notation", ["plain", "axiom", "annotation"])
def test_every_relation_of_equivalence_joins_and_is_refused(
    notation: str, relation: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    good = NOTATIONS[notation].format(s="ex:mine", p=relation, o=f"<{NALTREXONE}>")
    bad = NOTATIONS[notation].format(s="ex:mine", p=relation, o=f"<{NALOXONE}>").replace("ex:link", "ex:other")
    joined = report_merge(reference, write_links(tmp_path, good, TREATS))
    assert {row["kind"] for row in joined["contradictions"]} == {"relation", "dose"}
    assert len(report_merge(reference, write_links(tmp_path, good, bad, TREATS))["refused"]) == 1


@pytest.mark.parametrize("notation", NOTATIONS)
def test_an_accepted_link_joins_in_every_notation_and_is_named(
    notation: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    link = NOTATIONS[notation].format(s="ex:mine", p="skos:exactMatch", o=f"<{NALTREXONE}>")
    report = report_merge(reference, write_links(tmp_path, link, f"GRAPH ex:statements {{ {TREATS} }}"))
    name = "http://example.org/mine skos:exactMatch CHEBI:7465"
    assert {row["kind"] for row in report["contradictions"]} == {"relation", "dose"}
    assert {row["compared_as"] for row in report["contradictions"]} == {
        f"naltrexone (CHEBI:7465) by the source's link {name}"
    }
    assert [row["matched_by"] for row in report["joined"] if row["source_entity"].endswith("/mine")] == [name]
    assert report["refused"] == []


@pytest.mark.parametrize("notation", NEGATED)
@pytest.mark.parametrize("other", [f"<{NALOXONE}>", "ex:mine"])
def test_a_negated_link_neither_joins_nor_is_refused(
    notation: str, other: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    link = NEGATED[notation].format(s=other, p="skos:exactMatch", o=f"<{NALTREXONE}>")
    report = report_merge(reference, path := write_links(tmp_path, link, TREATS))
    assert (report["refused"], report["contradictions"]) == ([], [])
    assert NALOXONE not in find_linked(merge_files(reference, path), reference.resolver.canonicalise)


def test_a_quoted_link_is_no_link(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_links(tmp_path, f"<< ex:mine skos:exactMatch <{NALTREXONE}> >> rdfs:comment 'a' .", TREATS)
    assert report_merge(reference, path)["contradictions"] == []


def test_an_absent_match_is_no_link(reference: ReferenceIndex, tmp_path: Path) -> None:
    """SSSOM states with `sssom:NoTermFound` that an entity has no match."""
    links = [f"<{entity}> skos:exactMatch sssom:NoTermFound ." for entity in (NALTREXONE, NALOXONE)]
    report = report_merge(reference, write_links(tmp_path, *links))
    assert report["refused"] == []
    assert [row for row in report["joined"] if row["source_entity"].endswith("NoTermFound")] == []


def test_a_cross_reference_joins_nothing(reference: ReferenceIndex, tmp_path: Path) -> None:
    xref = "<http://www.geneontology.org/formats/oboInOwl#hasDbXref>"
    path = write_links(tmp_path, f'ex:mine {xref} "CHEBI:7465" . ex:mine {xref} <{NALTREXONE}> .', TREATS)
    report = report_merge(reference, path)
    assert (report["contradictions"], report["refused"]) == ([], [])


def test_a_chain_of_links_over_two_sources_joins(reference: ReferenceIndex, tmp_path: Path) -> None:
    first = write_links(tmp_path, "ex:mine owl:sameAs ex:b . ex:c skos:exactMatch ex:b .", TREATS, name="a.ttl")
    second = write_links(
        tmp_path, '<https://example.org/unrelated> owl:sameAs ex:d . ex:c owl:sameAs "DB:DB00704" .', name="b.ttl"
    )
    report = report_merge(reference, first, second)
    assert {row["kind"] for row in report["contradictions"]} == {"relation", "dose"}
    assert report["contradictions"][0]["compared_as"] == (
        "naltrexone (CHEBI:7465) by the source's link http://example.org/mine owl:sameAs http://example.org/b"
    )
    assert report_merge(reference, second, first) == report


def test_the_refused_link_does_not_depend_on_the_order_of_the_sources(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    texts = [f"ex:a owl:sameAs <{NALTREXONE}> .", "ex:a owl:sameAs ex:b .", 'ex:b skos:exactMatch "MESH:D009270" .']
    paths = [write_links(tmp_path, text, name=f"{number}.ttl") for number, text in enumerate(texts)]
    reports = [report_merge(reference, *order) for order in permutations(paths)]
    assert all(report == reports[0] for report in reports)
    assert len(reports[0]["refused"]) == 1


LOOKALIKES = [
    (f"{OBO}CHEBI_134687", NALTREXONE, "is the salt, not the base"),
    ("https://identifiers.org/pubchem.compound/5485201", NALTREXONE, "is the salt, not the base"),
    (f"{OBO}MONDO_0007079", f"{OBO}DOID_1574", "covers only part of it"),
    ("http://identifiers.org/mesh/D009292", NALOXONE, "is the class of opioid antagonists"),
]


@pytest.mark.parametrize(("lookalike", "entity", "reason"), LOOKALIKES)
@pytest.mark.parametrize("notation", ["plain", "axiom", "annotation", "association"])
@pytest.mark.parametrize("through", [False, True])
def test_a_link_from_a_lookalike_is_refused_directly_or_through_another_iri(
    notation: str, lookalike: str, entity: str, reason: str, reference: ReferenceIndex, tmp_path: Path, *, through: bool
) -> None:
    ends = [(lookalike, "http://example.org/x"), (entity, "http://example.org/x")] if through else [(entity, lookalike)]
    links = [
        NOTATIONS[notation].format(s=f"<{one}>", p="skos:exactMatch", o=f"<{other}>").replace("ex:link", f"ex:{number}")
        for number, (one, other) in enumerate(ends)
    ]
    report = report_merge(reference, write_links(tmp_path, *links))
    assert len(report["refused"]) == 1
    if not through:
        assert report["refused"][0]["reason"] == reason


def test_a_near_link_compares_as_near(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_links(tmp_path, f"ex:mine skos:closeMatch <{NALTREXONE}> .", TREATS)
    report = report_merge(reference, path)
    assert report["contradictions"] == []
    assert {row["kind"] for row in report["near_contradictions"]} == {"relation", "dose"}
    name = "http://example.org/mine skos:closeMatch CHEBI:7465"
    assert {row["compared_as"] for row in report["near_contradictions"]} == {
        f"naltrexone (CHEBI:7465) by the source's near link {name}"
    }


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_near_link_to_another_entity_is_refused_and_kept(
    notation: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    link = NOTATIONS[notation].format(s=f"<{NALOXONE}>", p="skos:closeMatch", o=f"<{NALTREXONE}>")
    result = merge_files(reference, path := write_links(tmp_path, link))
    report = report_merge(reference, path)
    assert {(row["is_not"], row["called"]) for row in report["refused"]} == {
        ("CHEBI:7459", "linked by skos:closeMatch")
    }
    assert {row["match"] for row in report["near"]} == set()
    assert [quad for quad in result.merged if "closeMatch" in str(quad) and quad.graph != MERGE_GRAPH.value]


def test_a_near_link_to_another_entity_through_an_accepted_link_is_refused(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    path = write_links(tmp_path, f"ex:mine owl:sameAs <{NALOXONE}> ; skos:closeMatch <{NALTREXONE}> .", TREATS)
    report = report_merge(reference, path)
    assert [row["called"] for row in report["refused"]] == ["linked by skos:closeMatch"]
    assert [row["our_entity"] for row in report["near"]] == []


def test_the_triple_of_a_negated_link_is_removed_if_accepted_links_make_it_equate_two_entities(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    negated = NEGATED["axiom beside the triple"].format(s="ex:mine", p="owl:sameAs", o=f"<{NALTREXONE}>")
    path = write_links(tmp_path, f"ex:mine owl:sameAs <{NALOXONE}> .", negated)
    assert report_merge(reference, path)["refused"] == []
    assert NALOXONE not in find_linked(merge_files(reference, path), reference.resolver.canonicalise)


def test_a_link_of_a_quarantined_identifier_is_refused(reference: ReferenceIndex, tmp_path: Path) -> None:
    """The label shows that naltrexone is meant. The entity must not join naloxone, nor naltrexone by its own link."""
    for entity in (NALTREXONE, NALOXONE, "http://example.org/mine"):
        path = write_links(
            tmp_path,
            f"<{MESH}D009270> rdfs:label 'naltrexone' ; owl:sameAs <{entity}> ; biolink:treats <{OBO}MONDO_0005546> .",
        )
        report = report_merge(reference, path)
        assert report["contradictions"] == []
        assert {row["kind"] for row in report["if_corrected"]} == {"relation", "dose"}
        assert {row["called"] for row in report["refused"]} == {"naltrexone", "linked by owl:sameAs"}


def test_a_label_of_one_form_of_an_identifier_counts_for_the_others(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_links(
        tmp_path,
        f"<{MESH}D009270> rdfs:label 'naltrexone' .",
        f"<https://identifiers.org/mesh:D009270> biolink:treats <{OBO}MONDO_0005546> .",
    )
    report = report_merge(reference, path)
    assert {row["kind"] for row in report["if_corrected"]} == {"relation", "dose"}
    assert "CHEBI:7459" not in {row["our_entity"] for row in report["joined"]}


def test_links_between_entities_of_the_source_are_accepted(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_links(tmp_path, "ex:a owl:sameAs ex:b . ex:b skos:closeMatch ex:c .", TREATS)
    report = report_merge(reference, path)
    assert (report["refused"], report["near"]) == ([], [])


@pytest.mark.parametrize("column", ["equivalent_identifiers", "same_as", "exact_match"])
def test_an_identifier_in_a_column_of_kgx_joins(column: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    nodes = f"id\tcategory\tname\t{column}\nmine:1\tbiolink:Drug\tx\tCHEBI:7465|mine:2\n"
    nodes += "MONDO:0005546\tbiolink:Disease\ty\t\n"
    edges = EDGES + "mine:2\tbiolink:treats\tMONDO:0005546\n"
    nodes += "mine:2\tbiolink:Drug\tz\t\n"
    for name, text in make_pair(nodes, edges).items():
        write_file(tmp_path, name, text)
    report = report_merge(reference, tmp_path)
    assert {row["kind"] for row in report["contradictions"]} == {"relation", "dose"}
