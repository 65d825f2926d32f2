"""Report what came of a merge: as JSON for programs, and as the columns of tables for people."""

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

# The heading and the columns of each table.
TABLES = {
    "joined": ("What joined", "source theirs ours by"),
    "near": ("What is near and was not joined", "source theirs match ours by"),
    "refused": ("What was refused and kept apart", "source identifier called reason is_not instead"),
    "labels": ("What is called otherwise than we call it", "source identifier theirs ours names"),
    "contradictions": ("What contradicts", "source kind claim ours theirs statement"),
    "agreeing_statements": ("What agrees", "source statement level claims"),
    "other_statements": ("What else is said of what we claim something of", "source statement level claims"),
    "new_about_ours": ("What is new about ours", "source statement level"),
}


def make_report(result: MergeResult, reference: ReferenceIndex) -> Report:
    """Return the rows of each table, sorted, and the counts."""
    maker = _RowMaker(result, reference)
    exact = [match for match in result.matches if match.exact]
    joined = {match.iri for match in exact}
    new = [one for one in result.new_statements if {one.subject, one.object} & joined]
    tables: dict[str, list[ReportRow]] = {
        "sources": [{"source": source.name, "iri": source.iri} for source in result.sources],
        "joined": [maker.describe_match(match) for match in exact],
        "near": [maker.describe_near_match(match) for match in result.matches if not match.exact],
        "refused": [maker.describe_quarantine(one) for one in result.quarantined]
        + [maker.describe_link(one) for one in result.refused_links],
        "labels": [maker.describe_label(one) for one in result.label_differences],
        "contradictions": [maker.describe_conflict(one) for one in result.conflicts]
        + [maker.describe_value(one) for one in result.value_conflicts],
        "agreeing_statements": [maker.describe_comparison(one) for one in result.agreeing],
        "other_statements": [maker.describe_comparison(one) for one in result.other],
        "new_about_ours": [maker.describe_statement(one) for one in new],
    }
    ordered = {name: _sort(rows) for name, rows in tables.items()}
    return {**ordered, "counts": _count(result, ordered)}


class _RowMaker:
    """Makes the row of each finding, with IRIs as CURIEs."""

    def __init__(self, result: MergeResult, reference: ReferenceIndex) -> None:
        self._graphs, self._format_term = result.graphs, reference.graph.format_term
        self._shorten, self._canonicalise = reference.resolver.shorten, reference.resolver.canonicalise
        self._replaced = {one.replacement: self._canonicalise(one.iri) for one in result.quarantined}

    def describe_match(self, match: EntityMatch) -> ReportRow:
        same = "the same identifier" if match.iri == match.entity else "the same identifier, written otherwise"
        by = same if match.match == "same" else self._format(match.by)
        theirs, ours = self._format(match.iri), self._format(match.entity)
        return {"source": match.source, "theirs": theirs, "ours": ours, "by": by}

    def describe_near_match(self, match: EntityMatch) -> ReportRow:
        row = self.describe_match(match)
        return {"source": row["source"], "theirs": row["theirs"], "match": match.match} | row

    def describe_quarantine(self, one: QuarantinedIdentifier) -> ReportRow:
        is_not = self._format(one.lookalike.entity) if one.lookalike.entity else ""
        return {
            "source": one.source,
            "identifier": self._format(self._canonicalise(one.iri)),
            "called": one.label,
            "is_not": is_not,
            "reason": one.lookalike.reason,
            "instead": one.lookalike.instead,
            "kept_as": one.replacement,
        }

    def describe_link(self, one: RefusedLink) -> ReportRow:
        return {
            "source": self._graphs[one.link.graph],
            "identifier": self._format(self._canonicalise(one.identifier)),
            "called": f"linked by {self._format(one.link.predicate)}",
            "is_not": self._format(one.entity),
            "reason": one.reason,
            "instead": one.instead,
            "kept_as": "",
        }

    def describe_label(self, one: LabelDifference) -> ReportRow:
        names = self._format(one.labelled) if one.labelled else ""
        identifier = self._format(one.iri)
        return {
            "source": one.source,
            "identifier": identifier,
            "theirs": one.theirs,
            "ours": one.ours,
            "names": names,
        }

    def describe_statement(self, one: Statement) -> ReportRow:
        level = f"{one.level}, denied" if one.negated else one.level
        return {"source": self._graphs[one.graph], "statement": self._format_statement(one), "level": level}

    def describe_comparison(self, one: Comparison) -> ReportRow:
        claims = ", ".join(self._format(claim.claim) for claim in one.claims)
        node = self._format_side(one.statement.statement)
        return {**self.describe_statement(one.statement), "claims": claims, "node": node}

    def describe_conflict(self, one: Conflict) -> ReportRow:
        return {
            "source": self._graphs[one.statement.graph],
            "kind": one.kind,
            "claim": self._format(one.claim.claim),
            "ours": self._format_side(one.ours),
            "theirs": self._format_side(one.theirs),
            "statement": self._format_statement(one.statement),
            "node": self._format_side(one.statement.statement),
        }

    def describe_value(self, one: ValueConflict) -> ReportRow:
        theirs = self._format_side(one.object)
        return {
            "source": self._graphs[one.graph],
            "kind": "value",
            "claim": self._format(one.entity),
            "ours": self._format_side(one.ours),
            "theirs": theirs,
            "statement": f"{self._format(one.subject)} {self._format(one.property)} {theirs}",
            "node": "",
        }

    def _format_statement(self, one: Statement) -> str:
        return " ".join(self._format(term) for term in (one.subject, one.predicate, one.object))

    def _format(self, iri: str) -> str:
        """Return the name of one of our terms, else the CURIE, else the IRI."""
        if iri in self._replaced:
            return f"{self._shorten(self._replaced[iri])} (kept apart)"
        return self._format_term(ox.NamedNode(iri)) if iri.startswith("http") else self._shorten(iri)

    def _format_side(self, value: str) -> str:
        return self._format(value) if ":" in value else value


def _sort(rows: list[ReportRow]) -> list[ReportRow]:
    return sorted({json.dumps(row): row for row in rows}.values(), key=lambda row: tuple(row.values()))


def _count(result: MergeResult, tables: dict[str, list[ReportRow]]) -> dict[str, int]:
    return {
        **{name: len(rows) for name, rows in tables.items()},
        "new_statements": len({one.key for one in result.new_statements}),
        "new_entities": len(result.new_entities),
        "quads": len(result.merged),
    }


def format_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
