"""Leave out results that only follow from another result, so that one mistake gives one finding."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.files import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ldnkg.validation.findings import ValidationResult

TABLE = Path(__file__).with_name("consequences.tsv")
REPLACED = "replaced"


class Row(NamedTuple):
    """A rule and a rule that follows from it, both as patterns; `same` is what both share: record, key or value.

    With `replaced`, the rule that follows concerns the entity that a wrong value has replaced: see `replaced`.
    """

    cause: str
    consequence: str
    same: str


def get_record(result: ValidationResult, owners: Collection[str]) -> str:
    """Return the IRI of the record that the result concerns; a rule over the whole graph names it as the value."""
    return result.node if result.node in owners else result.value


def drop_consequences(results: Sequence[ValidationResult], owners: Collection[str]) -> list[ValidationResult]:
    """Return the results that do not follow from another one, in order; `owners` holds the IRI of each record."""
    if len(results) < 2:
        return list(results)
    table = [row for row in read_table() if row.same != REPLACED]
    followed = {(row, _locate(each, row.same, owners)) for row in table for each in results if matches(each, row.cause)}
    return [result for result in results if not _follows(result, table, followed, owners)]


def read_table() -> list[Row]:
    """Return the rows of the table of consequences."""
    return [Row(*line.split("\t")) for line in read_text(TABLE).splitlines()[1:]]


def matches(result: ValidationResult, pattern: str) -> bool:
    """Return whether the rule of the result matches the pattern."""
    return fnmatchcase(result.rule.partition("#")[2], pattern)


def _follows(
    result: ValidationResult,
    table: Sequence[Row],
    followed: Collection[tuple[Row, tuple[str, str]]],
    owners: Collection[str],
) -> bool:
    rows = (row for row in table if matches(result, row.consequence) and not matches(result, row.cause))
    return any((row, _locate_consequence(result, row.same, owners)) in followed for row in rows)


def _locate(cause: ValidationResult, same: str, owners: Collection[str]) -> tuple[str, str]:
    return get_record(cause, owners), cause.path if same == "key" else ""


def _locate_consequence(result: ValidationResult, same: str, owners: Collection[str]) -> tuple[str, str]:
    if same == "value":
        return result.value if result.node in owners else "", ""
    return _locate(result, same, owners)
