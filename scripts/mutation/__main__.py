"""Prints how strong the checks are, and writes it to `dist/mutation.json`: `make mutation`.

Every mutant of every rule, of the code that reads, and of every record is made and judged, and every altered text; it
takes minutes. Each survivor is written to `dist/survivors.tsv`. Exit status 1 where a mutant survives that
`tests/data/survivors.tsv` does not name, or a figure there is not so. The text of the article is taken from where
LDNKG_ARTICLE says, or from beside the repository.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ldnkg.atomic_write import write_files
from ldnkg.cli import console
from ldnkg.errors import LdnkgError
from ldnkg.source_text.ledger import read_ledgers
from ldnkg.validation.check import check
from ldnkg.validation.engines import ENGINES
from mutation.cases import passing
from mutation.examples_home import ROOT, examples
from mutation.judging import TEXT, Judge
from mutation.mutant import percent
from mutation.parts import HOME, JUDGES, article
from mutation.rule_judging import BROKEN
from mutation.survivors import known, listing, miscounted, survivors, unlisted
from mutation.tamper import refused

if TYPE_CHECKING:
    from mutation.mutant import Verdict


def measured() -> dict[str, list[Verdict]]:
    """Return the verdicts on the mutants of each kind, by all processors."""
    found = {}
    pool = ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=gc.set_threshold, initargs=(100_000,))
    with pool, console.progress(quiet=False) as step:
        judged = {kind: pool.map(judge, range(parts)) for kind, (judge, parts) in JUDGES.items()}
        for kind, verdicts in judged.items():
            step(f"mutants of the {kind}")
            found[kind] = [verdict for part in verdicts for verdict in part if verdict.found_by != BROKEN]
    return found


def figures(verdicts: dict[str, list[Verdict]]) -> dict[str, object]:
    """Return the figures of the table by their names."""
    data = verdicts["data"]
    report = check(HOME)
    (ledger,) = read_ledgers(Judge(HOME, None).parts.records)
    tried, missed = refused(article().read_text("utf-8"), ledger)
    return {
        "rules": report.rules,
        "bad examples": len(examples("bad")),
        "evaluations on the publication": report.evaluations,
        "engines that agree on every example": len(ENGINES) + 1,
        **{name: value for kind, found in verdicts.items() for name, value in _of_kind(kind, found).items()},
        "of these by the text alone": sum(verdict.found_by == TEXT for verdict in data),
        "survivors that the answers written by hand find": sum(bool(one.found_by) for one in survivors(data)),
        "altered texts": sum(tried.values()),
        "classes of alteration": len(tried),
        "altered texts refused, %": percent(sum(tried.values()) - len(missed), sum(tried.values())),
        "property-based cases": passing(),
    }


def _of_kind(kind: str, found: list[Verdict]) -> dict[str, object]:
    caught = percent(len(found) - len(survivors(found)), len(found))
    return {f"mutants of the {kind}": len(found), f"mutants of the {kind} found, %": caught}


def main() -> int:
    """Measure, print, write, and return the exit status."""
    try:
        article()
    except LdnkgError as problem:
        console.write_err(str(problem))
        return problem.status
    verdicts = measured()
    table = figures(verdicts)
    console.print_table(["what", "how much"], [[name, f"{value:,}"] for name, value in table.items()])
    everything = [verdict for found in verdicts.values() for verdict in found]
    files = {"mutation.json": json.dumps(table, indent=1) + "\n", "survivors.tsv": listing(everything, known())}
    write_files({name: text.encode() for name, text in files.items()}, HOME.dist)
    return max(_said(everything), _shown(table))


def _shown(table: dict[str, object]) -> int:
    """Say which row of the page of checks shows another figure, and return the exit status."""
    text = (ROOT / "docs" / "checks.md").read_text("utf-8")
    wrong = [row for row in (f"| {name} | {value:,} |" for name, value in table.items()) if row not in text]
    for row in wrong:
        console.write_err(f"docs/checks.md does not show: {row}")
    return 1 if wrong else 0


def _said(verdicts: list[Verdict]) -> int:
    """Say what the list of survivors does not name, and return the exit status."""
    listed = known()
    new = Counter((v.place, v.change, v.found_by) for v in unlisted(verdicts, listed))
    wrong = miscounted(verdicts, listed)
    for place, change, found_by in sorted(new):
        console.write_err(f"survives: {place} | {change} | {found_by}")
    for line in wrong:
        console.write_err(line)
    return 1 if new or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
