"""`ldnkg build`: check the publication and write its files."""

from __future__ import annotations

from collections import Counter

from ldnkg.cli import console
from ldnkg.cli.options import add_engine, add_out, get_clone
from ldnkg.cli.output import check_and_write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.cli.output import Files, Step
    from ldnkg.publication.graph import Publication
    from ldnkg.validation.check import Report

HELP = "check the publication and write its files, unless the check has findings"
EXAMPLE = "--out /tmp/ldn-kg"
ORIGINS = {"sourceClaimCount": "of sources", "curatorClaimCount": "of curators"}
KINDS = ("Claim", "Concept", "Regimen", "Mechanism", "Article", "CitedWork", "Sentence", "Hedge")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg build`."""
    add_out(parser)
    add_engine(parser)


def run(arguments: Namespace) -> int:
    """Check, then write every file; write nothing if the check has findings."""
    from ldnkg.exports.checksums import update_checksums

    if not arguments.out:
        get_clone(arguments, ", or write the installed publication to a folder of your own with --out DIR")
    report, files, folder = check_and_write(arguments, _make, update_checksums)
    if not arguments.quiet:
        _print_built(report, files, folder)
    return 0


def _make(publication: Publication, step: Step) -> Files:
    from ldnkg.exports.build import export

    step("writing the files")
    return export(publication)


def _print_built(report: Report, files: Mapping[str, bytes], folder: Path) -> None:
    """Print the claims by certainty, the other counts, and each file with its size."""
    from ldnkg.files import display_path

    assert report.publication is not None  # noqa: S101
    sizes = [(display_path(folder / name), f"{len(content):,} bytes") for name, content in files.items()]
    console.print_table(["what", "amount"], [list(row) for row in (*_count(report.publication), *sizes)])
    console.write_out(f"No findings: {report.rules} rules on {report.nodes} nodes, {report.evaluations:,} evaluations.")


def _count(publication: Publication) -> list[tuple[str, str]]:
    from ldnkg.records.names import get_texts

    nodes = [node for record in publication.inputs.records for node in record.nodes]
    claims = [node for node in nodes if "relation" in node]
    kinds = Counter(kind for node in nodes for kind in get_texts(node.get("type", "")))
    levels = Counter(str(claim["certainty"]) for claim in claims)
    ends = {str(claim[end]) for claim in claims for end in ("subject", "object")}
    counts = [
        *((f"claims, {level}", number) for level, number in levels.most_common()),
        *_count_origins(publication),
        *((f"type {kind}", kinds[kind]) for kind in KINDS),
        ("entities that claims are about", sum(not name.startswith("claim:") for name in ends)),
        ("outside terms", sum(bool(record.slug) for record in publication.inputs.records)),
        ("triples", len({quad.triple for quad in publication.quads})),
    ]
    return [(name, f"{number:,}") for name, number in counts]


def _count_origins(publication: Publication) -> list[tuple[str, int]]:
    """Return the number of claims of sources and of curators, in total and at each level, as the graph states it."""
    from ldnkg.rdf.terms import get_value

    rows = [
        (f"claims {ORIGINS[name]}, {level}".removesuffix(", "), int(get_value(quad.object)))
        for quad in publication.derived
        for level, name in [[get_value(term).partition("#")[2] for term in (quad.subject, quad.predicate)]]
        if name in ORIGINS
    ]
    return sorted(row for row in rows if row[1])
