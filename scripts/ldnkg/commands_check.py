"""What the commands that check do, and what those that write ask of a check."""

from __future__ import annotations

import os
from pathlib import Path

from ldnkg import console
from ldnkg.paths import find_home
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from ldnkg.checks import Report
    from ldnkg.paths import Home
    from ldnkg.publication import Publication


def home_of(arguments: Namespace) -> Home:
    """Return the publication that a command is about."""
    return find_home(Path(arguments.home) if arguments.home else None)


def check(arguments: Namespace) -> int:
    """Print what is wrong; with paths, only what is found in them; with --watch, again whenever a file changes."""
    if not arguments.watch:
        return _check_once(arguments)
    from signal import SIGINT, signal

    from ldnkg.watch import changes

    # An interrupt that comes while Python tidies up would be lost; what is written is whole or not there at any time.
    signal(SIGINT, lambda *_: os._exit(130))
    for changed in changes(home_of(arguments)):
        for path in changed:
            console.tell(f"{path.name} has changed.")
        try:
            _check_once(arguments)
        except Problem as problem:
            console.tell(str(problem))
        console.flush()
    return 0


def _check_once(arguments: Namespace) -> int:
    from ldnkg.checks import check as run
    from ldnkg.checks import within

    home = home_of(arguments)
    paths = [Path(path) for path in arguments.paths]
    for path in paths:
        if not path.exists():
            raise Problem(f"{path}: there is no such file or folder.")
    outside = [path for path in paths if path.is_file() and not path.resolve().is_relative_to(home.root)]
    with console.progress(quiet=arguments.quiet) as step:
        report = run(home, outside, step, arguments.engine)
    report = within(report, paths)
    if arguments.format == "text":
        say_findings(report, quiet=arguments.quiet)
    else:
        from ldnkg.reports import REPORTS
        from ldnkg.rules import Rules

        console.say(REPORTS[arguments.format](report, Rules(home.shapes)), end="")
    return 0 if report.clean else 1


def say_findings(report: Report, *, quiet: bool) -> None:
    """Print each finding, and besides it how much was looked at."""
    from ldnkg.files import shown

    for finding in report.findings:
        where = console.bold(f"{shown(finding.path)}:{finding.line}")
        console.say(f"{where}: {finding.record or 'this file'}: {console.red(finding.rule)}: {finding.sentence}")
    if quiet:
        return
    found = f"{len(report.findings)} finding{'s' * (len(report.findings) != 1)}" if report.findings else "No findings"
    size = f"{report.rules} rules on {report.nodes} nodes, {report.evaluations} evaluations by {report.engine}"
    rest = "" if report.clean or report.publication else " The graph was not checked yet: mend these first."
    console.tell(f"{found}: {size}.{rest}")


def clean(report: Report, *, quiet: bool) -> Publication:
    """Return the publication of a report; say what was found, and raise Problem, where anything was."""
    if report.publication is None or not report.clean:
        say_findings(report, quiet=quiet)
        raise Problem("Nothing was written.", 1)
    return report.publication


def new(arguments: Namespace) -> int:
    """Draft a claim, and write it with its entry in the ledger where the check finds nothing."""
    from ldnkg import newclaim
    from ldnkg.write import write_all

    home = home_of(arguments)
    answers = _answers(arguments)
    while keys := newclaim.missing(answers):
        answers[keys[0]] = console.ask(keys[0])
    draft = newclaim.draft(home, arguments.slug, answers, arguments.mentions, arguments.engine)
    if not draft.report.clean:
        say_findings(draft.report, quiet=arguments.quiet)
        raise Problem("Nothing was written.", 1)
    files = {path.relative_to(home.root).as_posix(): text.encode() for path, text in draft.files.items()}
    write_all(files, home.root)
    console.say("\n".join(newclaim.written(draft)))
    if not arguments.quiet:
        console.tell(
            "Written. Enter it in tests/answers/ too: facts.tsv and invariants.tsv, from the article. Then `make`."
        )
    return 0


def _answers(arguments: Namespace) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for given in arguments.set:
        key, mark, value = given.partition("=")
        if not mark:
            raise Problem(f"'{given}' is no KEY=VALUE. Write it as in --set relation=actsOn.")
        found.setdefault(key, []).append(value)
    return found


def verify_source(arguments: Namespace) -> int:
    """Print in what a text differs from the one that the ledger is about, or that it does not."""
    from ldnkg.files import read_bytes
    from ldnkg.publication import read_clean
    from ldnkg.source import choose, ledgers
    from ldnkg.verify import verify

    ledger = choose(ledgers(read_clean(home_of(arguments)).records), arguments.source)
    differences = verify(read_bytes(Path(arguments.file)), ledger)
    for difference in differences:
        console.say(f"{arguments.file}: {difference.words}")
    if not differences and not arguments.quiet:
        size = f"{len(ledger.sentences)} sentences and {len(ledger.hedges)} hedges"
        console.say(f"{arguments.file}: the very text of {ledger.id}; {size} stand where the ledger says.")
    return 1 if differences else 0
