"""Reads the commands as QuickStatements does: item, property, value, and the parts of a reference, tabs between."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from facts import Facts

# What the identifiers are here, from data/mappings.sssom.tsv by hand.
MEANING = {"Q409587": "CHEBI:7465", "Q1639178": "EFO:0010702", "P2175": "approvedFor"}


class Command(NamedTuple):
    """A command: a statement of an item, its qualifiers, and its reference."""

    statement: tuple[str, str, str]
    qualifiers: list[tuple[str, str]]
    reference: list[tuple[str, str]]


def commands(files: Mapping[str, bytes]) -> list[Command]:
    found = []
    for line in files["wikidata/quickstatements.tsv"].decode().splitlines():
        item, name, value, *rest = line.split("\t")
        pairs = list(zip(rest[::2], rest[1::2], strict=True))
        qualifiers = [pair for pair in pairs if pair[0].startswith("P")]
        found.append(Command((item, name, value), qualifiers, [pair for pair in pairs if pair[0].startswith("S")]))
    return found


def review(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """The table beside the commands: tab-separated, without quoting."""
    lines = files["wikidata/review.tsv"].decode().splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def claims(files: Mapping[str, bytes]) -> dict[tuple[str, str, str], str]:
    """The claim behind each statement, which the table alone says."""
    return {
        (row["item"], row["property"], row["value"]): row["claim"] for row in review(files) if row["proposed_because"]
    }


def facts(files: Mapping[str, bytes]) -> Facts:
    """Nothing but statements: the commands hold no certainty, no hedge, no dose, no place, no order and no citation."""
    return {
        "qualifiers": {
            (claims(files)[command.statement], *pair) for command in commands(files) for pair in command.qualifiers
        }
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Every command: Wikidata takes a statement for one."""
    return {claims(files).get(command.statement, str(command.statement)) for command in commands(files)}


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    found = {}
    for command in commands(files):
        item, name, value = command.statement
        found[claims(files)[command.statement]] = (MEANING[item], MEANING[name], MEANING[value])
    return found
