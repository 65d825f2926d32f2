"""A small change for the worse, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Verdict:
    """One mutant: what was changed, how, and by what it was found; by nothing where it survived."""

    place: str
    change: str
    found_by: str


SURVIVED = ""


def score(verdicts: list[Verdict]) -> float:
    """Return the share of the mutants that were found, from 0 to 1."""
    return sum(verdict.found_by != SURVIVED for verdict in verdicts) / len(verdicts)


def percent(part: int, whole: int) -> float:
    """Return the share in percent, cut and not rounded after the second figure."""
    return int(10000 * part / whole) / 100
