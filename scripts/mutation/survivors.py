"""Read the list of known survivors, `tests/data/survivors.tsv`, and compare the verdicts with it."""

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
    """An entry of the list: patterns of place and change, number of survivors, what finds them, and the reason."""

    place: str
    change: str
    number: int
    found_by: str
    reason: str

    def fits(self, verdict: Verdict) -> bool:
        """Whether the entry covers the mutant."""
        matches = fnmatchcase(verdict.place, self.place) and fnmatchcase(verdict.change, self.change)
        return matches and verdict.found_by == self.found_by


def known() -> list[Known]:
    """Return the entries of the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Known(r["place"], r["change"], int(r["number"]), r["found_by"], r["reason"]) for r in rows]


def survivors(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the mutants that neither the checks nor the article's text find."""
    return [verdict for verdict in verdicts if verdict.found_by in (SURVIVED, ANSWERS)]


def unlisted(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> list[Verdict]:
    """Return the survivors that no entry of the list covers."""
    return [verdict for verdict in survivors(verdicts) if not any(entry.fits(verdict) for entry in listed)]


def miscounted(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> list[str]:
    """Return one message for each entry of the list whose number of survivors is wrong."""
    alive = survivors(verdicts)
    counts = [(entry, sum(entry.fits(verdict) for verdict in alive)) for entry in listed]
    return [
        f"{e.place} | {e.change}: lists {e.number} survivors, but there are {n}" for e, n in counts if n != e.number
    ]


def listing(verdicts: Sequence[Verdict], listed: Sequence[Known]) -> str:
    """Return a table, as TSV, of all survivors with what finds them and the reason given in the list."""
    rows = [
        "\t".join((v.place, v.change, v.found_by, next((entry.reason for entry in listed if entry.fits(v)), "")))
        for v in sorted(survivors(verdicts))
    ]
    return "".join(f"{row}\n" for row in ["\t".join(("place", "change", "found_by", "reason")), *rows])
