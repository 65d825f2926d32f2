"""Report the result of a merge: rows for programs, ordered by importance, and the columns that people read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from ldnkg.merge.places import find_places
from ldnkg.merge.report_rows import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.merge.comparison import JoinedComparison
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.report_rows import ReportRow

Report: TypeAlias = "dict[str, list[ReportRow] | dict[str, int]]"

# The heading of each table, and the columns that are printed as text; the most important table comes first.
TABLES = {
    "contradictions": ("Contradictions", "where kind claim our_value source_value statement"),
    "near_contradictions": (
        "Contradictions of near matches, such as a gene for its protein",
        "where kind claim our_value source_value statement compared_as",
    ),
    "if_corrected": (
        "Contradictions and agreement if refused identifiers were corrected (hypothetical)",
        "where kind claim our_value source_value statement compared_as",
    ),
    "agreeing_statements": ("Statements that agree with our claims", "where statement level claims compared_as"),
    "near_agreement": (
        "Statements that agree with our claims if near matches are the same",
        "where statement level claims compared_as",
    ),
    "other_statements": ("Other statements about the pairs of our claims", "where statement level claims compared_as"),
    "quoted_statements": ("Statements that are quoted but not asserted", "where statement level claims"),
    "joined": ("Joined entities", "where source_entity our_entity matched_by"),
    "unjoined": ("Entities with one of our names that did not join", "where source_entity called our_entity"),
    "near": ("Near matches that were not joined", "where source_entity match our_entity matched_by"),
    "refused": ("Refused identifiers and links", "where identifier called reason is_not instead"),
    "labels": ("Labels that differ from our labels", "where identifier source_label our_label label_of"),
    "new_about_our_entities": ("New statements about our entities", "where statement level compared_as"),
    "skipped": ("Input that could not be read", "where kind reason"),
}
KINDS = ("polarity", "sense", "direction", "negation", "relation", "dose", "value", "certainty", "agreement")


def make_report(result: MergeResult, reference: ReferenceIndex) -> Report:
    """Return the rows of each table, and the counts."""
    maker = RowMaker(result, reference, find_places(result.parts, _list_mentions(result)))
    tables = {"sources": [{"source": source.name, "iri": source.iri} for source in result.sources]}
    tables |= _describe_entities(result, maker)
    tables |= _describe_statements(result, maker)
    tables["skipped"] = [maker.describe_skipped(skipped) for skipped in result.skipped]
    ordered = {name: _sort(tables[name]) for name in ("sources", *TABLES)}
    return {**ordered, "counts": _count(result, ordered)}


def _list_mentions(result: MergeResult) -> set[tuple[str, str]]:
    """Return the source and the IRI of each entity that the report names."""
    graphs = result.graphs
    return {
        *((match.source, match.iri) for match in result.matches),
        *((found.source, found.iri) for found in result.unjoined),
        *((found.source, found.replacement) for found in result.quarantined),
        *((found.source, found.iri) for found in result.label_differences),
        *((graphs[found.graph], found.subject) for found in result.value_conflicts),
    }


def _describe_entities(result: MergeResult, maker: RowMaker) -> dict[str, list[ReportRow]]:
    return {
        "joined": [maker.describe_match(match) for match in result.matches if match.exact],
        "unjoined": [maker.describe_unjoined(found) for found in result.unjoined],
        "near": [maker.describe_near_match(match) for match in result.matches if match.is_near],
        "refused": [
            *map(maker.describe_quarantine, result.quarantined),
            *map(maker.describe_link, result.refused_links),
        ],
        "labels": [maker.describe_label(difference) for difference in result.label_differences],
    }


def _describe_statements(result: MergeResult, maker: RowMaker) -> dict[str, list[ReportRow]]:
    exact, near, corrected = (
        [found for found in result.comparisons if found.basis == basis and not found.comparison.statement.quoted]
        for basis in ("exact", "near", "corrected")
    )
    values = [maker.describe_value(conflict) for conflict in result.value_conflicts]
    return {
        "contradictions": [*_describe_conflicts(exact, maker), *values],
        "near_contradictions": _describe_conflicts(near, maker),
        "if_corrected": [
            *_describe_conflicts(corrected, maker),
            *(maker.describe_agreement(found) for found in corrected if found.comparison.agrees),
        ],
        "agreeing_statements": [maker.describe_comparison(found) for found in exact if found.comparison.agrees],
        "near_agreement": [maker.describe_comparison(found) for found in near if found.comparison.agrees],
        "other_statements": [maker.describe_comparison(found) for found in (*exact, *near) if found.is_other],
        "quoted_statements": [
            maker.describe_comparison(found) for found in result.comparisons if found.comparison.statement.quoted
        ],
        "new_about_our_entities": [maker.describe_statement(found) for found in result.comparisons if found.is_new],
    }


def _describe_conflicts(comparisons: Iterable[JoinedComparison], maker: RowMaker) -> list[ReportRow]:
    return [
        maker.describe_conflict(conflict, found) for found in comparisons for conflict in found.comparison.conflicts
    ]


def _sort(rows: list[ReportRow]) -> list[ReportRow]:
    """Return each row once, by kind and then by the place and all other values."""

    def get_key(row: ReportRow) -> tuple[int, str, str, int, list[str]]:
        kind = row.get("kind", "")
        order = KINDS.index(kind) if kind in KINDS else len(KINDS)
        return order, row["source"], row.get("file", ""), int(row.get("line") or 0), list(row.values())

    return sorted({json.dumps(row): row for row in rows}.values(), key=get_key)


def _count(result: MergeResult, tables: dict[str, list[ReportRow]]) -> dict[str, int]:
    return {
        **{name: len(rows) for name, rows in tables.items()},
        "new_statements": result.counts["new_statements"],
        "descriptions": result.counts["descriptions"],
        "new_entities": len(result.new_entities),
        "quads": len(result.merged),
    }


def format_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
