"""Interpret the assertions of a source: their level, their direction and the aspect that changes."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.notations import get_local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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

    `report` gets each knowledge level that is not in Biolink, with its assertion; the statement then has no level.
    """

    def __init__(self, notations: Notations, claims: ClaimIndex, report: Callable[[Assertion, str], None]) -> None:
        self._notations, self._claims, self._report = notations, claims, report

    def interpret(self, found: Assertion) -> Statement:
        """Return the statement of an assertion.

        Without a level, a triple is treated as a fact, unless its relation expresses a hypothesis or the triple is
        only quoted.
        """
        subject, predicate, object_ = (intern(term.value) for term in found.triple)
        certainty = self._read_certainty(found, predicate)
        level, rank = self._read_level(found, certainty)
        polarity, aspect = self._read_change(found.qualifiers, predicate)
        negated = any(map(self._notations.is_true, found.qualifiers.get("negated", ())))
        quoted = found.quoted and not rank
        if not rank:
            level = self._notations.quoted if quoted else self._notations.no_level
        return Statement(
            found.graph, found.node, subject, predicate, object_, certainty, level,
            rank or max(self._notations.levels.values()), polarity, aspect, negated, quoted, found.quads[0].line,
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
        stated = found.qualifiers.get("knowledge_level", ())
        for value in stated:
            if get_local_name(value) not in known:
                self._report(found, value)
        levels = [level for value in stated if (level := get_local_name(value)) in known]
        level = min(levels, key=lambda level: (known[level], level), default="")
        level = level or self._claims.levels.get(certainty, "")
        return level, known.get(level, 0)

    def _read_change(self, qualifiers: Mapping[str, list[str]], predicate: str) -> tuple[int, str]:
        """Return the polarity, and the aspect qualifier, of the object once the relation is inverted."""
        inverse = self._claims.inverses.get(predicate, predicate)
        ends = ("object", "subject") if inverse == predicate else ("subject", "object")
        changed, changing = (self._look_up(qualifiers.get(f"{end}_direction", ())) for end in ends)
        if inverse == predicate:
            direction = changed * changing if changed and changing else changed
        else:
            direction = changed or changing
        mechanism = self._look_up(qualifiers.get("mechanism", ()))
        known = self._claims.changes.get(inverse) or self._claims.changes.get(predicate)
        aspects = [get_local_name(value) for value in qualifiers.get(f"{ends[0]}_aspect", ())]
        return direction or mechanism or (known.polarity if known else 0), min(aspects, default="")

    def _look_up(self, values: Iterable[str]) -> int:
        meanings = {**self._notations.directions, **self._notations.mechanisms}
        return next((meanings[name] for value in values if (name := get_local_name(value)) in meanings), 0)


def _list_changes(found: Assertion) -> tuple[tuple[str, str], ...]:
    """Return the qualifiers that say what changes, with the local names of their values."""
    values = ((name, sorted(map(get_local_name, found.qualifiers.get(name, ())))) for name in CHANGES)
    return tuple((name, value) for name, listed in values for value in dict.fromkeys(listed))
