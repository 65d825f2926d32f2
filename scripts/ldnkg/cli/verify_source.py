"""`ldnkg verify-source`: compare the sentence ledger with the text of the article."""

from __future__ import annotations

from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.options import get_home, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "compare the ledger of sentences and hedges with the text of the article"
EXAMPLE = "article.txt"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg verify-source`."""
    parser.add_argument("file", metavar="FILE", type=parse_path, help="the text of the article, as UTF-8")
    parser.add_argument("--source", metavar="SLUG", help="the slug of the article, if the publication has several")


def run(arguments: Namespace) -> int:
    """Print every difference between the text and the ledger."""
    from ldnkg.files import read_bytes
    from ldnkg.records.loader import load_valid_records
    from ldnkg.source_text.ledger import choose_ledger, read_ledgers
    from ldnkg.source_text.verify import verify

    ledger = choose_ledger(read_ledgers(load_valid_records(get_home(arguments)).records), arguments.source)
    differences = verify(read_bytes(Path(arguments.file)), ledger)
    for difference in differences:
        console.write_out(f"{arguments.file}: {difference.words}")
    if not differences and not arguments.quiet:
        size = f"{len(ledger.sentences)} sentences and {len(ledger.hedges)} hedges"
        console.write_out(f"{arguments.file}: is exactly the text of {ledger.id}; {size} match the ledger.")
    return 1 if differences else 0
