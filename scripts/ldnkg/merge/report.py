"""Report the result of a merge: rows for programs, ordered by importance, and the number of rows of each kind."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from ldnkg.merge.places import find_places, find_source_labels
from ldnkg.merge.report_rows import RowMaker
from ldnkg.merge.wording import Wording, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.merge.comparison import JoinedComparison
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.report_rows import ReportRow

# The rows by table, in the order of importance, and the dictionaries `counts` and `kinds`.
Report: TypeAlias = dict[str, Any]

TABLES = tuple(read_texts()["tables"])  # the most important table comes first
KINDS = tuple(read_texts()["kinds"])  # the most important kind comes first


def make_report(result: MergeResult, reference: ReferenceIndex) -> Report:
    """Return the rows of each table, the counts, and the number of rows by kind of the tables that have kinds."""
    mentions = _list_mentions(result)
    statements = {
        (result.graphs[found.comparison.statement.graph], end)
        for found in result.comparisons
        for end in (found.comparison.statement.subject, found.comparison.statement.object)
    }
    labels = find_source_labels(result.parts, mentions | statements, reference.vocabulary)
    wording = Wording(result, reference, labels)
    maker = RowMaker(result, wording, find_places(result.parts, mentions), labels)
    tables = _describe_entities(result, maker) | _describe_statements(result, maker)
    tables["skipped"] = [maker.describe_skipped(skipped) for skipped in result.skipped]
    ordered = {"sources": _describe_sources(result), **{name: _sort(tables[name]) for name in TABLES}}
    return {**ordered, "counts": _count(result, ordered), "kinds": _count_kinds(ordered)}


def _describe_sources(result: MergeResult) -> list[ReportRow]:
    return [
        {
            "source": source.name,
            "iri": source.iri,
            "files": ", ".join(dict.fromkeys(file for part in source.parts for file in part.files)),
        }
        for source in result.sources
    ]


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
        "near": [maker.describe_match(match) for match in result.matches if match.is_near],
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
    """Return each row once, by kind, by the name of our entity, and then by the place and all other values."""

    def get_key(row: ReportRow) -> tuple[int, str, str, str, int, list[str]]:
        kind = row.get("kind", "")
        order = KINDS.index(kind) if kind in KINDS else len(KINDS)
        name = row.get("our_name", "").casefold()
        return order, name, row["source"], row.get("file", ""), int(row.get("line") or 0), list(row.values())

    return sorted({json.dumps(row): row for row in rows}.values(), key=get_key)


def _count(result: MergeResult, tables: dict[str, list[ReportRow]]) -> dict[str, int]:
    return {
        **{name: len(rows) for name, rows in tables.items()},
        "skipped": sum(skipped.number for skipped in result.skipped),
        "files": len({file for part in result.parts for file in part.files}),
        "paths": sum(len(source.parts) for source in result.sources if len(source.parts) > 1),
        **{name: result.counts[name] for name in ("statements", "new_statements", "descriptions")},
        "new_entities": len(result.new_entities),
        "quads": len(result.merged),
    }


def _count_kinds(tables: dict[str, list[ReportRow]]) -> dict[str, dict[str, int]]:
    """Return the number of rows by table and kind, or of what the rows stand for if it was not listed."""
    found: dict[str, dict[str, int]] = {}
    for name in TABLES:
        counter: Counter[str] = Counter()
        for row in tables[name]:
            if "kind" in row:
                counter[row["kind"]] += int(row.get("count", 1))
        if counter:
            found[name] = dict(counter)
    return found


def format_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
