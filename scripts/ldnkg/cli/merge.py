"""`ldnkg merge`: merge other graphs with the publication and report the differences."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.confined import limit_resources
from ldnkg.cli.options import get_home, parse_path, refuse_output
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import NoReturn

    from ldnkg.merge.report import Report
    from ldnkg.merge.report_view import Group
    from ldnkg.merge.source import Skipped
    from ldnkg.writing.staging import Content

HELP = "merge other graphs with the publication; report joined entities, refused identifiers and contradictions"
EXAMPLE = "other_nodes.tsv paths.yaml graph.ttl --out /tmp/merged"
MAX_ROWS = 20
FORMATS = ("json", "html", "tsv")
GZIP_RATIO = 30  # a graph shrinks to a tenth or a thirtieth if it is compressed


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg merge`."""
    formats = (
        "a graph to merge: KGX (.tsv, .jsonl or .json), RDF, DrugMechDB (.yaml), SSSOM (.tsv), or a folder of them; "
        "what cannot be read is listed, and the exit status is then 1"
    )
    parser.add_argument("sources", nargs="+", metavar="SOURCE", type=parse_path, help=formats)
    folder = (
        "write merged.nq, merged.trig, report.json, report.html and report.tsv to this folder (default: write nothing)"
    )
    strict = "reject the sources if anything in them cannot be read, and list all of it"
    parser.add_argument("--strict", action="store_true", help=strict)
    rdf12 = "write triple terms and base directions of RDF 1.2; by default, the output is RDF 1.1"
    parser.add_argument("--rdf12", action="store_true", help=rdf12)
    parser.add_argument("--out", metavar="DIR", type=parse_path, help=folder)
    formats = "the format of the printed report (default: text)"
    parser.add_argument("--format", choices=["text", "json", "html", "tsv"], default="text", help=formats)


def run(arguments: Namespace) -> int:
    """Merge the sources within limits in proportion to their size."""
    from ldnkg.merge.inputs import list_files

    inputs = list_files([Path(path) for path in arguments.sources])
    with limit_resources(_measure(inputs)):
        return _merge(arguments, inputs)


def _measure(paths: Iterable[Path]) -> int:
    """Return the size of the files in bytes, about as large as if they were not compressed."""
    return sum(path.stat().st_size * (GZIP_RATIO if path.suffix == ".gz" else 1) for path in paths)


def _merge(arguments: Namespace, inputs: Collection[Path]) -> int:
    """Print the report, and write the merged graph if a folder is given."""
    from ldnkg.merge.inputs import read_sources
    from ldnkg.merge.merge import merge
    from ldnkg.merge.output import write_quads
    from ldnkg.merge.rdf11 import Rdf11Converter, count_directions
    from ldnkg.merge.reference import read_reference
    from ldnkg.merge.report import make_report

    home, paths = get_home(arguments), sorted(map(Path, arguments.sources))
    if arguments.out:
        refuse_output(Path(arguments.out), home)
    with console.progress(quiet=arguments.quiet) as step:
        step("reading the graphs")
        reference = read_reference(home)
        result = merge(reference, read_sources(paths, reference.resolver))
        if arguments.strict and result.skipped:
            _reject(result.skipped)
        report = make_report(result, reference)
        if arguments.out:
            step("writing the files")
            quads = result.merged if arguments.rdf12 else Rdf11Converter(reference.vocabulary).convert(result.merged)
            reports = {f"report.{name}": _format(report, name).encode() for name in FORMATS}
            with tempfile.TemporaryDirectory() as folder:
                files = write_quads(quads, reference.graph.prefixes, Path(folder))
                _write({**files, **reports}, Path(arguments.out), inputs)
    if arguments.format in FORMATS:
        console.write_data(_format(report, arguments.format))
    else:
        _print(report)
    if arguments.out and not arguments.rdf12 and (directions := count_directions(result.merged)):
        console.write_err(f"ldnkg: {directions:,} base directions of literals are not in the output. Use --rdf12.")
    return 1 if result.skipped else 0


def _reject(skipped: Sequence[Skipped]) -> NoReturn:
    """Print all that cannot be read, and raise LdnkgError with the last sentence."""
    for found in skipped[:-1]:
        console.write_err(f"ldnkg: {found}")
    raise LdnkgError(str(skipped[-1]))


def _write(files: Mapping[str, Content], folder: Path, inputs: Collection[Path]) -> None:
    """Write the files; raise LdnkgError if one of them would overwrite an input."""
    from ldnkg.writing.folder import complete_and_write

    if overwritten := sorted(path for name in files if (path := (folder / name).resolve()) in inputs):
        raise LdnkgError(
            f"{overwritten[0]}: the file is an input and would be overwritten. Name another folder with --out."
        )
    complete_and_write(lambda: files, folder, console.write_err)


def _format(report: Report, name: str) -> str:
    """Return the report in one of the FORMATS."""
    from ldnkg.merge.report import format_json
    from ldnkg.merge.report_html import format_html
    from ldnkg.merge.report_tsv import format_tsv

    return {"json": format_json, "html": format_html, "tsv": format_tsv}[name](report)


def _print(report: Report) -> None:
    """Print the summary, and the first rows of each table that has rows."""
    from ldnkg.merge.report_view import make_sections, summarise

    rows = [[line.what, line.number, line.details] for line in summarise(report)]
    console.print_table(["summary", "number", "which"], rows)
    for section in make_sections(report):
        console.write_out(console.bold(f"\n{section.heading} ({section.size})"))
        console.write_wrapped(section.meaning)
        left = MAX_ROWS
        for group in section.groups:
            _print_group(group, left)
            left = max(0, left - len(group.entries))


def _print_group(group: Group, most: int) -> None:
    """Print the first entries: in a table, or one below the other if they have several sentences."""
    if group.kind:
        console.write_wrapped(f"\n{group.kind}: {group.meaning}")
    entries = group.entries[:most]
    if group.is_long:
        for entry in entries:
            console.write_out("")
            cells = {"where": entry.format_places(), **entry.cells}
            console.print_fields([(name, cell) for name, cell in cells.items() if cell])
    elif entries:
        console.write_out("")
        rows = [[*entry.cells.values(), entry.format_places()] for entry in entries]
        console.print_table([*group.columns, "where"], rows)
    if more := len(group.entries) - len(entries):
        console.write_out(f"... and {more:,} more. Use --format html, tsv or json to see all.")
