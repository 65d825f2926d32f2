"""`ldnkg export`: check the publication and write it in further formats."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import add_engine, add_out, get_home
from ldnkg.cli.output import export_and_print
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from ldnkg.cli.output import Files, Step
    from ldnkg.exports.registry import Format
    from ldnkg.publication.graph import Publication
    from ldnkg.records.tsv_reader import Row

HELP = "check the publication and write it in further formats, such as tables and KGX"
EXAMPLE = "--only tables --out /tmp/ldn-kg"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `ldnkg export`."""
    parser.add_argument(
        "--list", action="store_true", help="list the formats and what each keeps of a claim; write nothing"
    )
    only = (
        "write only this format, such as tables or turtle; repeat it for more formats (default: every format that "
        "`ldnkg build` does not write)"
    )
    parser.add_argument("--only", metavar="FORMAT", action="append", default=[], help=only)
    add_out(parser)
    add_engine(parser)


def run(arguments: Namespace) -> int:
    """Check, then write the further formats; write nothing if there are findings."""
    from ldnkg.exports import fidelity, registry
    from ldnkg.publication.combined import combine_with_alignments

    wanted = registry.choose_formats(arguments.only)
    if arguments.list:
        _print_losses(fidelity.read_losses(arguments.only or registry.FORMATS), each=bool(arguments.only))
        return 0
    wanted = [form for form in wanted if _is_usable(form, requested=bool(arguments.only))]
    statement = fidelity.format_losses(fidelity.read_losses(registry.FORMATS))

    def make(publication: Publication, step: Step) -> Files:
        step(f"making {', '.join(form.name for form in wanted)}")
        return {fidelity.NAME: statement, **registry.make_all_files(wanted, combine_with_alignments(publication))}

    folder = export_and_print(arguments, make)
    if not arguments.only and not arguments.quiet:
        out = arguments.out or (str(folder) if get_home(arguments).installed else None)
        _print_unwritten(registry.find_unwritten(folder), {"--home": arguments.home, "--out": out})
    return 0


def _print_unwritten(names: list[str], given: Mapping[str, str | None]) -> None:
    """Print which formats of a build are missing from the folder, and the command that writes them."""
    import shlex

    if names:
        how = shlex.join(["ldnkg", "build", *(word for pair in given.items() if pair[1] for word in pair if word)])
        console.write_out(f"Not written: {', '.join(names)}. `{how}` writes {'them' if names[1:] else 'it'}.")


def _print_losses(rows: list[Row], *, each: bool) -> None:
    """Print whether each format keeps each aspect of a claim, or how, if `each` is set."""
    from ldnkg.exports import fidelity

    if each:
        console.print_table(fidelity.COLUMNS, [list(row.cells.values()) for row in rows])
    else:
        console.print_table(*fidelity.tabulate_losses(rows))


def _is_usable(form: Format, *, requested: bool) -> bool:
    """Return whether the dependency of a format is installed; raise LdnkgError if a requested format lacks it."""
    if form.is_installed():
        return True
    if requested:
        raise LdnkgError(f"The format '{form.name}' needs an optional dependency. Run `pip install '{form.extra}'`.")
    console.write_err(f"ldnkg: Skipped the format '{form.name}', which needs `pip install '{form.extra}'`.")
    return False
