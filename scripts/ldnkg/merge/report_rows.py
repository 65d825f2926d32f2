"""Describe what a merge found as rows of text, each with its file, line and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ldnkg.merge.places import Place, name_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.merge.comparison import JoinedComparison
    from ldnkg.merge.conflicts import Conflict
    from ldnkg.merge.labels import LabelDifference
    from ldnkg.merge.link_checks import RefusedLink
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.merge_log import EntityMatch
    from ldnkg.merge.places import Mention, SourceLabels
    from ldnkg.merge.quarantine import QuarantinedIdentifier
    from ldnkg.merge.source import Skipped
    from ldnkg.merge.statements import Statement
    from ldnkg.merge.unjoined import UnjoinedEntity
    from ldnkg.merge.value_conflicts import ValueConflict
    from ldnkg.merge.wording import Wording

ReportRow: TypeAlias = dict[str, str]


class RowMaker:
    """Makes the rows of the tables: values with IRIs as CURIEs, and the same in words."""

    def __init__(
        self, result: MergeResult, wording: Wording, places: Mapping[Mention, Place], labels: SourceLabels
    ) -> None:
        self._graphs, self._places, self._labels, self._wording = result.graphs, places, labels, wording
        self._bases = {source.name: source.iri for source in result.sources}
        self._format, self._format_value = wording.format, wording.format_value

    def describe_match(self, match: EntityMatch) -> ReportRow:
        """Return the row of an identifier that joins, or that has a close, broad or narrow match."""
        return {
            **self._locate(match.source, match.iri),
            "source_entity": self._format(match.iri),
            **({"match": match.match} if match.is_near else {}),
            "our_entity": self._format(match.entity),
            "matched_by": self._describe_reason(match),
            "joined_by": self._wording.say_join(match.join, match.iri),
            **self._name(match.source, match.iri, match.entity),
        }

    def describe_unjoined(self, found: UnjoinedEntity) -> ReportRow:
        """Return the row of an identifier that has one of our names and does not join."""
        return {
            **self._locate(found.source, found.iri, found.label),
            "source_entity": self._format(found.iri),
            "called": found.label,
            "our_entity": self._format(found.entity),
            **self._name(found.source, found.iri, found.entity),
        }

    def describe_quarantine(self, quarantined: QuarantinedIdentifier) -> ReportRow:
        """Return the row of a refused identifier."""
        lookalike = quarantined.lookalike
        return {
            **self._locate(quarantined.source, quarantined.replacement),
            "identifier": self._format(self._wording.canonicalise(quarantined.iri)),
            "called": quarantined.label,
            "is_not": self._format(lookalike.entity) if lookalike.entity else "",
            "reason": lookalike.reason,
            "instead": lookalike.instead,
            "kept_as": quarantined.replacement,
            "our_name": self._wording.name_our(lookalike.entity) if lookalike.entity else "",
        }

    def describe_link(self, refused: RefusedLink) -> ReportRow:
        """Return the row of a refused link."""
        return {
            "source": self._graphs[refused.link.graph],
            **_describe_place(refused.place._replace(record=self._name_record(refused.link.subject))),
            "identifier": self._format(self._wording.canonicalise(refused.identifier)),
            "called": f"linked by {self._format(refused.link.predicate)}",
            "is_not": self._format(refused.entity),
            "reason": refused.reason,
            "instead": refused.instead,
            "kept_as": "",
            "our_name": self._wording.name_our(refused.entity),
        }

    def describe_label(self, difference: LabelDifference) -> ReportRow:
        """Return the row of a label that differs from our label."""
        return {
            **self._locate(difference.source, difference.iri, difference.source_label),
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
        return self._locate_statement(found) | row | self._say(found)

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
        said = {
            "we_say": self._wording.say_claim(conflict.claim),
            "difference": self._wording.say_difference(conflict),
        }
        return self._locate_statement(found) | row | self._say(found) | said

    def describe_agreement(self, found: JoinedComparison) -> ReportRow:
        """Return the row of a statement that agrees, in a table of contradictions."""
        claims = ", ".join(self._format(claim.claim) for claim in found.comparison.claims)
        statement = found.comparison.statement
        row = {"kind": "agreement", "claim": claims, "our_value": "", "source_value": statement.level}
        row["statement"] = self._format_statement(statement)
        return self._locate_statement(found) | row | self._say(found)

    def describe_value(self, conflict: ValueConflict) -> ReportRow:
        """Return the row of a value that differs from our value."""
        source = self._graphs[conflict.graph]
        source_value, our_value = self._format_value(conflict.object), self._format_value(conflict.our_value)
        relation = self._wording.say_relation(conflict.property)
        subject = self._wording.name(conflict.subject, source, conflict.graph)
        return {
            **self._locate(source, conflict.subject),
            "kind": "value",
            "claim": self._format(conflict.entity),
            "our_value": our_value,
            "source_value": source_value,
            "statement": f"{self._format(conflict.subject)} {self._format(conflict.property)} {source_value}",
            "node": "",
            "compared_as": "",
            "source_says": f"{subject}: {relation} {source_value}",
            "we_say": f"{self._wording.name_our(conflict.entity)}: {relation} {our_value}",
            "difference": self._wording.say_values("value", our_value, source_value),
        }

    def describe_skipped(self, skipped: Skipped) -> ReportRow:
        """Return the row of input that could not be read."""
        place = Place(skipped.file, skipped.line, skipped.record)
        row = {"kind": skipped.kind, "reason": skipped.reason, "count": str(skipped.number)}
        return {"source": "", **_describe_place(place)} | row

    def _locate(self, source: str, iri: str, label: str = "") -> ReportRow:
        """Return the place in which the source gives an entity the label, or else mentions it."""
        place = self._labels.places.get((source, iri, label)) or self._places.get((source, iri), Place())
        record = place.record or self._name_record(iri)
        return {"source": source, **_describe_place(place._replace(record=record))}

    def _name_record(self, iri: str) -> str:
        return self._format(iri).removesuffix(" (quarantined)")

    def _locate_statement(self, found: JoinedComparison) -> ReportRow:
        statement = found.comparison.statement
        source = self._graphs[statement.graph]
        names = [name_record(iri, self._bases[source]) for iri in (statement.graph, statement.statement)]
        record = names[1] if names[1].startswith(names[0]) else " ".join(filter(None, names))
        record = record or self._name_record(statement.statement or statement.subject)
        return {"source": source, **_describe_place(Place(found.file, statement.line, record))}

    def _say(self, found: JoinedComparison) -> ReportRow:
        """Return what the source and our claims say, and how the ends were joined if not by our exact mappings."""
        comparison = found.comparison
        joined = [self._wording.say_compared(join) for join in found.joins if join.match not in {"same", "exact"}]
        return {
            "compared_as": "; ".join(dict.fromkeys(joined)),
            "node": self._format_value(comparison.statement.statement),
            "source_says": self._wording.say_statement(comparison.statement),
            "stated_as": self._wording.say_level(comparison.statement.certainty or comparison.statement.level),
            "we_say": "; ".join(map(self._wording.say_claim, comparison.claims)),
        }

    def _name(self, source: str, iri: str, entity: str) -> ReportRow:
        return {"source_name": self._wording.name(iri, source), "our_name": self._wording.name_our(entity)}

    def _describe_reason(self, match: EntityMatch) -> str:
        if match.match == "same":
            return "the same identifier" if match.iri == match.entity else "the same identifier in another notation"
        return " ".join(map(self._format, match.by.split(" ")))

    def _format_statement(self, statement: Statement) -> str:
        return " ".join(self._format(term) for term in (statement.subject, statement.predicate, statement.object))


def _describe_place(place: Place) -> ReportRow:
    line = str(place.line) if place.line else ""
    where = f"{place.file}:{line}" if line else place.file
    return {"file": place.file, "line": line, "record": place.record, "where": where}
