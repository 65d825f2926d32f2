"""Interpret the assertions of a source: their level, their direction and the aspect that changes."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.notations import simplify_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldnkg.merge.assertions import Assertion
    from ldnkg.merge.claim_index import ClaimIndex
    from ldnkg.merge.notations import Notations


class Statement(NamedTuple):
    """A statement of a source.

    `statement` is the IRI of a reified statement, and empty for a plain triple. `certainty` is its `ldn:certainty`, or
    empty; `level` is the Biolink knowledge level, and `rank` its position from 1 (lowest) to 4. `polarity` is 1 if the
    relation increases its object, -1 if it decreases it, and 0 otherwise; `aspect` is what increases, such as
    `activity`, or empty. `quoted` is true if the source has the triple without asserting it. `line` is its line in the
    file, or 0. `qualifiers` are the names and values of its qualifiers of direction, aspect and mechanism, as they are
    written.
    """

    graph: str
    statement: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int
    aspect: str
    negated: bool
    quoted: bool
    line: int
    qualifiers: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that identify a statement."""
        return self[:5]


CHANGES = ("subject_direction", "subject_aspect", "object_direction", "object_aspect", "mechanism")


class Interpreter:
    """Interprets assertions with the relations of a reference.

    `report` gets an assertion and the reason if its knowledge level or its direction is not in Biolink, or if its
    directions contradict each other; the value is then not read.
    """

    def __init__(self, notations: Notations, claims: ClaimIndex, report: Callable[[Assertion, str], None]) -> None:
        self._notations, self._claims, self._report = notations, claims, report
        self._changes = {**notations.directions, **notations.mechanisms}

    def interpret(self, found: Assertion) -> Statement:
        """Return the statement of an assertion.

        Without a level, a triple is treated as a fact, unless its relation expresses a hypothesis or the triple is
        only quoted.
        """
        subject, predicate, object_ = (intern(term.value) for term in found.triple)
        certainty = self._read_certainty(found, predicate)
        level, rank = self._read_level(found, certainty)
        polarity, aspect = self._read_change(found, predicate)
        negated = any(map(self._notations.is_true, found.qualifiers.get("negated", ())))
        quoted = found.quoted and not rank
        if not rank:
            level = self._notations.quoted if quoted else self._notations.no_level
        return Statement(
            found.graph, found.node, subject, predicate, object_, certainty, level,
            rank or self._notations.highest, polarity, aspect, negated, quoted, found.quads[0].line,
            _list_changes(found),
        )  # fmt: skip

    def _read_certainty(self, found: Assertion, predicate: str) -> str:
        known = self._claims.levels
        stated = [value for value in found.qualifiers.get("certainty", ()) if value in known]
        return min(stated, key=self._rank_certainty, default="") or self._notations.find_certainty(predicate)

    def _rank_certainty(self, certainty: str) -> tuple[int, str]:
        return self._notations.levels[self._claims.levels[certainty]], certainty

    def _read_level(self, found: Assertion, certainty: str) -> tuple[str, int]:
        """Return the lowest stated level with its rank, else those of the certainty, else an empty string and 0."""
        known = self._notations.levels
        levels = set()
        for value in found.qualifiers.get("knowledge_level", ()):
            if (level := simplify_value(value)) in known:
                levels.add(level)
            else:
                reason = f"the knowledge level '{value}' is not in Biolink, so the statement is read without a level"
                self._report(found, reason)
        level = min(levels, key=lambda level: (known[level], level), default="")
        level = level or self._claims.levels.get(certainty, "")
        return level, known.get(level, 0)

    def _read_change(self, found: Assertion, predicate: str) -> tuple[int, str]:
        """Return the polarity, and the aspect qualifier, of the object once the relation is inverted."""
        inverse = self._claims.inverses.get(predicate, predicate)
        known = self._claims.changes.get(inverse) or self._claims.changes.get(predicate)
        polarity = known.polarity if known else 0
        if not found.qualifiers:
            return polarity, ""
        ends = ("object", "subject") if inverse == predicate else ("subject", "object")
        changed, changing = (self._look_up(found, f"{end}_direction") for end in ends)
        mechanism = self._look_up(found, "mechanism")
        if inverse == predicate:
            polarity = (changed or mechanism or polarity) * (changing or 1)
        else:
            polarity = changed or changing or mechanism or polarity
        aspects = map(simplify_value, found.qualifiers.get(f"{ends[0]}_aspect", ()))
        return polarity, min(aspects, default="")

    def _look_up(self, found: Assertion, name: str) -> int:
        """Return the polarity of a direction or a mechanism, or 0 if it has none or several that differ."""
        values = found.qualifiers.get(name, ())
        meanings = {self._changes.get(simplify_value(value), 0) for value in values}
        if len(meanings - {0}) > 1:
            self._report(found, f"the values {', '.join(map(repr, values))} contradict each other, so none is read")
            return 0
        if name != "mechanism" and 0 in meanings:
            unknown = next(value for value in values if simplify_value(value) not in self._changes)
            self._report(found, f"the direction '{unknown}' is not in Biolink, so it is not read")
        return next(iter(meanings - {0}), 0)


def _list_changes(found: Assertion) -> tuple[tuple[str, str], ...]:
    """Return the qualifiers that say what changes, with the plain names of their values."""
    values = ((name, sorted(map(simplify_value, found.qualifiers.get(name, ())))) for name in CHANGES)
    return tuple((name, value) for name, listed in values for value in dict.fromkeys(listed))
