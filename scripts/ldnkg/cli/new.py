"""`ldnkg new`: draft a claim from answers and write it if the check has no findings."""

from __future__ import annotations

import sys
from contextlib import contextmanager

from ldnkg.cli import console
from ldnkg.cli.findings import print_findings
from ldnkg.cli.options import add_engine, get_clone
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping, Sequence

    from ldnkg.authoring.dialogue import Dialogue
    from ldnkg.authoring.draft import DraftFile
    from ldnkg.authoring.form import ClaimForm
    from ldnkg.authoring.new_claim import Draft
    from ldnkg.paths import Home

HELP = "add a claim: answer questions on a terminal, or give its keys with --set; it is written if the check passes"
EXAMPLE = "claim naltrexone-acts-on-mu-opioid-receptor"
ENTRIES = ("mentions", "manners")
HAND_WRITTEN = "tests/data/answers/facts.tsv"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg new`."""
    parser.add_argument("kind", choices=["claim"], help="what to add")
    parser.add_argument(
        "slug", metavar="SLUG", help="the name of the new claim: what it states, in lower case with hyphens"
    )
    what = "a key of the claim and its value, such as relation=actsOn or sentence=6; repeat it for more"
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=what)
    mention = "an entity that the first sentence mentions and the ledger does not list yet; repeat it for more entities"
    parser.add_argument("--mentions", metavar="NAME", action="append", default=[], help=mention)
    add_engine(parser)


def run(arguments: Namespace) -> int:
    """Write a claim and its entry in the ledger if the check has no findings."""
    from ldnkg.authoring import new_claim

    home = get_clone(arguments)
    new_claim.refuse_slug(home, arguments.slug)
    answers = _read_settings(arguments.set)
    if new_claim.list_missing(answers) and _is_terminal():
        return _converse(home, arguments, answers)
    if not answers:
        needed = ", ".join(new_claim.NEEDED)
        raise LdnkgError(f"There is no terminal to ask questions on. Give each key with --set KEY=VALUE: {needed}.")
    while keys := new_claim.list_missing(answers):
        answers[keys[0]] = console.prompt(keys[0])
    if not _write_clean(home, arguments, answers, {"mentions": arguments.mentions}):
        raise LdnkgError("Nothing was written.", 1)
    return 0


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _read_settings(settings: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for given in settings:
        key, mark, value = given.partition("=")
        if not mark:
            raise LdnkgError(f"'{given}' is no KEY=VALUE. Write it as in --set relation=actsOn.")
        if any("\ud800" <= letter <= "\udfff" for letter in given):
            raise LdnkgError(f"The value of --set {key} is not UTF-8 text. Set the terminal to UTF-8.")
        found.setdefault(key, []).append(value)
    return found


def _converse(home: Home, arguments: Namespace, given: Mapping[str, Sequence[str]]) -> int:
    """Ask for the claim until the check has no findings; keep the answers in a file until the claim is written."""
    from ldnkg.authoring.dialogue import INTRODUCTION, Dialogue
    from ldnkg.authoring.draft import DraftFile
    from ldnkg.authoring.form import ClaimForm

    form, kept, terminal = ClaimForm(home), DraftFile(home, arguments.slug), console.Terminal()
    earlier, settings = kept.read(), _resolve_settings(form, given, arguments.mentions)
    with _keeping(kept):
        answers = (earlier if earlier and _goes_on(earlier, terminal) else {}) | settings
        for line in INTRODUCTION:
            terminal.say(line)
        _finish(home, arguments, Dialogue(form, answers, terminal, kept.write))
    kept.delete()
    return 0


def _finish(home: Home, arguments: Namespace, dialogue: Dialogue) -> None:
    """Run the dialogue again until its answers are written."""
    while True:
        answers = dialogue.run()
        record = {key: values for key, values in answers.items() if key not in ENTRIES}
        entries = {key: answers.get(key, []) for key in ENTRIES}
        if _write_clean(home, arguments, record, entries):
            return
        console.write_err("Nothing was written. Change the answers that the findings name, or stop with Ctrl-C.")


@contextmanager
def _keeping(kept: DraftFile) -> Iterator[None]:
    """Say where the answers are if the dialogue ends before the claim is written."""
    from ldnkg.files import display_path

    try:
        yield
    except (KeyboardInterrupt, EOFError, LdnkgError, OSError) as problem:
        if kept.path.exists():
            where = f"\nThe answers are kept in {display_path(kept.path)}. The same command goes on from there."
            console.write_err(where)
        if isinstance(problem, EOFError):
            raise LdnkgError("Nothing was written.", 1) from problem
        raise


def _goes_on(earlier: Mapping[str, Sequence[str]], terminal: console.Terminal) -> bool:
    """Return whether the curator goes on with the answers of an earlier start."""
    terminal.say(f"Answers from an earlier start are kept: {', '.join(earlier)}.")
    while (answer := terminal.ask("Go on with them? [yes]> ", ["yes", "no"]).strip().lower()) not in ("", "y", "yes"):
        if answer in ("n", "no"):
            return False
        terminal.say("Answer yes or no. No starts anew; the first new answer replaces the answers that are kept.")
    return True


def _resolve_settings(
    form: ClaimForm, given: Mapping[str, Sequence[str]], mentions: Sequence[str]
) -> dict[str, list[str]]:
    """Return the answers of the command line as names of the records."""
    from ldnkg.authoring.answers import read_answer

    if unknown := [key for key in given if key not in form.keys]:
        raise LdnkgError(f"A claim has no key '{unknown[0]}'. Keys: {', '.join(form.keys)}.")
    found: dict[str, list[str]] = {}
    for key in filter(given.__contains__, form.order):
        found[key] = [name for value in given[key] for name in read_answer(form, key, value, found)]
    return {**found, "mentions": list(mentions)} if mentions else found


def _write_clean(
    home: Home, arguments: Namespace, answers: Mapping[str, Sequence[str]], entries: Mapping[str, Sequence[str]]
) -> bool:
    """Check the draft and write it; print the findings and return False if there are any."""
    from ldnkg.authoring import new_claim

    with console.progress(quiet=arguments.quiet) as step:
        step("checking the claim with the rest of the publication")
        draft = new_claim.draft_claim(home, arguments.slug, answers, entries, arguments.engine)
    if not draft.report.clean:
        print_findings(draft.report, quiet=arguments.quiet)
        return False
    _write(home, draft)
    console.write_out("\n".join(new_claim.list_written_files(draft)))
    if not arguments.quiet:
        console.write_err(_advise(home))
    return True


def _write(home: Home, draft: Draft) -> None:
    """Write the claim and the ledger, unless they were changed meanwhile; an interrupt in between is ignored."""
    from signal import SIG_IGN, SIGINT, signal

    from ldnkg.authoring.new_claim import refuse_changed
    from ldnkg.writing.folder import replace_files

    refuse_changed(draft)
    files = {path.relative_to(home.root).as_posix(): text.encode() for path, text in draft.files.items()}
    before = signal(SIGINT, SIG_IGN)
    try:
        replace_files(files, home.root)
    finally:
        signal(SIGINT, before)


def _advise(home: Home) -> str:
    """Return what to do next, naming only files that the clone has."""
    build = "Then run `make`." if (home.root / "Makefile").is_file() else "Then run `ldnkg build`."
    if not (home.root / HAND_WRITTEN).is_file():
        return f"Written. {build}"
    return f"Written. Enter the claim in {HAND_WRITTEN} and in invariants.tsv beside it, from the article. {build}"
