"""Compare the statements of prepared sources with our claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.assertions import read_assertions
from ldnkg.merge.conflicts import Comparison, compare_statement, orient_statement
from ldnkg.merge.joins import BASES
from ldnkg.merge.places import locate_assertion
from ldnkg.merge.source import Skipped
from ldnkg.merge.statements import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ldnkg.merge.assertions import Assertion
    from ldnkg.merge.joins import Basis, Join
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import SourcePart
    from ldnkg.merge.statements import Statement

    Joins = Mapping[str, list[Join]]


class JoinedComparison(NamedTuple):
    """The comparison of a statement: how its ends join our entities, and the file that has it.

    `basis` is the weaker one of both ends: exact, near or corrected.
    """

    comparison: Comparison
    basis: Basis
    joins: tuple[Join, ...]
    file: str

    @property
    def is_new(self) -> bool:
        """Whether the statement is about one of our entities, and we have no claim about the pair."""
        found = self.comparison
        return not found.claims and not found.statement.quoted and any(join.basis == "exact" for join in self.joins)

    @property
    def is_other(self) -> bool:
        """Whether we have claims about the pair, and the statement neither agrees with them nor contradicts them."""
        found = self.comparison
        return bool(found.claims) and not found.agrees and not found.conflicts


class Comparisons(NamedTuple):
    """All comparisons of statements with an end that joins, and what was only counted.

    `ends` are the sources and the IRIs of all subjects and objects; `nodes` are those of reified statements.
    """

    found: list[JoinedComparison]
    ends: set[tuple[str, str]]
    nodes: set[tuple[str, str]]
    skipped: list[Skipped]
    counts: dict[str, int]


class Comparer:
    """Compares the statements of one part after the other."""

    def __init__(self, reference: ReferenceIndex, joins: Joins) -> None:
        self._reference, self._joins = reference, joins
        self._links = {link.value for link in (*reference.vocabulary.links, *reference.vocabulary.near_links)}
        self._result = Comparisons([], set(), set(), [], {"statements": 0, "new_statements": 0, "descriptions": 0})

    def compare(self, parts: Iterable[SourcePart]) -> Comparisons:
        """Return the comparisons of all statements of the parts."""
        for part in parts:
            self._compare_part(part)
        self._result.found.sort()
        return self._result

    def _compare_part(self, part: SourcePart) -> None:
        result = self._result
        notations = self._reference.notations

        def report(found: Assertion, reason: str) -> None:
            place = locate_assertion(part, found)
            result.skipped.append(Skipped(place.file, place.line, found.node, "value", reason))

        def report_quad(quad: PooledQuad, reason: str) -> None:
            result.skipped.append(Skipped(part.files[-1], quad.line, quad.subject.value, "value", reason))

        interpreter = Interpreter(notations, self._reference.claims, report)
        for found in read_assertions(part, notations, report=report_quad):
            result.counts["statements"] += 1
            subject, predicate, object_ = (term.value for term in found.triple)
            result.ends.update(((part.source, subject), (part.source, object_)))
            if found.node:
                result.nodes.add((part.source, found.node))
            if predicate in notations.descriptions or predicate in self._links:
                result.counts["descriptions"] += 1
            elif subject in self._joins or object_ in self._joins:
                self._compare(interpreter.interpret(found), locate_assertion(part, found).file)
            else:
                result.counts["new_statements"] += 1

    def _compare(self, statement: Statement, file: str) -> None:
        ends = {end: self._joins.get(end, []) for end in (statement.subject, statement.object)}
        entities = {end: [join.entity for join in joins] for end, joins in ends.items()}
        comparison = compare_statement(statement, entities, self._reference.claims)
        if self._is_in_our_graph(comparison, entities):
            return
        self._result.counts["new_statements"] += not comparison.claims
        if statement.quoted:
            comparison = comparison._replace(agrees=False, conflicts=[])
        used = [join for joins in ends.values() for join in joins]
        basis = max((join.basis for join in used if join.basis), key=BASES.index, default=BASES[0])
        self._result.found.append(JoinedComparison(comparison, basis, tuple(used), file))

    def _is_in_our_graph(self, comparison: Comparison, entities: Mapping[str, list[str]]) -> bool:
        """Return whether our graph has the triple: literally, or in our IRIs if no claim is about the pair."""
        found, claims = comparison.statement, self._reference.claims
        if not found.statement and claims.states(found.subject, found.predicate, found.object):
            return True
        return not comparison.claims and any(claims.states(*each) for each in orient_statement(found, entities, claims))
