"""An assertion is interpreted by its qualifiers: its level, its certainty, its polarity and its aspect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.merge.assertions import Assertion
from ldnkg.merge.notations import get_local_name, simplify_value
from ldnkg.merge.quads import PooledQuad
from ldnkg.merge.statements import Interpreter

if TYPE_CHECKING:
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.statements import Statement

BIOLINK, LDN = "https://w3id.org/biolink/vocab/", "https://w3id.org/ldn-kg/ontology#"
DRUG, PROTEIN = ox.NamedNode("http://example.org/drug"), ox.NamedNode("http://example.org/protein")


def interpret(
    reference: ReferenceIndex, relation: str = f"{BIOLINK}affects", *, quoted: bool = False, **values: list[str]
) -> tuple[Statement, list[str]]:
    """The statement, and what was reported."""
    reasons: list[str] = []
    node = ox.NamedNode(relation)
    quad = PooledQuad(DRUG, node, PROTEIN, ox.NamedNode("http://example.org/graph"), 7)
    assertion = Assertion("http://example.org/graph", "", (DRUG, node, PROTEIN), values, quoted, (quad,))
    interpreter = Interpreter(reference.notations, reference.claims, lambda _, reason: reasons.append(reason))
    return interpreter.interpret(assertion), reasons


@pytest.mark.parametrize(
    ("values", "level", "rank"),
    [
        ([], "none, treated as fact", 4),
        (["prediction"], "prediction", 2),
        ([f"{BIOLINK}observation"], "observation", 3),
        (["biolink:knowledge_assertion"], "knowledge_assertion", 4),
        ([" Knowledge assertion "], "knowledge_assertion", 4),
        (["observation", "text_co_occurrence"], "text_co_occurrence", 1),
        (["observation", "statistical_association"], "observation", 3),
        (["nonsense", "observation"], "observation", 3),
    ],
)
def test_the_lowest_level_counts(values: list[str], level: str, rank: int, reference: ReferenceIndex) -> None:
    statement, reasons = interpret(reference, knowledge_level=values)
    assert (statement.level, statement.rank) == (level, rank)
    assert len(reasons) == ("nonsense" in values)


def test_a_certainty_has_a_level_and_the_lower_one_counts(reference: ReferenceIndex) -> None:
    statement, _ = interpret(reference, certainty=[f"{LDN}established", f"{LDN}hypothesised"])
    assert (statement.certainty, statement.level, statement.rank) == (f"{LDN}hypothesised", "prediction", 2)
    statement, _ = interpret(reference, certainty=["http://example.org/sure"])
    assert (statement.certainty, statement.rank) == ("", 4)


def test_a_relation_of_a_hypothesis_has_its_certainty(reference: ReferenceIndex) -> None:
    statement, _ = interpret(reference, f"{BIOLINK}is_hypothesised_to_affect")
    assert (statement.certainty, statement.level) == (f"{LDN}hypothesised", "prediction")


@pytest.mark.parametrize(("level", "quoted"), [([], True), (["prediction"], False)])
def test_a_quoted_triple_with_a_level_is_a_statement(
    level: list[str], reference: ReferenceIndex, *, quoted: bool
) -> None:
    statement, _ = interpret(reference, quoted=True, knowledge_level=level)
    assert statement.quoted == quoted
    assert (statement.level == "quoted, not asserted") == quoted


@pytest.mark.parametrize(
    ("value", "negated"),
    [
        *((value, True) for value in ("true", "True", "1", "Not", "https://w3id.org/sssom/NegatedPredicate")),
        *((value, False) for value in ("false", "0", "")),
    ],
)
def test_a_negation_is_read_as_boolean_or_modifier(value: str, reference: ReferenceIndex, *, negated: bool) -> None:
    assert interpret(reference, negated=[value])[0].negated == negated


CHANGES: list[tuple[str, dict[str, list[str]], int, str]] = [
    ("affects", {"object_direction": ["increased"]}, 1, ""),
    ("affects", {"object_direction": ["downregulated"]}, -1, ""),
    ("affects", {"object_direction": ["biolink:increased"], "object_aspect": ["biolink:activity"]}, 1, "activity"),
    ("affects", {"object_direction": ["increased"], "subject_direction": ["decreased"]}, -1, ""),
    ("affects", {"object_direction": ["decreased"], "subject_direction": ["decreased"]}, 1, ""),
    ("affects", {"mechanism": ["agonism"]}, 1, ""),
    ("affects", {"mechanism": ["Competitive inhibition"]}, -1, ""),
    ("affects", {"mechanism": ["modulation"]}, 0, ""),
    ("affects", {"mechanism": ["agonism"], "object_direction": ["decreased"]}, -1, ""),
    ("affects", {"mechanism": ["agonism"], "subject_direction": ["decreased"]}, -1, ""),
    ("affects", {"subject_direction": ["decreased"]}, 0, ""),
    ("increases_activity_of", {}, 1, ""),
    ("increases_activity_of", {"subject_direction": ["decreased"]}, -1, ""),
    ("increases_activity_of", {"object_direction": ["decreased"]}, -1, ""),
    ("affected_by", {"subject_direction": ["increased"], "subject_aspect": ["activity"]}, 1, "activity"),
    ("affected_by", {"object_direction": ["increased"], "object_aspect": ["activity"]}, 1, ""),
]


@pytest.mark.parametrize(("relation", "qualifiers", "polarity", "aspect"), CHANGES, ids=str)
def test_the_change_of_the_object(
    relation: str, qualifiers: dict[str, list[str]], polarity: int, aspect: str, reference: ReferenceIndex
) -> None:
    statement, reasons = interpret(reference, BIOLINK + relation, quoted=False, **qualifiers)
    assert (statement.polarity, statement.aspect, reasons) == (polarity, aspect, [])


def test_directions_that_contradict_each_other_are_reported_and_not_read(reference: ReferenceIndex) -> None:
    statement, reasons = interpret(reference, object_direction=["increased", "decreased"])
    assert statement.polarity == 0
    assert reasons == ["the values 'increased', 'decreased' contradict each other, so none is read"]


def test_an_unknown_direction_is_reported(reference: ReferenceIndex) -> None:
    statement, reasons = interpret(reference, object_direction=["sideways"])
    assert (statement.polarity, reasons) == (0, ["the direction 'sideways' is not in Biolink, so it is not read"])


def test_a_statement_has_the_line_of_its_first_quad(reference: ReferenceIndex) -> None:
    assert interpret(reference)[0].line == 7


def test_the_name_of_a_value_is_the_end_of_its_iri_or_curie() -> None:
    assert [get_local_name(text) for text in ("biolink:a", "http://e.org/a", "http://e.org/x#a", "a")] == ["a"] * 4
    assert [simplify_value(text) for text in (" biolink:A B ", "a_b")] == ["a_b", "a_b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"qualifier_type_id": "biolink:object_direction_qualifier", "qualifier_value": "increased"}]', "increased"),
        ('{"qualifier_type_id": "object_direction_qualifier", "qualifier_value": "decreased"}', "decreased"),
        ('[{"attribute_type_id": "biolink:object_direction_qualifier", "value": ["increased"]}]', "increased"),
        ('[{"qualifier_type_id": "biolink:unknown", "qualifier_value": "x"}]', ""),
        ('[{"qualifier_type_id": "biolink:object_direction_qualifier", "qualifier_value": 1.5}]', ""),
        ('[{"qualifier_type_id": ["biolink:object_direction_qualifier"], "qualifier_value": "increased"}]', ""),
        ("[1, null, []]", ""),
        ("no JSON", ""),
        ("[" * 100_000, ""),
    ],
    ids=lambda text: text[:40],
)
def test_a_list_of_qualifiers_is_read_as_in_trapi(text: str, found: str, reference: ReferenceIndex) -> None:
    expected = [("object_direction", found)] if found else []
    assert list(reference.notations.read_listed(text)) == expected
