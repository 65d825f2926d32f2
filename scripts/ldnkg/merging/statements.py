"""Holds what others state against our claims: what agrees, what contradicts, and what is new."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf import query_solutions, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.merging.ours import Claim, Ours

ENDS = ("subject", "predicate", "object")
TRUE = {"true", "1"}


class Statement(NamedTuple):
    """What somebody states: in which graph, as which node where it is one, how surely and which way."""

    graph: str
    statement: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int
    needs: str
    negated: bool

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one statement."""
        return self[:5]


class Contradiction(NamedTuple):
    """Where a statement and a claim of ours do not agree: in what, and what each of them says."""

    kind: str
    statement: Statement
    claim: Claim
    ours: str
    theirs: str


def statements(store: ox.Store, folder: Path) -> list[Statement]:
    """Return what is stated in the named graphs of the store, in order."""
    rows = query_solutions(store, folder / "statements.rq", ("graph", *ENDS), union=False)
    return sorted({_statement(row) for row in rows if _plain(row)})


def _plain(row: ox.QuerySolution) -> bool:
    """Say whether each end is a node, and neither a literal nor a triple."""
    return all(type(row[name]).__name__ == "NamedNode" for name in ENDS)


def _statement(row: ox.QuerySolution) -> Statement:
    texts = [_text(row[n]) for n in ("graph", "statement", "subject", "predicate", "object", "certainty", "level")]
    way = int(_text(row["polarity"]) or 0)
    negated = _text(row["negated"]).lower() in TRUE
    return Statement(*texts, int(_text(row["rank"]) or 0), way, _text(row["needs"]), negated)  # type: ignore[call-arg,arg-type]


def _text(term: object) -> str:
    return intern(value(term)) if term is not None else ""


def contradictions(one: Statement, joined: Mapping[str, list[str]], ours: Ours) -> tuple[bool, list[Contradiction]]:
    """Return whether we claim anything of the pair, and in what the statement contradicts that.

    It is held against the claim that it is, else against those of its relation, by either name, else against all.
    """
    found: list[Contradiction] = []
    met = False
    for subject in joined.get(one.subject, []):
        for other in joined.get(one.object, []):
            direct = ours.claims.get((subject, other), [])
            doses = [claim for claim in ours.of_regimens.get((subject, other), []) if claim not in direct]
            met = met or bool(direct or doses)
            for claim in _meant(one, direct, ours.said):
                found += _against(one, claim)
            for claim in doses:
                found += [Contradiction("dose", one, claim, claim.subject, subject), *_against(one, claim)]
    return met, found


def _meant(one: Statement, claims: list[Claim], said: Mapping[str, set[str]]) -> list[Claim]:
    very = [claim for claim in claims if claim.claim == one.statement]
    same = [claim for claim in claims if one.predicate in {claim.predicate, *said.get(claim.predicate, ())}]
    return very or same or claims


def _against(one: Statement, claim: Claim) -> Iterator[Contradiction]:
    if one.negated:
        yield Contradiction("negation", one, claim, claim.predicate, one.predicate)
    elif one.polarity * claim.polarity < 0:
        yield Contradiction("polarity", one, claim, f"{claim.polarity:+}", f"{one.polarity:+}")
    if one.needs and one.needs != claim.predicate:
        yield Contradiction("relation", one, claim, claim.predicate, one.predicate)
    if one.certainty and one.certainty != claim.certainty:
        yield Contradiction("certainty", one, claim, claim.certainty, one.certainty)
    elif not one.certainty and one.rank != claim.rank:
        yield Contradiction("certainty", one, claim, claim.certainty, one.level)
