"""The verdict on a mutant, and the share of mutants that were found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Verdict:
    """The verdict on a mutant: the place and description of its change, and what found it, empty if it survived."""

    place: str
    change: str
    found_by: str


SURVIVED = ""


def score(verdicts: list[Verdict]) -> float:
    """Return the share of mutants that were found, from 0 to 1."""
    return sum(verdict.found_by != SURVIVED for verdict in verdicts) / len(verdicts)


def percent(part: int, whole: int) -> float:
    """Return the share in percent, truncated after two decimals: 2 of 3 are 66.66."""
    return int(10000 * part / whole) / 100
