"""Says what a build made."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg import console
from ldnkg.files import shown
from ldnkg.names import texts
from ldnkg.paths import bundled
from ldnkg.rdf import flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.checks import Report
    from ldnkg.paths import Home
    from ldnkg.publication import Publication


def default_folder(home: Home) -> Path:
    """Return where a build goes unless told otherwise: beside the data in a checkout, else below the working folder."""
    packaged = home.root == bundled() and home.root.name == "home"
    return Path("dist") if packaged else home.dist


def print_built(report: Report, files: Mapping[str, bytes], folder: Path) -> None:
    """Print the claims by certainty, the other counts, and each file with its size."""
    assert report.publication is not None  # noqa: S101
    rows = [
        *_counts(report.publication),
        *((shown(folder / name), f"{len(content):,} bytes") for name, content in files.items()),
    ]
    console.table(["what", "how much"], [list(row) for row in rows])
    console.say(f"{report.rules} rules held on {report.nodes} nodes, {report.evaluations} evaluations.")


def _counts(publication: Publication) -> list[tuple[str, str]]:
    nodes = [node for record in publication.reading.records for node in record.nodes()]
    kinds = Counter(kind for node in nodes for kind in texts(node.get("type", "")))
    levels = Counter(str(node["certainty"]) for node in nodes if "relation" in node)
    terms = sum(bool(record.slug) for record in publication.reading.records)
    named = ("Claim", "Concept", "Regimen", "Mechanism", "Article", "CitedWork", "Sentence", "Hedge")
    counts = [(f"claims, {level}", number) for level, number in levels.most_common()]
    counts += [(f"type {kind}", kinds[kind]) for kind in named]
    ends = {str(node[end]) for node in nodes if "relation" in node for end in ("subject", "object")}
    entities = [name for name in ends if not name.startswith("claim:")]
    counts += [
        ("entities that claims are about", len(entities)),
        ("outside terms", terms),
        ("triples", len(list(flat(publication.quads)))),
    ]
    return [(name, f"{number:,}") for name, number in counts]


def print_written(files: Mapping[str, bytes], folder: Path) -> None:
    """Print each file with its size, and how much that is in all."""
    console.table(["file", "bytes"], [[shown(folder / name), f"{len(content):,}"] for name, content in files.items()])
    console.say(f"{len(files):,} files, {sum(map(len, files.values())):,} bytes.")
