"""Holds what others state against our claims: what agrees, what contradicts, and what else is said of the same pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.assertions import Statement
    from ldnkg.merge.reference import Claim, Ours


class Reading(NamedTuple):
    """A statement as it is held against ours: in our names, turned round where its relation says so."""

    subject: str
    predicate: str
    object: str


class Contradiction(NamedTuple):
    """Where a statement and a claim of ours do not agree: in what, and what each of them says."""

    kind: str
    statement: Statement
    claim: Claim
    ours: str
    theirs: str


class Judged(NamedTuple):
    """A statement, our claims of the same pair, whether it agrees with one of them, and in what it contradicts them."""

    statement: Statement
    claims: list[Claim]
    agrees: bool
    contradictions: list[Contradiction]


def readings(one: Statement, joined: Mapping[str, list[str]], ours: Ours) -> Iterator[Reading]:
    """Yield each way to read a statement in which both ends are ours."""
    meant = ours.meant.get(one.predicate, one.predicate)
    for subject in joined.get(one.subject, []):
        for other in joined.get(one.object, []):
            if meant == one.predicate:
                yield Reading(subject, meant, other)
            if one.predicate in ours.meant:
                yield Reading(other, meant, subject)


def judged(one: Statement, joined: Mapping[str, list[str]], ours: Ours) -> Judged:
    """Hold a statement against the claim that it is, else against those of its relation, else those of the pair."""
    claims: list[Claim] = []
    found: list[Contradiction] = []
    agrees = False
    for read in readings(one, joined, ours):
        direct = ours.claims.get((read.subject, read.object), [])
        meant = _meant(one, read, direct, ours)
        doses = [claim for claim in ours.of_regimens.get((read.subject, read.object), []) if claim not in direct]
        turned = [claim for claim in ours.claims.get((read.object, read.subject), []) if _turned(claim, read, ours)]
        claims += [*meant, *doses, *turned]
        agrees = agrees or any(_same(claim, read, one, ours) for claim in meant)
        found += [fault for claim in meant for fault in _against(one, read, claim, ours)]
        found += [fault for claim in doses for fault in _of_dose(one, read, claim, ours)]
        if not one.negated:
            found += [Contradiction("direction", one, claim, claim.subject, read.subject) for claim in turned]
    return Judged(
        one, list(dict.fromkeys(claims)), agrees and not found and not one.negated, list(dict.fromkeys(found))
    )


def _meant(one: Statement, read: Reading, claims: list[Claim], ours: Ours) -> list[Claim]:
    very = [claim for claim in claims if claim.claim == one.statement]
    return very or [claim for claim in claims if "same" in ours.sense(claim, read.predicate)] or claims


def _turned(claim: Claim, read: Reading, ours: Ours) -> bool:
    return "one way" in ours.sense(claim, read.predicate)


def _same(claim: Claim, read: Reading, one: Statement, ours: Ours) -> bool:
    return claim.claim == one.statement or "same" in ours.sense(claim, read.predicate)


def _of_dose(one: Statement, read: Reading, claim: Claim, ours: Ours) -> Iterator[Contradiction]:
    """Yield what is wrong where they say of the molecule what we say of a regimen, or nearly that."""
    near = ours.sense(claim, read.predicate) & {"same", "near", "opposite"}
    if near or one.polarity * claim.polarity:
        yield Contradiction("dose", one, claim, claim.subject, read.subject)
        yield from _against(one, read, claim, ours)


def _against(one: Statement, read: Reading, claim: Claim, ours: Ours) -> Iterator[Contradiction]:
    """Yield what cannot be beside the claim; to deny what would contradict it does not."""
    opposed = "opposite" in ours.sense(claim, read.predicate)
    surer = not _borne_out(claim, read, ours)
    same, way = _same(claim, read, one, ours), one.polarity * claim.polarity
    if one.negated:
        if way >= 0 and (same or way) and not opposed:
            yield Contradiction("negation", one, claim, claim.predicate, one.predicate)
        return
    if way < 0:
        yield Contradiction("polarity", one, claim, f"{claim.polarity:+}", f"{one.polarity:+}")
    if opposed:
        yield Contradiction("sense", one, claim, claim.predicate, one.predicate)
    if surer:
        yield Contradiction("relation", one, claim, claim.predicate, one.predicate)
    if same or way or surer:
        yield from _certainty(one, claim)


def _borne_out(claim: Claim, read: Reading, ours: Ours) -> bool:
    """Say whether the relation of the claim is enough for theirs, which may want one of few."""
    wanted = ours.wanted.get(read.predicate)
    return not wanted or claim.predicate in wanted


def _certainty(one: Statement, claim: Claim) -> Iterator[Contradiction]:
    if one.certainty and one.certainty != claim.certainty:
        yield Contradiction("certainty", one, claim, claim.certainty, one.certainty)
    elif not one.certainty and one.rank != claim.rank:
        yield Contradiction("certainty", one, claim, claim.certainty, one.level)
