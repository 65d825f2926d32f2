"""Read the tables of KGX naively: split lines at tabs, and lists at |."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.facts import QUALIFIERS, Facts, counted
from support.readers import naive
from support.readers.tables import column, many

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

Rows = list[dict[str, str]]
# Columns that define an entity by a property of the ontology; no claim states them.
DEFINING = {
    "broader": "skos:broader",
    "co_treatment": "coTreatment",
    "dose_unit": "doseUnit",
    "has_drug": "ingredient",
    "includes": "includes",
    "population_condition": "populationCondition",
    "population_takes": "populationTakes",
    "response_to": "responseTo",
    "related_xref": "skos:relatedMatch",
}
XREFS = {
    "exactMatch": "xref",
    "closeMatch": "close_xref",
    "broadMatch": "broad_xref",
    "narrowMatch": "narrow_xref",
    "relatedMatch": "related_xref",
}


def rows(files: Mapping[str, bytes], name: str) -> Rows:
    head, *lines = files[f"kgx/ldn-kg_{name}.tsv"].decode().removesuffix("\n").split("\n")
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def facts(files: Mapping[str, bytes]) -> Facts:
    nodes, edges = rows(files, "nodes"), rows(files, "edges")
    spans = [(edge["id"], span.split(" ")) for edge in edges for span in many(edge["sentence_span"])]
    steps = [(node["id"], step.split(" ")) for node in nodes for step in many(node["steps"])]
    return {
        "certainty": {(edge["id"], edge["certainty"]) for edge in edges},
        "hedge": {(edge["id"], hedge) for edge in edges for hedge in many(edge["hedge"])},
        "dose": {
            (node["id"], node["dose_minimum"], node["dose_maximum"], node["dose_unit"])
            for node in nodes
            if node["dose_minimum"]
        },
        "span": {(claim, place, int(start), int(end)) for claim, (place, start, end) in spans},
        "order": {(mechanism, int(position), claim) for mechanism, (position, claim) in steps},
        "citation": {(edge["subject"], edge["object"]) for edge in edges if edge["original_predicate"] == "cito:cites"},
        "qualifiers": {
            (edge["id"], key, value) for edge in edges for key in QUALIFIERS for value in many(edge[column(key)])
        },
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims whose level or predicate alone states a fact, and the facts that the cells of nodes state.

    Each cell of a node without a certainty states a fact.
    """
    sure = {
        edge["id"]
        for edge in rows(files, "edges")
        if edge["knowledge_level"] == "knowledge_assertion" or edge["predicate"] != "biolink:related_to"
    }
    return sure | naive.taken([naive.Table("id", rows(files, "nodes"), DEFINING)], stated(files), many)


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return {
        edge["id"]: (edge["subject"], edge["original_predicate"].removeprefix("ldn:"), edge["object"])
        for edge in rows(files, "edges")
    }


def counts(files: Mapping[str, bytes]) -> Counter[str]:
    """Return all counts except sentences without claims; the cross-references of works are not matches."""
    nodes = rows(files, "nodes")
    works = [node for node in nodes if "biolink:Publication" in many(node["category"])]
    entities = [node for node in nodes if node not in works and "Claim" not in many(node["kind"])]
    treatments = {node["id"]: node["name"] for node in entities if node["kind"] in {"Drug", "Regimen"}}
    counts = counted(facts(files), stated(files), taken_for_fact(files), treatments)
    counts.update(f"kind {kind}" for node in entities for kind in many(node["kind"]))
    counts.update(f"match {match}" for match, key in XREFS.items() for node in entities for _ in many(node[key]))
    counts["concepts"] = sum(node["id"].startswith("concept:") for node in entities)
    counts["works"] = len(works)
    return counts
