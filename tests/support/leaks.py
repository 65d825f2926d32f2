"""Leaks to be planted in what each form is made by, each with what a reader that takes all at its word then sees."""

from __future__ import annotations

from typing import NamedTuple

from ldnkg.exports.registry import PLAIN


class Leak(NamedTuple):
    """The forms that leak, what is changed in which file to what, and what is then taken for a fact."""

    formats: tuple[str, ...]
    changes: list[tuple[str, str, str]]
    taken: str


TLR4 = "claim:low-dose-naltrexone-antagonises-tlr4"
EXPORTS = "ontology/exports"
TABLES = f"{EXPORTS}/tables"
RELATIONSHIPS = f"{EXPORTS}/property-graph/relationships.rq"
SURE = " ldn:certainty ldn:established ;"


def column(before: str, name: str, property_url: str = "") -> tuple[str, str, str]:
    """One more column in the description of the tables, before another."""
    said = f', "propertyUrl": "{property_url}"' if property_url else ""
    new = f'"name": "{name}", "dc:description": "Planted.", "separator": "|"{said} }}, {{ '
    return f"{TABLES}/csv-metadata.json", f'"name": "{before}",', f'{new}"name": "{before}",'


LEAKS = {
    "a plain triple": Leak(
        (*PLAIN, "rdf12"),
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
    "a cell of a mechanism that no longer says its certainty": Leak(
        ("tables", "parquet"),
        [
            (f"{TABLES}/entities.rq", '(ldn:certainty "certainty")', '(ldn:receptor "acts_at")'),
            column("effect", "acts_at"),
        ],
        "mechanism:tlr4-antagonism acts_at UniProtKB:O00206",
    ),
    "an edge that says how": Leak(
        ("kgx",),
        [(f"{EXPORTS}/kgx/ldn-kg_edges.rq", "?certainty != ldn:established, ", "?certainty = ldn:unknown, ")],
        TLR4,
    ),
    "an edge that is called a fact": Leak(
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
    "a relationship that no longer says its certainty": Leak(
        ("property-graph",),
        [(RELATIONSHIPS, "?from a ldn:Mechanism ; ldn:certainty ?certainty .", "?from a ldn:Mechanism .")],
        "mechanism:tlr4-antagonism RECEPTOR UniProtKB:O00206",
    ),
    "a property of a node": Leak(
        ("property-graph",),
        [
            (f"{EXPORTS}/property-graph/nodes.rq", '(ldn:certainty "certainty")', '(ldn:receptor "definition")'),
        ],
        "mechanism:tlr4-antagonism DEFINITION UniProtKB:O00206",
    ),
}
