"""The statements of sources are compared with our claims about the same subject and object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox
import pytest

from ldnkg.exports.nanopubs.writer import make_files as make_nanopubs
from support.merging import (
    ALCOHOL_USE_DISORDER,
    DRUG,
    FACT,
    NALTREXONE,
    OBO,
    RECEPTOR,
    change_claim,
    report_merge,
    write_edge,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

Outcome: TypeAlias = tuple[list[str], int, int, int]


LDN, FIBROMYALGIA, NALOXONE_ID = "regimen:low-dose-naltrexone", "MONDO:0005546", "CHEBI:7459"
TLR4, PAIN, ARTICLE = "UniProtKB:O00206", "concept:neuroinflammatory-pain", "source:naltrexone-to-treat-pain"
ASPECT, SUBJECT_ASPECT = "object_aspect_qualifier", "subject_aspect_qualifier"
BLOCKADE, MECHANISM = "claim:low-dose-naltrexone-blocks-opioid-signalling", "causal_mechanism_qualifier"
PREDICTION, OBSERVATION = {"knowledge_level": "prediction"}, {"knowledge_level": "observation"}
AGONISM = {MECHANISM: "agonism"} | FACT
ANTAGONISM = {MECHANISM: "antagonism"} | FACT
INCREASED, DECREASED = (
    {"object_direction_qualifier": "increased"} | FACT,
    {"object_direction_qualifier": "decreased"} | FACT,
)
INCREASED_SUBJECT = {"subject_direction_qualifier": "increased"} | FACT
AGREES: Outcome = ([], 1, 0, 0)
OTHER: Outcome = ([], 0, 1, 0)
NEW: Outcome = ([], 0, 0, 1)


def summarise(report: Mapping[str, Any]) -> Outcome:
    """The kinds of contradictions, and the numbers of agreeing, other and new statements."""
    kinds = sorted({row["kind"] for row in report["contradictions"]})
    agreeing, other, new = (
        len(report[n]) for n in ("agreeing_statements", "other_statements", "new_about_our_entities")
    )
    return kinds, agreeing, other, new


def conflicts(*kinds: str) -> Outcome:
    return sorted(kinds), 0, 0, 0


STATEMENTS: list[tuple[str, str, str, dict[str, str], Outcome]] = [
    (DRUG, "treats", ALCOHOL_USE_DISORDER, FACT, AGREES),
    (DRUG, "treats_or_applied_or_studied_to_treat", ALCOHOL_USE_DISORDER, FACT, AGREES),
    (DRUG, "related_to", ALCOHOL_USE_DISORDER, FACT, AGREES),
    (DRUG, "applied_to_treat", ALCOHOL_USE_DISORDER, FACT, OTHER),
    (DRUG, "ameliorates_condition", ALCOHOL_USE_DISORDER, FACT, OTHER),
    (DRUG, "causes", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "exacerbates_condition", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "predisposes_to_condition", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "contraindicated_in", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "has_adverse_event", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "contraindicated_in", ALCOHOL_USE_DISORDER, {"negated": "true"} | FACT, OTHER),
    (DRUG, "treats", ALCOHOL_USE_DISORDER, {"negated": "true"} | FACT, conflicts("negation")),
    (DRUG, "affects", RECEPTOR, FACT, AGREES),
    (DRUG, "affects", RECEPTOR, DECREASED, AGREES),
    (DRUG, "affects", RECEPTOR, ANTAGONISM, AGREES),
    (DRUG, "affects", RECEPTOR, AGONISM, conflicts("polarity")),
    (DRUG, "affects", RECEPTOR, INCREASED, conflicts("polarity")),
    (DRUG, "affects", RECEPTOR, {"negated": "true"} | INCREASED, OTHER),
    (DRUG, "increases_amount_or_activity_of", RECEPTOR, FACT, conflicts("polarity")),
    (DRUG, "decreases_amount_or_activity_of", RECEPTOR, FACT, AGREES),
    (DRUG, "physically_interacts_with", RECEPTOR, FACT, OTHER),
    (DRUG, "similar_to", NALOXONE_ID, FACT, AGREES),
    (LDN, "studied_to_treat", FIBROMYALGIA, FACT, AGREES),
    (LDN, "treats_or_applied_or_studied_to_treat", FIBROMYALGIA, FACT, AGREES),
    (LDN, "in_clinical_trials_for", FIBROMYALGIA, FACT, OTHER),
    (LDN, "applied_to_treat", FIBROMYALGIA, FACT, OTHER),
    (LDN, "contraindicated_in", FIBROMYALGIA, FACT, OTHER),
    (LDN, "treats", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "ameliorates_condition", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "preventative_for_condition", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "treats", FIBROMYALGIA, {"negated": "true"} | FACT, OTHER),
    (LDN, "affects", TLR4, DECREASED, conflicts("certainty")),
    (LDN, "affects", TLR4, PREDICTION, AGREES),
    (LDN, "exacerbates_condition", "concept:chronic-pain-condition", FACT, conflicts("sense")),
    (DRUG, "treats", FIBROMYALGIA, FACT, conflicts("relation", "dose")),
    (DRUG, "contraindicated_in", FIBROMYALGIA, FACT, OTHER),
    # Relations of DrugMechDB.
    (DRUG, "decreases_activity_of", RECEPTOR, FACT, AGREES),
    (DRUG, "negatively_regulates", RECEPTOR, FACT, AGREES),
    (BLOCKADE, "decreases_activity_of", "concept:endogenous-opioid-production", PREDICTION, conflicts("polarity")),
    (BLOCKADE, "negatively_regulates", "concept:endogenous-opioid-production", PREDICTION, conflicts("polarity")),
    (DRUG, "increases_activity_of", RECEPTOR, FACT, conflicts("polarity")),
    (DRUG, "positively_regulates", RECEPTOR, FACT, conflicts("polarity")),
    (DRUG, "increases_abundance_of", "concept:pleasure-response-to-alcohol", FACT, conflicts("polarity")),
    (LDN, "decreases_activity_of", TLR4, FACT, conflicts("certainty")),
    (LDN, "decreases_abundance_of", TLR4, FACT, OTHER),
    (DRUG, "increases_abundance_of", RECEPTOR, FACT, OTHER),
    (DRUG, "regulates", RECEPTOR, FACT, AGREES),
    (DRUG, "molecularly_interacts_with", RECEPTOR, FACT, OTHER),
    # Relations of RO and Wikidata.
    (LDN, "RO:0002606", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "RO:0003307", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "http://www.wikidata.org/prop/direct/P2175", FIBROMYALGIA, FACT, conflicts("relation")),
    (DRUG, "RO:0003303", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "RO:0003309", ALCOHOL_USE_DISORDER, FACT, conflicts("sense")),
    (DRUG, "RO:0004047", RECEPTOR, FACT, conflicts("polarity")),
    (LDN, "RO:0004046", TLR4, FACT, conflicts("certainty")),
    # Broader and near relations.
    (DRUG, "related_to", RECEPTOR, FACT, AGREES),
    (DRUG, "related_to", NALOXONE_ID, FACT, AGREES),
    (DRUG, "related_to", "CHEBI:60605", FACT, AGREES),
    (ARTICLE, "related_to", "source:kim-fishman-2020", FACT, AGREES),
    ("concept:opioid-rebound-effect", "related_to", "concept:compensatory-increase", PREDICTION, AGREES),
    (LDN, "related_to", "HP:0000739", OBSERVATION, AGREES),
    (LDN, "increases_amount_or_activity_of", "concept:analgesia", OBSERVATION, AGREES),
    (LDN, "decreases_amount_or_activity_of", PAIN, PREDICTION, AGREES),
    (DRUG, "decreases_amount_or_activity_of", "concept:pleasure-response-to-alcohol", FACT, AGREES),
    (BLOCKADE, "increases_amount_or_activity_of", "concept:endogenous-opioid-production", PREDICTION, AGREES),
    (
        BLOCKADE,
        "decreases_amount_or_activity_of",
        "concept:endogenous-opioid-production",
        PREDICTION,
        conflicts("polarity"),
    ),
    (BLOCKADE, "affects", "concept:endogenous-opioid-production", PREDICTION | {MECHANISM: "agonism"}, AGREES),
    (
        BLOCKADE,
        "affects",
        "concept:endogenous-opioid-production",
        PREDICTION | {MECHANISM: "antagonism"},
        conflicts("polarity"),
    ),
    (BLOCKADE, "affects", "concept:endogenous-opioid-production", DECREASED | PREDICTION, conflicts("polarity")),
    (DRUG, "applied_to_treat", FIBROMYALGIA, FACT, conflicts("dose")),
    (DRUG, "in_clinical_trials_for", FIBROMYALGIA, FACT, conflicts("dose")),
    (DRUG, "in_preclinical_trials_for", FIBROMYALGIA, FACT, conflicts("dose")),
    (DRUG, "beneficial_in_models_for", FIBROMYALGIA, FACT, conflicts("dose")),
    (DRUG, "regulates", TLR4, FACT, conflicts("dose", "certainty")),
    (LDN, "exacerbates_condition", "HP:0000739", FACT, conflicts("sense")),
    (LDN, "exacerbates_condition", PAIN, FACT, conflicts("polarity", "certainty")),
    (LDN, "promotes_condition", PAIN, FACT, conflicts("polarity", "certainty")),
    (LDN, "causes", PAIN, FACT, conflicts("polarity", "certainty")),
    (LDN, "positively_correlated_with", PAIN, FACT, conflicts("polarity", "certainty")),
    (LDN, "negatively_correlated_with", PAIN, FACT, conflicts("certainty")),
    (LDN, "disrupts", TLR4, FACT, conflicts("certainty")),
    # Inverse relations.
    (ALCOHOL_USE_DISORDER, "treated_by", DRUG, FACT, AGREES),
    (FIBROMYALGIA, "treated_by", LDN, FACT, conflicts("relation")),
    (FIBROMYALGIA, "treated_by", DRUG, FACT, conflicts("relation", "dose")),
    (ALCOHOL_USE_DISORDER, "has_contraindication", DRUG, FACT, conflicts("sense")),
    (ALCOHOL_USE_DISORDER, "condition_exacerbated_by", DRUG, FACT, conflicts("sense")),
    (RECEPTOR, "affected_by", DRUG, FACT, AGREES),
    (RECEPTOR, "affected_by", DRUG, INCREASED, conflicts("polarity")),
    (RECEPTOR, "affected_by", DRUG, INCREASED_SUBJECT, conflicts("polarity")),
    (RECEPTOR, "amount_or_activity_increased_by", DRUG, FACT, conflicts("polarity")),
    (NALOXONE_ID, "similar_to", DRUG, FACT, AGREES),
    (NALOXONE_ID, "ldn:longerActingThan", DRUG, FACT, conflicts("direction")),
    (NALOXONE_ID, "ldn:longerActingThan", DRUG, {"negated": "true"} | FACT, OTHER),
    (DRUG, "ldn:longerActingThan", NALOXONE_ID, FACT, AGREES),
    (DRUG, "treated_by", ALCOHOL_USE_DISORDER, FACT, NEW),
    (RECEPTOR, "affects", DRUG, FACT, NEW),
    # A prediction that a drug treats is another statement than a study or a benefit.
    (LDN, "treats", FIBROMYALGIA, PREDICTION, OTHER),
    (LDN, "treats", FIBROMYALGIA, OBSERVATION, conflicts("relation", "certainty")),
    (LDN, "treats", FIBROMYALGIA, {"knowledge_level": "not_provided"}, conflicts("relation", "certainty")),
    (LDN, "treats", FIBROMYALGIA, {"knowledge_level": "text_co_occurrence"}, OTHER),
    (LDN, "ameliorates_condition", FIBROMYALGIA, PREDICTION, OTHER),
    (LDN, "preventative_for_condition", FIBROMYALGIA, PREDICTION, OTHER),
    (LDN, "RO:0002606", FIBROMYALGIA, PREDICTION, OTHER),
    (LDN, "NCIT:R172", FIBROMYALGIA, PREDICTION, OTHER),
    (FIBROMYALGIA, "treated_by", LDN, PREDICTION, OTHER),
    (DRUG, "treats", FIBROMYALGIA, PREDICTION, OTHER),
    (DRUG, "studied_to_treat", FIBROMYALGIA, PREDICTION, conflicts("certainty", "dose")),
    (LDN, "treats", "concept:chronic-pain-condition", PREDICTION, OTHER),
    (LDN, "treats", "concept:chronic-pain-condition", FACT, conflicts("relation", "certainty")),
    (LDN, "causes", "concept:chronic-pain-condition", PREDICTION, conflicts("sense")),
    (DRUG, "treats", ALCOHOL_USE_DISORDER, PREDICTION, conflicts("certainty")),
    (DRUG, "ameliorates_condition", ALCOHOL_USE_DISORDER, PREDICTION, OTHER),
    (DRUG, "causes", ALCOHOL_USE_DISORDER, PREDICTION, conflicts("sense")),
    # Relations of NCIT, Wikidata, SemMedDB and NDF-RT, in the forms in which sources write them.
    (LDN, "NCIT:R172", FIBROMYALGIA, FACT, conflicts("relation")),
    (LDN, "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#R172", FIBROMYALGIA, FACT, conflicts("relation")),
    (DRUG, "NCIT:R146", RECEPTOR, FACT, OTHER),
    (RECEPTOR, "NCIT:gene_product_affected_by_chemical_or_drug", DRUG, FACT, OTHER),
    (DRUG, "http://www.wikidata.org/prop/direct/P2175", ALCOHOL_USE_DISORDER, FACT, AGREES),
    (ALCOHOL_USE_DISORDER, "http://www.wikidata.org/prop/direct/P2176", DRUG, FACT, AGREES),
    (FIBROMYALGIA, "http://www.wikidata.org/prop/statement/P2176", LDN, FACT, conflicts("relation")),
    (FIBROMYALGIA, "WIKIDATA_PROPERTY:P2176", LDN, FACT, conflicts("relation")),
    (DRUG, "wdt:P3773", RECEPTOR, FACT, AGREES),
    (DRUG, "wdt:P3772", RECEPTOR, FACT, conflicts("polarity")),
    (RECEPTOR, "wdt:P129", DRUG, FACT, OTHER),
    (LDN, "SEMMEDDB:TREATS", FIBROMYALGIA, FACT, AGREES),
    (DRUG, "SEMMEDDB:INHIBITS", RECEPTOR, FACT, AGREES),
    (DRUG, "SEMMEDDB:stimulates", RECEPTOR, FACT, conflicts("polarity")),
    (DRUG, "NDFRT:may_treat", FIBROMYALGIA, FACT, conflicts("relation", "dose")),
    (FIBROMYALGIA, "NDFRT:may_be_treated_by", LDN, FACT, conflicts("relation")),
    (ALCOHOL_USE_DISORDER, "NDFRT:has_contraindicated_drug", DRUG, FACT, conflicts("sense")),
    (DRUG, "RO:0018029", RECEPTOR, FACT, AGREES),
    (DRUG, "RO:0018027", RECEPTOR, FACT, conflicts("polarity")),
    (RECEPTOR, "RO:0012001", DRUG, FACT, conflicts("polarity")),
    (FIBROMYALGIA, "RO:0002302", LDN, FACT, conflicts("relation")),
    # Aspects: activity is another aspect than abundance and expression, and a part of both.
    (DRUG, "affects", RECEPTOR, {ASPECT: "activity"} | DECREASED, AGREES),
    (DRUG, "affects", RECEPTOR, {ASPECT: "activity"} | INCREASED, conflicts("polarity")),
    (DRUG, "affects", RECEPTOR, {ASPECT: "activity_or_abundance"} | DECREASED, AGREES),
    (DRUG, "affects", RECEPTOR, {ASPECT: "activity or abundance"} | INCREASED, conflicts("polarity")),
    (DRUG, "affects", RECEPTOR, {ASPECT: "expression"} | INCREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "expression"} | DECREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "abundance"} | INCREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "abundance"} | DECREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "degradation"} | INCREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "expression", "negated": "true"} | DECREASED, OTHER),
    (DRUG, "affects", RECEPTOR, {ASPECT: "activity", "negated": "true"} | DECREASED, conflicts("negation")),
    (RECEPTOR, "affected_by", DRUG, {SUBJECT_ASPECT: "abundance"} | INCREASED_SUBJECT, OTHER),
    (RECEPTOR, "affected_by", DRUG, {SUBJECT_ASPECT: "activity"} | INCREASED_SUBJECT, conflicts("polarity")),
    (DRUG, "affects", TLR4, {ASPECT: "abundance"} | DECREASED, OTHER),
    (DRUG, "affects", TLR4, {ASPECT: "activity"} | DECREASED, conflicts("certainty", "dose")),
    (
        DRUG,
        "affects",
        "concept:pleasure-response-to-alcohol",
        {ASPECT: "expression"} | INCREASED,
        conflicts("polarity"),
    ),
    (DRUG, "affects", "concept:pleasure-response-to-alcohol", {ASPECT: "degradation"} | INCREASED, AGREES),
    (
        DRUG,
        "affects",
        "concept:pleasure-response-to-alcohol",
        {ASPECT: "degradation"} | DECREASED,
        conflicts("polarity"),
    ),
    (DRUG, "increases_expression_of", RECEPTOR, FACT, OTHER),
    (DRUG, "increases_degradation_of", RECEPTOR, FACT, OTHER),
    (DRUG, "increases_degradation_of", "concept:pleasure-response-to-alcohol", FACT, OTHER),
    (DRUG, "decreases_degradation_of", "concept:pleasure-response-to-alcohol", FACT, conflicts("polarity")),
]


@pytest.mark.parametrize(("subject", "predicate", "object_", "qualifiers", "expected"), STATEMENTS)
def test_a_statement_is_compared_with_our_claims_about_the_pair(
    subject: str,
    predicate: str,
    object_: str,
    qualifiers: dict[str, str],
    expected: object,
    reference: ReferenceIndex,
    tmp_path: Path,
) -> None:
    relation = predicate if ":" in predicate else f"biolink:{predicate}"
    assert (
        summarise(report_merge(reference, write_edge(tmp_path, subject, relation, object_, **qualifiers))) == expected
    )


def test_an_inverse_plain_triple_is_compared_with_our_claims(reference: ReferenceIndex, tmp_path: Path) -> None:
    triple = f"<{OBO}DOID_1574> <https://w3id.org/biolink/vocab/has_contraindication> <{NALTREXONE}> ."
    (row,) = report_merge(reference, write_file(tmp_path, "a.nt", triple))["contradictions"]
    expected = [
        "sense",
        "claim:naltrexone-is-approved-for-alcohol-use-disorder",
        "approvedFor",
        "biolink:has_contraindication",
    ]
    assert [row[name] for name in ("kind", "claim", "our_value", "source_value")] == expected


def test_agreeing_and_other_statements_are_reported_with_the_claims(reference: ReferenceIndex, tmp_path: Path) -> None:
    report = report_merge(reference, write_edge(tmp_path, ALCOHOL_USE_DISORDER, "biolink:treated_by", DRUG, **FACT))
    claim = "claim:naltrexone-is-approved-for-alcohol-use-disorder"
    (row,) = report["agreeing_statements"]
    assert [row[name] for name in ("source", "statement", "level", "claims")] == [
        "e_nodes.jsonl",
        "DOID:1574 biolink:treated_by CHEBI:7465",
        "knowledge_assertion",
        claim,
    ]
    report = report_merge(
        reference, write_edge(tmp_path, DRUG, "biolink:causes", ALCOHOL_USE_DISORDER, negated="true", **FACT)
    )
    (row,) = report["other_statements"]
    assert [row["level"], row["claims"]] == ["knowledge_assertion, negated", claim]


def test_a_claim_with_higher_certainty_is_a_conflict(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "low-dose-naltrexone-antagonises-tlr4", "#hypothesised", "#supported")
    (row,) = report_merge(reference, write_file(tmp_path, "a.nt", text))["contradictions"]
    assert [row["kind"], row["our_value"], row["source_value"]] == ["certainty", "hypothesised", "supported"]


def test_a_claim_with_the_opposite_polarity_is_a_conflict(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "low-dose-naltrexone-inhibits-microglia", "ontology#inhibits", "ontology#increases")
    assert [row["kind"] for row in report_merge(reference, write_file(tmp_path, "a.nt", text))["contradictions"]] == [
        "polarity"
    ]


def test_a_plain_triple_of_a_hypothesis_is_a_conflict(reference: ReferenceIndex, tmp_path: Path) -> None:
    regimen, tlr4 = "https://w3id.org/ldn-kg/regimen/low-dose-naltrexone", "http://purl.uniprot.org/uniprot/O00206"
    text = f"<{regimen}> <https://w3id.org/biolink/vocab/affects> <{tlr4}> ."
    (row,) = report_merge(reference, write_file(tmp_path, "a.nt", text))["contradictions"]
    assert [row["kind"], row["our_value"], row["source_value"]] == [
        "certainty",
        "hypothesised",
        "none, treated as fact",
    ]


def test_our_own_claims_do_not_conflict(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = (ox.serialize(reference.graph.publication.quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    report = report_merge(reference, write_file(tmp_path, "a.nq", text))
    assert (report["contradictions"], report["refused"], report["labels"]) == ([], [], [])
    assert report["counts"]["agreeing_statements"] == 62
    assert report["new_about_our_entities"] == []


def test_our_own_nanopublications_agree_and_add_nothing(reference: ReferenceIndex, tmp_path: Path) -> None:
    made = make_nanopubs(reference.graph)
    report = report_merge(reference, write_file(tmp_path, "all.trig", made["nanopubs/all.trig"].decode()))
    assert [report[table] for table in ("contradictions", "refused", "labels", "new_about_our_entities")] == [
        [],
        [],
        [],
        [],
    ]
    assert (report["counts"]["agreeing_statements"], report["counts"]["other_statements"]) == (62, 0)
