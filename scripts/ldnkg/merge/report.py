"""Report the result of a merge: as JSON for programs, and as the columns of tables for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from ldnkg.merge.assertions import Statement
    from ldnkg.merge.conflicts import Comparison, Conflict
    from ldnkg.merge.labels import LabelDifference
    from ldnkg.merge.link_checks import RefusedLink
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.merge_log import EntityMatch
    from ldnkg.merge.quarantine import QuarantinedIdentifier
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.value_conflicts import ValueConflict

ReportRow: TypeAlias = dict[str, str]
Report: TypeAlias = "dict[str, list[ReportRow] | dict[str, int]]"

# The heading of each table, and the columns that are printed as text.
TABLES = {
    "joined": ("Joined entities", "source source_entity our_entity matched_by"),
    "near": ("Near matches that were not joined", "source source_entity match our_entity matched_by"),
    "refused": ("Refused identifiers and links", "source identifier called reason is_not instead"),
    "labels": ("Labels that differ from our labels", "source identifier source_label our_label label_of"),
    "contradictions": ("Contradictions", "source kind claim our_value source_value statement"),
    "agreeing_statements": ("Statements that agree with our claims", "source statement level claims"),
    "other_statements": ("Other statements about the pairs of our claims", "source statement level claims"),
    "new_about_our_entities": ("New statements about our entities", "source statement level"),
}


def make_report(result: MergeResult, reference: ReferenceIndex) -> Report:
    """Return the sorted rows of each table, and the counts."""
    maker = _RowMaker(result, reference)
    exact = [match for match in result.matches if match.exact]
    joined = {match.iri for match in exact}
    new = [statement for statement in result.new_statements if {statement.subject, statement.object} & joined]
    tables: dict[str, list[ReportRow]] = {
        "sources": [{"source": source.name, "iri": source.iri} for source in result.sources],
        "joined": [maker.describe_match(match) for match in exact],
        "near": [maker.describe_near_match(match) for match in result.matches if not match.exact],
        "refused": [
            *map(maker.describe_quarantine, result.quarantined),
            *map(maker.describe_link, result.refused_links),
        ],
        "labels": [maker.describe_label(difference) for difference in result.label_differences],
        "contradictions": [
            *map(maker.describe_conflict, result.conflicts),
            *map(maker.describe_value, result.value_conflicts),
        ],
        "agreeing_statements": [maker.describe_comparison(comparison) for comparison in result.agreeing],
        "other_statements": [maker.describe_comparison(comparison) for comparison in result.other],
        "new_about_our_entities": [maker.describe_statement(statement) for statement in new],
    }
    ordered = {name: _sort(rows) for name, rows in tables.items()}
    return {**ordered, "counts": _count(result, ordered)}


class _RowMaker:
    """Makes the rows of the tables, with IRIs as CURIEs."""

    def __init__(self, result: MergeResult, reference: ReferenceIndex) -> None:
        self._graphs, self._format_term = result.graphs, reference.graph.format_term
        self._shorten, self._canonicalise = reference.resolver.shorten, reference.resolver.canonicalise
        self._replaced = {found.replacement: self._canonicalise(found.iri) for found in result.quarantined}

    def describe_match(self, match: EntityMatch) -> ReportRow:
        same = "the same identifier" if match.iri == match.entity else "the same identifier in another notation"
        return {
            "source": match.source,
            "source_entity": self._format(match.iri),
            "our_entity": self._format(match.entity),
            "matched_by": same if match.match == "same" else self._format(match.by),
        }

    def describe_near_match(self, match: EntityMatch) -> ReportRow:
        row = self.describe_match(match)
        return {"source": row["source"], "source_entity": row["source_entity"], "match": match.match} | row

    def describe_quarantine(self, quarantined: QuarantinedIdentifier) -> ReportRow:
        lookalike = quarantined.lookalike
        return {
            "source": quarantined.source,
            "identifier": self._format(self._canonicalise(quarantined.iri)),
            "called": quarantined.label,
            "is_not": self._format(lookalike.entity) if lookalike.entity else "",
            "reason": lookalike.reason,
            "instead": lookalike.instead,
            "kept_as": quarantined.replacement,
        }

    def describe_link(self, refused: RefusedLink) -> ReportRow:
        return {
            "source": self._graphs[refused.link.graph],
            "identifier": self._format(self._canonicalise(refused.identifier)),
            "called": f"linked by {self._format(refused.link.predicate)}",
            "is_not": self._format(refused.entity),
            "reason": refused.reason,
            "instead": refused.instead,
            "kept_as": "",
        }

    def describe_label(self, difference: LabelDifference) -> ReportRow:
        return {
            "source": difference.source,
            "identifier": self._format(difference.iri),
            "source_label": difference.source_label,
            "our_label": difference.our_label,
            "label_of": self._format(difference.labelled) if difference.labelled else "",
        }

    def describe_statement(self, statement: Statement) -> ReportRow:
        return {
            "source": self._graphs[statement.graph],
            "statement": self._format_statement(statement),
            "level": f"{statement.level}, negated" if statement.negated else statement.level,
        }

    def describe_comparison(self, comparison: Comparison) -> ReportRow:
        claims = ", ".join(self._format(claim.claim) for claim in comparison.claims)
        node = self._format_value(comparison.statement.statement)
        return {**self.describe_statement(comparison.statement), "claims": claims, "node": node}

    def describe_conflict(self, conflict: Conflict) -> ReportRow:
        return {
            "source": self._graphs[conflict.statement.graph],
            "kind": conflict.kind,
            "claim": self._format(conflict.claim.claim),
            "our_value": self._format_value(conflict.our_value),
            "source_value": self._format_value(conflict.source_value),
            "statement": self._format_statement(conflict.statement),
            "node": self._format_value(conflict.statement.statement),
        }

    def describe_value(self, conflict: ValueConflict) -> ReportRow:
        source_value = self._format_value(conflict.object)
        return {
            "source": self._graphs[conflict.graph],
            "kind": "value",
            "claim": self._format(conflict.entity),
            "our_value": self._format_value(conflict.our_value),
            "source_value": source_value,
            "statement": f"{self._format(conflict.subject)} {self._format(conflict.property)} {source_value}",
            "node": "",
        }

    def _format_statement(self, statement: Statement) -> str:
        return " ".join(self._format(term) for term in (statement.subject, statement.predicate, statement.object))

    def _format(self, iri: str) -> str:
        """Return the name of one of our terms, else the CURIE, else the IRI."""
        if iri in self._replaced:
            return f"{self._shorten(self._replaced[iri])} (quarantined)"
        return self._format_term(ox.NamedNode(iri)) if iri.startswith("http") else self._shorten(iri)

    def _format_value(self, value: str) -> str:
        return self._format(value) if ":" in value else value


def _sort(rows: list[ReportRow]) -> list[ReportRow]:
    return sorted({json.dumps(row): row for row in rows}.values(), key=lambda row: tuple(row.values()))


def _count(result: MergeResult, tables: dict[str, list[ReportRow]]) -> dict[str, int]:
    return {
        **{name: len(rows) for name, rows in tables.items()},
        "new_statements": len({statement.key for statement in result.new_statements}),
        "new_entities": len(result.new_entities),
        "quads": len(result.merged),
    }


def format_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
