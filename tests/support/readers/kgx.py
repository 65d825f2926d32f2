"""Reads the tables of KGX as anybody would: split at tabs, lists at bars, an edge with its level or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.facts import QUALIFIERS, Facts, counted
from support.readers import naive
from support.readers.tables import column, many

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

Rows = list[dict[str, str]]
# What a thing is, by the properties of the ontology: of a row that has these cells, no claim says them.
DEFINING = {
    "broader": "skos:broader",
    "co_treatment": "coTreatment",
    "dose_unit": "doseUnit",
    "has_drug": "ingredient",
    "includes": "includes",
    "population_condition": "populationCondition",
    "population_takes": "populationTakes",
    "response_to": "responseTo",
}
XREFS = {"exactMatch": "xref", "closeMatch": "close_xref", "broadMatch": "broad_xref", "narrowMatch": "narrow_xref"}


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
            (edge["id"], key, held) for edge in edges for key in QUALIFIERS for held in many(edge[column(key)])
        },
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """What edges say by their level, or, to who never looks at it, by a predicate that says how two things are related.

    A node says of itself what each of its cells names, unless it has a certainty.
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
    """All but the sentences that no claim comes from; a work has its own identifiers for xref."""
    nodes = rows(files, "nodes")
    works = [node for node in nodes if "biolink:Publication" in many(node["category"])]
    entities = [node for node in nodes if node not in works and node["kind"] != "Claim"]
    treatments = {node["id"]: node["name"] for node in entities if node["kind"] in {"Drug", "Regimen"}}
    counts = counted(facts(files), stated(files), taken_for_fact(files), treatments)
    counts.update(f"kind {kind}" for node in entities for kind in many(node["kind"]))
    counts.update(f"match {match}" for match, key in XREFS.items() for node in entities for _ in many(node[key]))
    counts["concepts"] = sum(node["id"].startswith("concept:") for node in entities)
    counts["works"] = len(works)
    return counts
