"""`ldnkg show`: print a claim in words."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import get_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.querying.claims import ClaimReader
    from ldnkg.records.yaml_reader import Mapping

HELP = "say a claim in words: what it states, how sure it is, where it stands and what it cites"
EXAMPLE = "naltrexone-is-taken-orally"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `ldnkg show` takes."""
    parser.add_argument("claim", metavar="CLAIM", help="the slug of a claim: the name of its file")


def run(arguments: Namespace) -> int:
    """Print a claim in words."""
    from ldnkg.querying.claims import ClaimReader
    from ldnkg.records.loader import load_valid_records

    library = ClaimReader(load_valid_records(get_home(arguments)))
    print_claim(library, library.find_claim(arguments.claim))
    return 0


def print_claim(library: ClaimReader, claim: Mapping) -> None:
    """Print the claim, its certainty, its place in the article and what it cites."""
    from ldnkg.querying.claims import describe

    console.write_out(console.bold(str(claim["label"])))
    for key, value in describe(library, claim):
        print_line(key, value)


def print_line(key: str, value: str) -> None:
    """Print one property of a claim."""
    console.write_out(f"  {key + ':':<16} {value}")
