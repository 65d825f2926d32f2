"""Judge a part of the mutants of each kind, in functions that the processes of a pool can import."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import read_turtle
from ldnkg.paths import Home
from ldnkg.validation.rules import Rules
from mutation.added_keys import added_key_mutants
from mutation.code_judging import CodeJudge, homes
from mutation.code_mutants import code_mutants
from mutation.data_mutants import mapping_mutants, record_mutants
from mutation.examples_home import ROOT
from mutation.graphs import graphs
from mutation.judging import Judge
from mutation.rule_judging import RuleJudge
from mutation.rule_mutants import Shapes

if TYPE_CHECKING:
    from mutation.code_mutants import CodeMutant
    from mutation.mutant import Verdict

HOME = Home(ROOT)
PROCESSES = os.cpu_count() or 1
PARTS = 8 * PROCESSES  # More than processes, so that all of them are busy to the end.


def article() -> Path:
    """Return the path of the article's text; raise LdnkgError if there is no such file."""
    path = Path(os.environ.get("LDNKG_ARTICLE") or ROOT.parent / "shared" / "article" / "naltrexone-to-treat-pain.txt")
    if not path.is_file():
        raise LdnkgError(f"{path}: not found. Set LDNKG_ARTICLE to the file with the text of the article.")
    return path


@cache
def _read_judge() -> Judge:
    return Judge(HOME, article().read_bytes())


@cache
def _list_code_mutants() -> list[CodeMutant]:
    return list(code_mutants(ROOT / "scripts" / "ldnkg"))


@cache
def _make_rule_judge() -> RuleJudge:
    return RuleJudge(Shapes(Rules(HOME.shapes).quads, read_turtle(HOME.ontology / "ldn.ttl")), graphs())


def data_verdicts(part: int) -> list[Verdict]:
    """Return the verdicts on the mutants of the data that belong to this part."""
    judge = _read_judge()
    mutants = chain(record_mutants(judge.parts), added_key_mutants(judge.parts), mapping_mutants(judge.parts))
    return judge.verdicts(islice(mutants, part, None, PARTS))


def code_verdicts(part: int) -> list[Verdict]:
    """Return the verdicts on the mutants of the code that belong to this part."""
    with tempfile.TemporaryDirectory() as place:
        judge = CodeJudge(homes(Path(place)))
        return judge.verdicts(_list_code_mutants()[part::PROCESSES])


def rule_verdicts(part: int) -> list[Verdict]:
    """Return the verdicts on all mutants of the rules that belong to this part."""
    judge = _make_rule_judge()
    return judge.verdicts(judge.shapes.rules()[part::PARTS])


# The function that judges a part of each kind, and the number of parts. Code has one part per process, because each
# part of it writes its own examples to disk.
JUDGES = {
    "rules": (rule_verdicts, PARTS),
    "code that reads": (code_verdicts, PROCESSES),
    "data": (data_verdicts, PARTS),
}
