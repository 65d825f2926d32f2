"""`ldnkg view`: print the built graph in another vocabulary."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import get_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "say the built graph in another vocabulary, the certainty of each claim with it"
EXAMPLE = "biolink > ldn-kg.biolink.ttl"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `ldnkg view` takes."""
    parser.add_argument("name", metavar="NAME", help="the name of a view, such as biolink")
    parser.add_argument("--format", choices=["ttl", "nt"], default="ttl", help="how to print it; else as Turtle")


def run(arguments: Namespace) -> int:
    """Print the built graph in another vocabulary."""
    from ldnkg.exports.views import writer as views
    from ldnkg.querying.engine import warn_if_stale

    home = get_home(arguments)
    path = views.find_view(arguments.name)
    if not arguments.quiet:
        warn_if_stale(home, console.write_err)
    built = views.load_with_alignments(home)
    console.write_out(views.serialise_view(views.construct_view(built, path), arguments.format, built), end="")
    return 0
