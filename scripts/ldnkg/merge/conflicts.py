"""Compare the statements of sources with our claims: find agreement, conflicts and other statements about a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.claim_index import Claim, ClaimIndex
    from ldnkg.merge.statements import Statement

    Entities: TypeAlias = Mapping[str, list[str]]

Kind: TypeAlias = Literal["certainty", "direction", "dose", "negation", "polarity", "relation", "sense", "value"]


class OrientedStatement(NamedTuple):
    """A statement with the IRIs of our graph, inverted if our graph has only the inverse of its relation."""

    subject: str
    predicate: str
    object: str


class Conflict(NamedTuple):
    """A conflict between a statement and one of our claims: its kind, our value and that of the source."""

    kind: Kind
    statement: Statement
    claim: Claim
    our_value: str
    source_value: str


class Comparison(NamedTuple):
    """A statement, our claims about the same pair, whether one of them agrees, and the conflicts."""

    statement: Statement
    claims: list[Claim]
    agrees: bool
    conflicts: list[Conflict]


def orient_statement(statement: Statement, entities: Entities, claims: ClaimIndex) -> Iterator[OrientedStatement]:
    """Yield the statement for each combination of our entities that are equivalent to its subject and object."""
    inverse = claims.inverses.get(statement.predicate)
    for subject in entities.get(statement.subject, []):
        for object_ in entities.get(statement.object, []):
            if inverse is None or inverse == statement.predicate:
                yield OrientedStatement(subject, statement.predicate, object_)
            if inverse is not None:
                yield OrientedStatement(object_, inverse, subject)


def compare_statement(statement: Statement, entities: Entities, claims: ClaimIndex) -> Comparison:
    """Return the comparison with the claim that the statement repeats, else with claims that match its relation.

    If no claim matches its relation, it is compared with all claims about its subject and object.
    """
    compared: list[Claim] = []
    conflicts: list[Conflict] = []
    agrees = False
    for oriented in orient_statement(statement, entities, claims):
        comparison = _Comparer(statement, oriented, claims).compare()
        compared += comparison.claims
        conflicts += comparison.conflicts
        agrees = agrees or comparison.agrees
    agrees = agrees and not conflicts and not statement.negated
    return Comparison(statement, list(dict.fromkeys(compared)), agrees, list(dict.fromkeys(conflicts)))


class _Comparer:
    """Compares one orientation of a statement with our claims."""

    def __init__(self, statement: Statement, oriented: OrientedStatement, claims: ClaimIndex) -> None:
        self._statement, self._oriented, self._index = statement, oriented, claims

    def compare(self) -> Comparison:
        pair = self._oriented.subject, self._oriented.object
        direct = self._index.find(*pair)
        relevant = self._select_relevant(direct)
        doses = [claim for claim in self._index.find_of_regimens(*pair) if claim not in direct]
        reverse = [claim for claim in self._index.find(*reversed(pair)) if "asymmetric" in self._get_senses(claim)]
        conflicts = [conflict for claim in relevant for conflict in self._find_conflicts(claim)]
        conflicts += [conflict for claim in doses for conflict in self._find_dose_conflicts(claim)]
        if not self._statement.negated:
            conflicts += [self._make("direction", claim, claim.subject, pair[0]) for claim in reverse]
        agrees = any(self._is_same(claim) for claim in relevant)
        return Comparison(self._statement, [*relevant, *doses, *reverse], agrees, conflicts)

    def _select_relevant(self, claims: list[Claim]) -> list[Claim]:
        repeated = [claim for claim in claims if claim.claim == self._statement.statement]
        return repeated or [claim for claim in claims if "same" in self._get_senses(claim)] or claims

    def _get_senses(self, claim: Claim) -> frozenset[str]:
        """Return what the statement is to a claim; nothing if they are about different aspects of the object."""
        if not self._is_comparable(claim):
            return frozenset()
        senses = self._index.get_senses(claim, self._oriented.predicate)
        return senses if self._is_justified(claim) or not self._is_tentative() else senses - {"near"}

    def _is_same(self, claim: Claim) -> bool:
        repeated = claim.claim == self._statement.statement and self._is_comparable(claim)
        return repeated or "same" in self._get_senses(claim)

    def _get_aspect(self) -> str:
        return self._statement.aspect or self._index.get_aspect(self._oriented.predicate)

    def _is_comparable(self, claim: Claim) -> bool:
        return self._index.aspects.are_comparable(self._get_aspect(), claim.aspect)

    def _is_tentative(self) -> bool:
        """Return whether the statement only predicts its relation."""
        return self._statement.level in self._index.tentative_levels

    def _compare_polarity(self, claim: Claim) -> int:
        """Return 1 if both change the object in the same direction, -1 if in opposite directions, and 0 otherwise."""
        if not self._is_comparable(claim):
            return 0
        return (
            self._statement.polarity
            * claim.polarity
            * self._index.aspects.compare_signs(self._get_aspect(), claim.aspect)
        )

    def _find_dose_conflicts(self, claim: Claim) -> Iterator[Conflict]:
        """Yield the conflicts with a claim about a regimen if the statement is similar and about its molecule."""
        near = self._get_senses(claim) & {"same", "near", "opposite"}
        if near or self._compare_polarity(claim):
            yield self._make("dose", claim, claim.subject, self._oriented.subject)
            yield from self._find_conflicts(claim)

    def _find_conflicts(self, claim: Claim) -> Iterator[Conflict]:
        """Yield the conflicts with a claim; a negated statement conflicts only if the claim affirms it."""
        opposed = "opposite" in self._get_senses(claim)
        same, product = self._is_same(claim), self._compare_polarity(claim)
        if self._statement.negated:
            if product >= 0 and (same or product) and not opposed:
                yield self._make_relation("negation", claim)
            return
        stronger = self._is_stronger(claim)
        if product < 0:
            yield self._make("polarity", claim, f"{claim.polarity:+}", f"{self._statement.polarity:+}")
        elif opposed:
            yield self._make_relation("sense", claim)
        if stronger:
            yield self._make_relation("relation", claim)
        if same or product or stronger:
            yield from self._find_certainty_conflict(claim)

    def _is_stronger(self, claim: Claim) -> bool:
        """Return whether the statement asserts more than the claim; a prediction is a different statement."""
        return self._is_comparable(claim) and not self._is_tentative() and not self._is_justified(claim)

    def _is_justified(self, claim: Claim) -> bool:
        """Return whether the relation of the claim justifies that of the statement."""
        required = self._index.get_required(self._oriented.predicate)
        return not required or claim.predicate in required

    def _find_certainty_conflict(self, claim: Claim) -> Iterator[Conflict]:
        statement = self._statement
        if statement.certainty and statement.certainty != claim.certainty:
            yield self._make("certainty", claim, claim.certainty, statement.certainty)
        elif not statement.certainty and statement.rank != claim.rank:
            yield self._make("certainty", claim, claim.certainty, statement.level)

    def _make_relation(self, kind: Kind, claim: Claim) -> Conflict:
        return self._make(kind, claim, claim.predicate, self._statement.predicate)

    def _make(self, kind: Kind, claim: Claim, our_value: str, source_value: str) -> Conflict:
        return Conflict(kind, self._statement, claim, our_value, source_value)
