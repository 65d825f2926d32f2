"""Leaks to plant in copies of the queries of each format, with the fact that a naive reader then finds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.exports.kgx import writer as kgx
from ldnkg.exports.nanopubs import writer as nanopubs
from ldnkg.exports.property_graph import writer as property_graph
from ldnkg.exports.rdf import writer as rdf
from ldnkg.exports.registry import FORMATS
from ldnkg.exports.tables import parquet
from ldnkg.exports.tables import writer as tables
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph


class Leak(NamedTuple):
    """The formats that leak, the edits that cause the leak (file, old text, new text), and the fact then found."""

    formats: tuple[str, ...]
    changes: list[tuple[str, str, str]]
    taken: str


TLR4 = "claim:low-dose-naltrexone-antagonises-tlr4"
EXPORTS = "scripts/ldnkg/exports"
TABLES = f"{EXPORTS}/tables"
RELATIONSHIPS = f"{EXPORTS}/property_graph/relationships.rq"
SURE = " ldn:certainty ldn:established ;"


def column(before: str, name: str, property_url: str = "") -> tuple[str, str, str]:
    """Return the edit that adds a column to the description of the tables, before the column `before`."""
    url = f', "propertyUrl": "{property_url}"' if property_url else ""
    new = f'"name": "{name}", "dc:description": "Planted.", "separator": "|"{url} }}, {{ '
    return f"{TABLES}/csv-metadata.json", f'"name": "{before}",', f'{new}"name": "{before}",'


LEAKS = {
    "a plain triple": Leak(
        (*rdf.ENDINGS, "rdf12"),
        [("ontology/inference/1-bare-triples.rq", f"?record{SURE}", "?record")],
        TLR4,
    ),
    "a plain triple in an assertion": Leak(
        ("nanopubs",),
        [(f"{EXPORTS}/nanopubs/assertion.rq", f"?node a ldn:Claim ;{SURE}", "?node")],
        TLR4,
    ),
    "a cell of a work": Leak(
        ("tables", "parquet"),
        [
            (f"{TABLES}/sources.rq", "predicate cito:cites ;", "predicate cito:citesAsEvidence ;"),
            (f"{TABLES}/sources.rq", "; ldn:certainty ldn:established .", "."),
            (f"{TABLES}/sources.rq", 'BIND ("cites"', 'BIND ("evidence_of"'),
            column("cites", "evidence_of", "http://purl.org/spar/cito/citesAsEvidence"),
        ],
        "claim:article-cites-soin-2021-as-evidence",
    ),
    "a cell of a mechanism without certainty": Leak(
        ("tables", "parquet"),
        [
            (f"{TABLES}/entities.rq", '(ldn:certainty "certainty")', '(ldn:receptor "acts_at")'),
            column("effect", "acts_at"),
        ],
        "mechanism:tlr4-antagonism acts_at UniProtKB:O00206",
    ),
    "an edge with the predicate of its claim": Leak(
        ("kgx",),
        [(f"{EXPORTS}/kgx/ldn-kg_edges.rq", "?certainty != ldn:established, ", "?certainty = ldn:unknown, ")],
        TLR4,
    ),
    "an edge with the knowledge level of a fact": Leak(
        ("kgx",),
        [("ontology/alignments/biolink.ttl", '"prediction"', '"knowledge_assertion"')],
        TLR4,
    ),
    "a cell of a node": Leak(
        ("kgx",),
        [(f"{EXPORTS}/kgx/ldn-kg_nodes.rq", '(ldn:certainty "certainty")', "")],
        "mechanism:tlr4-antagonism receptor UniProtKB:O00206",
    ),
    "a relationship": Leak(
        ("property-graph",),
        [(RELATIONSHIPS, "FILTER (?certainty = ldn:established)", "")],
        TLR4,
    ),
    "a relationship of a mechanism without certainty": Leak(
        ("property-graph",),
        [(RELATIONSHIPS, "?from a ldn:Mechanism ; ldn:certainty ?certainty .", "?from a ldn:Mechanism .")],
        "mechanism:tlr4-antagonism RECEPTOR UniProtKB:O00206",
    ),
    "a property of a node": Leak(
        ("property-graph",),
        [
            (f"{EXPORTS}/property_graph/nodes.rq", '(ldn:certainty "certainty")', '(ldn:receptor "definition")'),
        ],
        "mechanism:tlr4-antagonism DEFINITION UniProtKB:O00206",
    ),
}

MAKERS: dict[str, tuple[str, Callable[[CombinedGraph, Path], dict[str, bytes]]]] = {
    "kgx": ("kgx", kgx.make_files),
    "nanopubs": ("nanopubs", nanopubs.make_files),
    "parquet": ("tables", parquet.make_files),
    "property-graph": ("property_graph", property_graph.make_files),
    "rdf12": ("rdf", rdf.make_rdf12),
    "tables": ("tables", tables.make_files),
}


def plant(leak: Leak, copy: Path) -> None:
    """Apply the edits of the leak to a copy of the publication, after adding the folder of the exports."""
    shutil.copytree(ROOT / EXPORTS, copy / EXPORTS, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, old, new in leak.changes:
        text = (copy / name).read_text("utf-8")
        assert text.count(old) == 1, name
        (copy / name).write_text(text.replace(old, new), "utf-8")


def make_leaky_files(name: str, combined: CombinedGraph, copy: Path) -> dict[str, bytes]:
    """Return the files of a format, made with the queries of the copy. The formats of RDF 1.1 have no queries."""
    if name not in MAKERS:
        return FORMATS[name].make_files(combined)
    folder, make = MAKERS[name]
    return make(combined, copy / EXPORTS / folder)
