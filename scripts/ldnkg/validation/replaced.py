"""Find the entity that a wrong value has replaced, so that the missing use of it is not a finding of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.validation.consequences import REPLACED, get_record, matches, read_table
from ldnkg.validation.findings import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ldnkg.validation.findings import ValidationResult


def find_replaced(
    results: Sequence[ValidationResult], owners: Collection[str], fit: Callable[[ValidationResult], set[str]]
) -> dict[ValidationResult, str]:
    """Return the IRI of the replaced entity of each result about a wrong value.

    It is the only entity that fits in place of the value (`fit` returns the IRIs) and that a result calls unused.
    """
    rows = [row for row in read_table() if row.same == REPLACED] if len(results) > 1 else []
    found = {}
    for cause in results:
        patterns = {row.consequence for row in rows if matches(cause, row.cause)}
        unused = {iri for each in results if _is_any(each, patterns) for iri in _list_entities(each, owners)}
        if unused and len(meant := unused & fit(cause)) == 1:
            found[cause] = meant.pop()
    return found


def drop_replaced(
    results: Sequence[ValidationResult], owners: Collection[str], replaced: Collection[str]
) -> list[ValidationResult]:
    """Return the results without those that call one of the replaced entities unused."""
    patterns = {row.consequence for row in read_table() if row.same == REPLACED} if replaced else set()
    return [
        result
        for result in results
        if not (_is_any(result, patterns) and _list_entities(result, owners) & set(replaced))
    ]


def _is_any(result: ValidationResult, patterns: Collection[str]) -> bool:
    return any(matches(result, pattern) for pattern in patterns)


def _list_entities(result: ValidationResult, owners: Collection[str]) -> set[str]:
    """Return the record that the result concerns, and the entities that its message names."""
    return {get_record(result, owners), *IRI.findall(result.message)}
