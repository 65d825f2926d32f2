"""`ldnkg check`: print the findings of the publication."""

from __future__ import annotations

import os
from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.findings import print_findings
from ldnkg.cli.options import add_engine, get_clone, parse_path
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.validation.check import Report

HELP = "print what is wrong in the publication, with file, line and what to do"
EXAMPLE = "data/claims/naltrexone-is-taken-orally.yaml"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg check`."""
    which = ": pyshacl, the reference (default), or shacl, which is faster and optional (ldnkg[fast])"
    watch = "check again whenever a file changes, until stopped with Ctrl-C; use it with --engine shacl"
    parser.add_argument("--watch", action="store_true", help=watch)
    how = "the format of the report: text (default), sarif, or ttl, which is a SHACL validation report"
    parser.add_argument("--format", choices=["text", "sarif", "ttl"], default="text", help=how)
    add_engine(parser, which)
    what = "print only findings in these files or folders; a file outside the clone is checked with the records"
    parser.add_argument("paths", nargs="*", metavar="PATH", type=parse_path, help=what)


def run(arguments: Namespace) -> int:
    """Print the findings, or those in the given paths; with --watch, again whenever a file changes."""
    if not arguments.watch:
        return _check_once(arguments)
    from signal import SIGINT, signal

    from ldnkg.authoring.watch import watch_changes

    # An interrupt while Python shuts down would be lost. Exiting at once is safe because nothing is written here.
    signal(SIGINT, lambda *_: os._exit(130))
    for changed in watch_changes(get_clone(arguments)):
        for path in changed:
            console.write_err(f"{path.name} has changed.")
        try:
            _check_once(arguments)
        except LdnkgError as problem:
            console.write_err(str(problem))
        console.flush()
    return 0


def _check_once(arguments: Namespace) -> int:
    from ldnkg.validation.check import check, filter_by_paths

    home = get_clone(arguments)
    paths = [Path(path) for path in arguments.paths]
    for path in paths:
        if not path.exists():
            raise LdnkgError(f"{path}: there is no such file or folder.")
    outside = [path for path in paths if path.is_file() and not path.resolve().is_relative_to(home.root)]
    with console.progress(quiet=arguments.quiet) as step:
        report = check(home, outside, step, arguments.engine)
    _print(filter_by_paths(report, paths), arguments)
    return 0 if filter_by_paths(report, paths).clean else 1


def _print(report: Report, arguments: Namespace) -> None:
    if arguments.format == "text":
        print_findings(report, quiet=arguments.quiet)
        return
    from ldnkg.validation.reports import REPORTS
    from ldnkg.validation.rules import Rules

    console.write_data(REPORTS[arguments.format](report, Rules(get_clone(arguments).shapes)))
