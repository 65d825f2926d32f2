"""Reads the tables as anybody would: by the csv module, row by row."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from facts import QUALIFIERS, Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Rows = list[dict[str, str]]
COUNTED = {"hedges": "hedges", "steps": "steps", "works": "sources"}


def rows(files: Mapping[str, bytes], name: str) -> Rows:
    return list(csv.DictReader(files[f"tables/{name}.csv"].decode().splitlines()))


def many(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def column(qualifier: str) -> str:
    """A key of a record as a column: exceptFor is except_for."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in qualifier)


def facts(files: Mapping[str, bytes]) -> Facts:
    return found(lambda name: rows(files, name))


def found(table: Callable[[str], Rows]) -> Facts:
    """What the tables say, each given by its name."""
    claims, entities, sources = (table(name) for name in ("claims", "entities", "sources"))
    spans = {row["sentence"]: (int(row["start"]), int(row["end"])) for row in table("sentences")}
    return {
        "certainty": {(row["claim"], row["certainty"]) for row in claims},
        "hedge": {(row["claim"], hedge) for row in claims for hedge in many(row["hedge"])},
        "dose": {
            (row["entity"], row["dose_minimum"], row["dose_maximum"], row["dose_unit"])
            for row in entities
            if row["dose_minimum"]
        },
        "span": {(row["claim"], name, *spans[name]) for row in claims for name in many(row["sentence"])},
        "order": {(row["mechanism"], int(row["position"]), row["claim"]) for row in table("steps")},
        "citation": {(row["source"], work) for row in sources for work in many(row["cites"])},
        "qualifiers": {
            (row["claim"], key, held) for row in claims for key in QUALIFIERS for held in many(row[column(key)])
        },
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """The claims that a row states without holding back."""
    return {row["claim"] for row in rows(files, "claims") if row["certainty"] == "established"}


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return {row["claim"]: (row["subject"], row["relation"], row["object"]) for row in rows(files, "claims")}


def counts(files: Mapping[str, bytes]) -> dict[str, int]:
    """How many there are of each, by the names in `answers/invariants.tsv`."""
    claims, entities, sentences = (rows(files, name) for name in ("claims", "entities", "sentences"))
    derived = [name for row in claims for name in many(row["sentence"])]
    found = Counter(
        [
            *(f"certainty {row['certainty']}" for row in claims),
            *(f"relation {row['relation'].rpartition(':')[2]}" for row in claims),
            *(f"about {row['subject_label']}" for row in claims if row["subject"] in treatments(entities)),
            *(f"qualifier {key}" for row in claims for key in QUALIFIERS for _ in many(row[column(key)])),
            *(f"kind {kind}" for row in entities for kind in many(row["kind"])),
            *(f"match {row['match'].rpartition(':')[2]}" for row in rows(files, "mappings")),
            *(f"sentences {'with' if row['sentence'] in derived else 'without'} claims" for row in sentences),
        ]
    )
    return {
        **found,
        "claims": len(claims),
        "stated as fact": len(taken_for_fact(files)),
        "concepts": sum(row["entity"].startswith("concept:") for row in entities),
        "regimens with dose": sum(bool(row["dose_minimum"] and row["dose_unit"]) for row in entities),
        "spans": len(derived),
        "sentences": len(sentences),
        "hedged claims": sum(bool(row["hedge"]) for row in claims),
        **{name: len(rows(files, table)) for name, table in COUNTED.items()},
    }


def treatments(entities: Rows) -> set[str]:
    """The drugs and the regimens."""
    return {row["entity"] for row in entities if {"Drug", "Regimen"} & set(many(row["kind"]))}
