"""Read the tables with the csv module, row by row."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from support.facts import QUALIFIERS, Facts, counted
from support.readers import naive

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

Rows = list[dict[str, str]]


def rows(files: Mapping[str, bytes], name: str) -> Rows:
    return list(csv.DictReader(files[f"tables/{name}.csv"].decode().splitlines()))


def many(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def column(qualifier: str) -> str:
    """Return the column of a key of a record: except_for for exceptFor."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in qualifier)


def facts(files: Mapping[str, bytes]) -> Facts:
    return found(lambda name: rows(files, name))


def found(table: Callable[[str], Rows]) -> Facts:
    """Return the facts of the tables; `table` returns the rows of a table by its name."""
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
            (row["claim"], key, value) for row in claims for key in QUALIFIERS for value in many(row[column(key)])
        },
    }


def described(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the description of each table by its name."""
    tables = json.loads(files["tables/csv-metadata.json"])["tables"]
    return {one["url"].removesuffix(".csv"): one for one in tables}


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims that a cell of any table states as facts."""
    every = [naive.table(about, rows(files, name)) for name, about in described(files).items()]
    return naive.taken(every, stated(files), many)


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return {row["claim"]: (row["subject"], row["relation"], row["object"]) for row in rows(files, "claims")}


def counts(files: Mapping[str, bytes]) -> Counter[str]:
    return number(lambda name: rows(files, name), stated(files), taken_for_fact(files))


def number(table: Callable[[str], Rows], triples: dict[str, tuple[str, str, str]], taken: set[str]) -> Counter[str]:
    """Return the counts; `table` returns the rows of a table by its name."""
    kinds = {row["entity"]: many(row["kind"]) for row in table("entities")}
    names = {row["entity"]: row["label"] for row in table("entities")}
    treatments = {name: names[name] for name, classes in kinds.items() if {"Drug", "Regimen"} & set(classes)}
    counts = counted(found(table), triples, taken, treatments)
    counts.update(f"kind {kind}" for classes in kinds.values() for kind in classes)
    counts.update(f"match {row['match'].rpartition(':')[2]}" for row in table("mappings"))
    counts["concepts"] = sum(name.startswith("concept:") for name in kinds)
    counts["works"], counts["sentences"] = len(table("sources")), len(table("sentences"))
    counts["sentences without claims"] = sum(bool(row["reason"]) for row in table("sentences"))
    return counts
