"""Run the mutation tests, print their figures and write them to `dist/mutation.json`: `make mutation`.

This judges each mutant of the rules, of the code that reads records, and of the records, and each altered text. It
takes minutes. `dist/survivors.tsv` lists each mutant that survives.

The exit status is 1 if a survivor is not in `tests/data/survivors.tsv`, if an entry of that file gives another number
of survivors, or if docs/checks.md shows another figure. The environment variable LDNKG_ARTICLE names the file with the
text of the article; its default is beside the repository.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ldnkg.cli import console
from ldnkg.errors import LdnkgError
from ldnkg.source_text.ledger import read_ledgers
from ldnkg.validation.check import check
from ldnkg.validation.engines import ENGINES
from ldnkg.writing.folder import write_files
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
    """Judge all mutants on all processors; return the verdicts by kind of mutant."""
    found = {}
    pool = ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=gc.set_threshold, initargs=(100_000,))
    with pool, console.progress(quiet=False) as step:
        judged = {kind: pool.map(judge, range(parts)) for kind, (judge, parts) in JUDGES.items()}
        for kind, verdicts in judged.items():
            step(f"mutants of the {kind}")
            found[kind] = [verdict for part in verdicts for verdict in part if verdict.found_by != BROKEN]
    return found


def figures(verdicts: dict[str, list[Verdict]]) -> dict[str, object]:
    """Return the figures of the table by name, in the order in which they are printed."""
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
        "survivors that the answers written by hand find": sum(bool(verdict.found_by) for verdict in survivors(data)),
        "altered texts": sum(tried.values()),
        "classes of alteration": len(tried),
        "altered texts refused, %": percent(sum(tried.values()) - len(missed), sum(tried.values())),
        "property-based cases": passing(),
    }


def _of_kind(kind: str, found: list[Verdict]) -> dict[str, object]:
    caught = percent(len(found) - len(survivors(found)), len(found))
    return {f"mutants of the {kind}": len(found), f"mutants of the {kind} found, %": caught}


def main() -> int:
    """Run everything and return the exit status."""
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
    return max(_compare_with_list(everything), _compare_with_page(table))


def _compare_with_page(table: dict[str, object]) -> int:
    """Print each figure that docs/checks.md does not show, and return the exit status."""
    text = (ROOT / "docs" / "checks.md").read_text("utf-8")
    wrong = [row for row in (f"| {name} | {value:,} |" for name, value in table.items()) if row not in text]
    for row in wrong:
        console.write_err(f"docs/checks.md: the table of figures must contain this row: {row}")
    return 1 if wrong else 0


def _compare_with_list(verdicts: list[Verdict]) -> int:
    """Print each difference between the survivors and `tests/data/survivors.tsv`, and return the exit status."""
    listed = known()
    new = Counter((v.place, v.change, v.found_by) for v in unlisted(verdicts, listed))
    wrong = miscounted(verdicts, listed)
    for place, change, found_by in sorted(new):
        console.write_err(f"tests/data/survivors.tsv: has no entry for {place} | {change} | {found_by}")
    for line in wrong:
        console.write_err(f"tests/data/survivors.tsv: {line}")
    return 1 if new or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
