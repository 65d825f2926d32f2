"""Describe what a merge found as rows of text, each with its file, line and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from ldnkg.merge.places import Place, name_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.merge.comparison import JoinedComparison
    from ldnkg.merge.conflicts import Conflict
    from ldnkg.merge.joins import Join
    from ldnkg.merge.labels import LabelDifference
    from ldnkg.merge.links import RefusedLink
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.merge_log import EntityMatch
    from ldnkg.merge.places import Mention
    from ldnkg.merge.quarantine import QuarantinedIdentifier
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import Skipped
    from ldnkg.merge.statements import Statement
    from ldnkg.merge.unjoined import UnjoinedEntity
    from ldnkg.merge.value_conflicts import ValueConflict

ReportRow: TypeAlias = dict[str, str]
PLACE_KEYS = ("source", "file", "line", "record", "where")


class RowMaker:
    """Makes the rows of the tables, with IRIs as CURIEs."""

    def __init__(self, result: MergeResult, reference: ReferenceIndex, places: Mapping[Mention, Place]) -> None:
        self._graphs, self._places, self._format_term = result.graphs, places, reference.graph.format_term
        self._shorten, self._canonicalise = reference.resolver.shorten, reference.resolver.canonicalise
        self._replaced = {found.replacement: self._canonicalise(found.iri) for found in result.quarantined}
        self._bases = {source.name: source.iri for source in result.sources}

    def describe_match(self, match: EntityMatch) -> ReportRow:
        """Return the row of an identifier that joins."""
        return {
            **self._locate(match.source, match.iri),
            "source_entity": self._format(match.iri),
            "our_entity": self._format(match.entity),
            "matched_by": self._describe_reason(match.iri, match.join),
        }

    def describe_unjoined(self, found: UnjoinedEntity) -> ReportRow:
        """Return the row of an identifier that has one of our names and does not join."""
        return {
            **self._locate(found.source, found.iri),
            "source_entity": self._format(found.iri),
            "called": found.label,
            "our_entity": self._format(found.entity),
        }

    def describe_near_match(self, match: EntityMatch) -> ReportRow:
        """Return the row of an identifier with a close, broad or narrow match."""
        row = self.describe_match(match)
        place = {key: row[key] for key in (*PLACE_KEYS, "source_entity")}
        return place | {"match": match.match} | row

    def describe_quarantine(self, quarantined: QuarantinedIdentifier) -> ReportRow:
        """Return the row of a refused identifier."""
        lookalike = quarantined.lookalike
        return {
            **self._locate(quarantined.source, quarantined.replacement),
            "identifier": self._format(self._canonicalise(quarantined.iri)),
            "called": quarantined.label,
            "is_not": self._format(lookalike.entity) if lookalike.entity else "",
            "reason": lookalike.reason,
            "instead": lookalike.instead,
            "kept_as": quarantined.replacement,
        }

    def describe_link(self, refused: RefusedLink) -> ReportRow:
        """Return the row of a refused link."""
        return {
            "source": self._graphs[refused.link.graph],
            **_describe_place(refused.place),
            "identifier": self._format(self._canonicalise(refused.identifier)),
            "called": f"linked by {self._format(refused.link.predicate)}",
            "is_not": self._format(refused.entity),
            "reason": refused.reason,
            "instead": refused.instead,
            "kept_as": "",
        }

    def describe_label(self, difference: LabelDifference) -> ReportRow:
        """Return the row of a label that differs from ours."""
        return {
            **self._locate(difference.source, difference.iri),
            "identifier": self._format(difference.iri),
            "source_label": difference.source_label,
            "our_label": difference.our_label,
            "label_of": self._format(difference.labelled) if difference.labelled else "",
        }

    def describe_statement(self, found: JoinedComparison) -> ReportRow:
        """Return the row of a statement."""
        statement = found.comparison.statement
        level = f"{statement.level}, negated" if statement.negated else statement.level
        row = {"statement": self._format_statement(statement), "level": level}
        return self._locate_statement(found) | row | self._describe_basis(found)

    def describe_comparison(self, found: JoinedComparison) -> ReportRow:
        """Return the row of a statement, with our claims about its pair."""
        claims = ", ".join(self._format(claim.claim) for claim in found.comparison.claims)
        return self.describe_statement(found) | {"claims": claims}

    def describe_conflict(self, conflict: Conflict, found: JoinedComparison) -> ReportRow:
        """Return the row of a contradiction."""
        row = {
            "kind": conflict.kind,
            "claim": self._format(conflict.claim.claim),
            "our_value": self._format_value(conflict.our_value),
            "source_value": self._format_value(conflict.source_value),
            "statement": self._format_statement(conflict.statement),
        }
        return self._locate_statement(found) | row | self._describe_basis(found)

    def describe_agreement(self, found: JoinedComparison) -> ReportRow:
        """Return the row of a statement that agrees, in a table of contradictions."""
        claims = ", ".join(self._format(claim.claim) for claim in found.comparison.claims)
        statement = found.comparison.statement
        row = {"kind": "agreement", "claim": claims, "our_value": "", "source_value": statement.level}
        row["statement"] = self._format_statement(statement)
        return self._locate_statement(found) | row | self._describe_basis(found)

    def describe_value(self, conflict: ValueConflict) -> ReportRow:
        """Return the row of a value that differs from ours."""
        source_value = self._format_value(conflict.object)
        return {
            **self._locate(self._graphs[conflict.graph], conflict.subject),
            "kind": "value",
            "claim": self._format(conflict.entity),
            "our_value": self._format_value(conflict.our_value),
            "source_value": source_value,
            "statement": f"{self._format(conflict.subject)} {self._format(conflict.property)} {source_value}",
            "node": "",
            "compared_as": "",
        }

    def describe_skipped(self, skipped: Skipped) -> ReportRow:
        """Return the row of input that could not be read."""
        place = Place(skipped.file, skipped.line, skipped.record)
        return {"source": "", **_describe_place(place), "kind": skipped.kind, "reason": skipped.reason}

    def _locate(self, source: str, iri: str) -> ReportRow:
        return {"source": source, **_describe_place(self._places.get((source, iri), Place()))}

    def _locate_statement(self, found: JoinedComparison) -> ReportRow:
        statement = found.comparison.statement
        source = self._graphs[statement.graph]
        names = (name_record(iri, self._bases[source]) for iri in (statement.graph, statement.statement))
        record = " ".join(name for name in names if name)
        return {"source": source, **_describe_place(Place(found.file, statement.line, record))}

    def _describe_basis(self, found: JoinedComparison) -> ReportRow:
        """Return how the ends of the statement were joined, if not by their own identifiers or by our mappings."""
        described = [self._describe_join(join) for join in found.joins if join.match not in {"same", "exact"}]
        node = self._format_value(found.comparison.statement.statement)
        return {"compared_as": ", ".join(dict.fromkeys(described)), "node": node}

    def _describe_join(self, join: Join) -> str:
        return f"{self._format(join.entity)} ({join.match}: {self._describe_reason('', join)})"

    def _describe_reason(self, iri: str, join: Join) -> str:
        if join.match == "same":
            return "the same identifier" if iri == join.entity else "the same identifier in another notation"
        return " ".join(map(self._format, join.by.split(" ")))

    def _format_statement(self, statement: Statement) -> str:
        return " ".join(self._format(term) for term in (statement.subject, statement.predicate, statement.object))

    def _format(self, iri: str) -> str:
        """Return the name of one of our terms, else the CURIE, else the IRI."""
        if iri in self._replaced:
            return f"{self._shorten(self._replaced[iri])} (quarantined)"
        return self._format_term(ox.NamedNode(iri)) if iri.startswith("http") else self._shorten(iri)

    def _format_value(self, value: str) -> str:
        return self._format(value) if ":" in value else value


def _describe_place(place: Place) -> ReportRow:
    line = str(place.line) if place.line else ""
    where = f"{place.file}:{line}" if line else place.file
    return {"file": place.file, "line": line, "record": place.record, "where": where}
