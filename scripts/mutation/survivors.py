"""The mutants that are known to survive, each class of them with the reason, in `tests/data/survivors.tsv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mutation.examples_home import ROOT
from mutation.judging import ANSWERS
from mutation.mutant import SURVIVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mutation.mutant import Verdict

LIST = ROOT / "tests" / "data" / "survivors.tsv"


@dataclass(frozen=True)
class Known:
    """Mutants that survive, by patterns of their place and their change: how many, what finds them, and why."""

    place: str
    change: str
    number: int
    found_by: str
    reason: str

    def fits(self, verdict: Verdict) -> bool:
        """Whether the mutant is one of these."""
        alike = fnmatchcase(verdict.place, self.place) and fnmatchcase(verdict.change, self.change)
        return alike and verdict.found_by == self.found_by


def known() -> list[Known]:
    """Read the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Known(r["place"], r["change"], int(r["number"]), r["found_by"], r["reason"]) for r in rows]


def survivors(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the mutants that neither the checks nor the text find."""
    return [verdict for verdict in verdicts if verdict.found_by in (SURVIVED, ANSWERS)]


def unlisted(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> list[Verdict]:
    """Return the survivors that the list does not name."""
    return [verdict for verdict in survivors(verdicts) if not any(entry.fits(verdict) for entry in listed)]


def miscounted(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> list[str]:
    """Say of each entry of the list that names another number of survivors than there are."""
    alive = survivors(verdicts)
    counts = [(entry, sum(entry.fits(verdict) for verdict in alive)) for entry in listed]
    return [f"{e.place} | {e.change}: {e.number} are listed, {n} survive" for e, n in counts if n != e.number]


def listing(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> str:
    """Return a table of every survivor, with what finds it and the reason that the list gives for its class."""
    rows = [
        "\t".join((v.place, v.change, v.found_by, next((entry.reason for entry in listed if entry.fits(v)), "")))
        for v in sorted(survivors(verdicts))
    ]
    return "".join(f"{row}\n" for row in ["\t".join(("place", "change", "found_by", "reason")), *rows])
