"""The page of the data model shows what the ontology defines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import rdflib

from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = (ROOT / "docs" / "data-model.md").read_text("utf-8")
LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")


def read_levels(text: str) -> list[str]:
    (table,) = re.findall(r"^\| level \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [row.split("|")[1].strip() for row in table.splitlines()]


def find_unknown(text: str, known: Iterable[rdflib.term.Node]) -> set[str]:
    """The terms of our vocabulary on the page that the ontology does not define."""
    return set(re.findall(r"\bldn:(\w+)", text)) - {str(term).removeprefix(LDN) for term in known}


def test_the_levels_are_those_of_the_ontology_in_order(published: rdflib.Graph) -> None:
    ranks = sorted(published.subject_objects(LDN.rank), key=lambda pair: -int(str(pair[1])))
    assert read_levels(PAGE) == [str(level).removeprefix(LDN) for level, _ in ranks]


def test_every_term_on_the_page_is_defined(published: rdflib.Graph) -> None:
    known = set(published.subjects(rdflib.RDFS.label))
    assert find_unknown(PAGE, known) == set()
    assert find_unknown("ldn:Claim ldn:claims", known) == {"claims"}
