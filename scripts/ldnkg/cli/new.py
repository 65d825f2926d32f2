"""`ldnkg new`: draft a record and write it if the check finds nothing."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.findings import print_findings
from ldnkg.cli.options import add_engine, get_home
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "draft a claim: ask for what is not given, check it, and write it only where nothing is found"
EXAMPLE = "claim naltrexone-acts-on-mu-opioid-receptor --set subject=naltrexone --set relation=actsOn"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `ldnkg new` takes."""
    parser.add_argument("kind", choices=["claim"], help="what to draft")
    parser.add_argument("slug", metavar="SLUG", help="its name: what it says, in small letters with hyphens")
    what = "a key of the claim and its value; again for another value; a sentence may be given by its number"
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=what)
    mention = "a name that the first sentence mentions and the ledger does not say so yet"
    parser.add_argument("--mentions", metavar="NAME", action="append", default=[], help=mention)
    add_engine(parser)


def run(arguments: Namespace) -> int:
    """Draft a claim, and write it with its entry in the ledger if the check finds nothing."""
    from ldnkg.atomic_write import write_files
    from ldnkg.authoring import new_claim

    home = get_home(arguments)
    answers = _read_answers(arguments.set)
    while keys := new_claim.list_missing(answers):
        answers[keys[0]] = console.prompt(keys[0])
    draft = new_claim.draft_claim(home, arguments.slug, answers, arguments.mentions, arguments.engine)
    if not draft.report.clean:
        print_findings(draft.report, quiet=arguments.quiet)
        raise LdnkgError("Nothing was written.", 1)
    files = {path.relative_to(home.root).as_posix(): text.encode() for path, text in draft.files.items()}
    write_files(files, home.root)
    console.write_out("\n".join(new_claim.list_written_files(draft)))
    if not arguments.quiet:
        console.write_err(
            "Written. Enter it in tests/data/answers/ too: facts.tsv and invariants.tsv, from the article. Then `make`."
        )
    return 0


def _read_answers(settings: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for given in settings:
        key, mark, value = given.partition("=")
        if not mark:
            raise LdnkgError(f"'{given}' is no KEY=VALUE. Write it as in --set relation=actsOn.")
        found.setdefault(key, []).append(value)
    return found
