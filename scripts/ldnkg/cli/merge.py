"""`ldnkg merge`: compare and merge other graphs with the publication."""

from __future__ import annotations

from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.options import get_home, parse_path
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Collection

    from ldnkg.merge.report import Report

HELP = "lay the graphs of others beside ours: say what joins, what is near, refused, contradicted and new"
EXAMPLE = "their_nodes.tsv paths.yaml graph.ttl --out /tmp/merged"
SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `ldnkg merge` takes."""
    other = "KGX nodes and edges (.tsv, .jsonl, or their folder), RDF by its ending, or paths of DrugMechDB (.yaml)"
    parser.add_argument("others", nargs="+", metavar="OTHER", type=parse_path, help=other)
    where = "the folder to write merged.nq, merged.trig and report.json to; else nothing is written"
    parser.add_argument("--out", metavar="DIR", type=parse_path, help=where)
    how = "how to print the report; else as text"
    parser.add_argument("--format", choices=["text", "json"], default="text", help=how)


def run(arguments: Namespace) -> int:
    """Report what a merge with other graphs gives, and write it if a folder is given."""
    from ldnkg.merge.inputs import files_of, read_others
    from ldnkg.merge.merge import merge
    from ldnkg.merge.merge_log import files
    from ldnkg.merge.reference import read_ours
    from ldnkg.merge.report import as_json, report

    given = [Path(path) for path in arguments.others]
    with console.progress(quiet=arguments.quiet) as step:
        step("reading the graphs")
        inputs = files_of(given)
        ours = read_ours(get_home(arguments))
        merged = merge(ours, read_others(given, ours.naming))
        told = report(merged, ours)
        if arguments.out:
            step("writing the files")
            made = {**files(merged.facts, ours.aligned.prefixes), "report.json": as_json(told).encode()}
            _write(made, Path(arguments.out), inputs)
    if arguments.format == "json":
        console.write_out(as_json(told), end="")
    else:
        _print(told)
    return 0


def _write(files: dict[str, bytes], folder: Path, inputs: Collection[Path]) -> None:
    """Write the files; raise Problem if one of them would replace an input."""
    from ldnkg.atomic_write import write_files

    if lost := sorted(path for name in files if (path := (folder / name).resolve()) in inputs):
        raise LdnkgError(f"{lost[0]}: is read and would be written over. Name another folder with --out.")
    write_files(files, folder)


def _print(told: Report) -> None:
    """Print each table that has rows, the first rows if there are many, and the counts."""
    from ldnkg.merge.readers.lines import visible
    from ldnkg.merge.report import TABLES

    for name, (heading, columns) in TABLES.items():
        if rows := told[name]:
            assert isinstance(rows, list)  # noqa: S101
            console.write_out(f"{heading}:")
            console.print_table(
                columns.split(), [[visible(row[key]) for key in columns.split()] for row in rows[:SHOWN]]
            )
            if len(rows) > SHOWN:
                console.write_out(f"... and {len(rows) - SHOWN:,} more: see --format json.")
            console.write_out("")
    counts = told["counts"]
    assert isinstance(counts, dict)  # noqa: S101
    console.print_table(
        ["what", "how many"], [[name.replace("_", " "), f"{number:,}"] for name, number in counts.items()]
    )
