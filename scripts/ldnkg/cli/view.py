"""`ldnkg view`: print the built graph in another vocabulary."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import get_home
from ldnkg.rdf.formats import ALIASES, GRAPH_FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "print the built graph in another vocabulary, with the certainty of each claim"
EXAMPLE = "biolink > ldn-kg.biolink.ttl"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg view`."""
    parser.add_argument("name", metavar="NAME", help="the name of the view, such as biolink")
    how = f"the format of the output: {', '.join(GRAPH_FORMATS)}, or one of their file extensions (default: turtle)"
    formats = [*GRAPH_FORMATS, *ALIASES]
    parser.add_argument("--format", metavar="FORMAT", choices=formats, default="turtle", help=how)


def run(arguments: Namespace) -> int:
    """Print the built graph in another vocabulary."""
    from ldnkg.exports.views import writer as views
    from ldnkg.querying.engine import warn_if_stale

    home = get_home(arguments)
    path = views.find_view(arguments.name)
    if not arguments.quiet:
        warn_if_stale(home, console.write_err)
    built = views.load_with_alignments(home)
    console.write_data(views.serialise_view(views.construct_view(built, path), arguments.format, built))
    return 0
