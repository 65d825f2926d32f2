"""Says what came of a merge: to machines as JSON, to people as short tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from ldnkg.merge.reference import EXACT

if TYPE_CHECKING:
    from ldnkg.merge.assertions import Statement
    from ldnkg.merge.conflicts import Contradiction, Judged
    from ldnkg.merge.link_checks import Refused
    from ldnkg.merge.merge import Merged
    from ldnkg.merge.merge_log import Join
    from ldnkg.merge.quarantine import Refusal
    from ldnkg.merge.reference import Ours
    from ldnkg.merge.value_conflicts import OtherValue

Rows: TypeAlias = list[dict[str, str]]
Report: TypeAlias = "dict[str, Rows | dict[str, int]]"

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


class _Sayer:
    def __init__(self, ours: Ours, merged: Merged) -> None:
        self._said, self._curie, self._canonical = ours.aligned.format_term, ours.naming.curie, ours.naming.canonical
        self._apart = {one.kept: ours.naming.canonical(one.iri) for one in merged.refused}

    def name(self, iri: str) -> str:
        """Return our name of an IRI: that of a term of ours or its CURIE, else the IRI."""
        if iri in self._apart:
            return f"{self._curie(self._apart[iri])} (kept apart)"
        return self._said(ox.NamedNode(iri)) if iri.startswith("http") else self._curie(iri)

    def join(self, join: Join) -> dict[str, str]:
        same = "the same identifier" if join.iri == join.entity else "the same identifier, written otherwise"
        by = same if join.match == "same" else self.name(join.by)
        return {"source": join.source, "theirs": self.name(join.iri), "ours": self.name(join.entity), "by": by}

    def near(self, join: Join) -> dict[str, str]:
        told = self.join(join)
        return {"source": told["source"], "theirs": told["theirs"], "match": join.match} | told

    def refusal(self, one: Refusal, ours: Ours) -> dict[str, str]:
        identifier = self.name(ours.naming.canonical(one.iri))
        not_of = self.name(one.lookalike.entity) if one.lookalike.entity else ""
        head = {"source": one.source, "identifier": identifier, "called": one.label, "is_not": not_of}
        return {**head, "reason": one.lookalike.reason, "instead": one.lookalike.instead, "kept_as": one.kept}

    def link(self, link: Refused, merged: Merged) -> dict[str, str]:
        head = {"source": merged.sources[link.graph], "identifier": self.name(self._canonical(link.iri))}
        head |= {"called": f"linked by {self.name(link.predicate)}", "is_not": self.name(link.entity)}
        return {**head, "reason": link.reason, "instead": link.instead, "kept_as": ""}

    def statement(self, one: Statement) -> str:
        return " ".join(self.name(term) for term in (one.subject, one.predicate, one.object))

    def judged(self, one: Judged, merged: Merged) -> dict[str, str]:
        told = {"source": merged.sources[one.statement.graph], "statement": self.statement(one.statement)}
        claims = ", ".join(self.name(claim.claim) for claim in one.claims)
        return {**told, "level": _level(one.statement), "claims": claims, "node": self._side(one.statement.statement)}

    def contradiction(self, one: Contradiction, merged: Merged) -> dict[str, str]:
        told = {"source": merged.sources[one.statement.graph], "kind": one.kind, "claim": self.name(one.claim.claim)}
        told |= {"ours": self._side(one.ours), "theirs": self._side(one.theirs)}
        return told | {"statement": self.statement(one.statement), "node": self._side(one.statement.statement)}

    def value(self, one: OtherValue, merged: Merged) -> dict[str, str]:
        told = {"source": merged.sources[one.graph], "kind": "value", "claim": self.name(one.entity)}
        theirs = self._side(one.object)
        told |= {"ours": self._side(one.ours), "theirs": theirs}
        return told | {"statement": f"{self.name(one.subject)} {self.name(one.property)} {theirs}", "node": ""}

    def _side(self, said: str) -> str:
        return self.name(said) if ":" in said else said


def report(merged: Merged, ours: Ours) -> Report:
    """Return what is to be told, as rows under a heading each, and the counts."""
    say = _Sayer(ours, merged)
    refused = [say.refusal(one, ours) for one in merged.refused] + [say.link(one, merged) for one in merged.linked]
    told: dict[str, Rows] = {
        "sources": [{"source": other.name, "iri": other.iri} for other in merged.others],
        "joined": [say.join(join) for join in merged.joins if join.match in EXACT],
        "near": [say.near(join) for join in merged.joins if join.match not in EXACT],
        "refused": refused,
        "labels": [
            {"source": m.source, "identifier": say.name(m.iri), "theirs": m.theirs, "ours": m.ours}
            | {"names": say.name(m.named) if m.named else ""}
            for m in merged.mislabels
        ],
        "contradictions": [say.contradiction(one, merged) for one in merged.contradictions]
        + [say.value(one, merged) for one in merged.values],
        "agreeing_statements": [say.judged(one, merged) for one in merged.agreeing],
        "other_statements": [say.judged(one, merged) for one in merged.beside],
        "new_about_ours": _about_ours(merged, say),
    }
    ordered: dict[str, Rows] = {name: _ordered(rows) for name, rows in told.items()}
    return {**ordered, "counts": _counts(merged, ordered)}


def _about_ours(merged: Merged, say: _Sayer) -> Rows:
    joined = {join.iri for join in merged.joins if join.match in EXACT}
    about = [one for one in merged.new if {one.subject, one.object} & joined]
    return [
        {"source": merged.sources[one.graph], "statement": say.statement(one), "level": _level(one)} for one in about
    ]


def _level(one: Statement) -> str:
    return f"{one.level}, denied" if one.negated else one.level


def _ordered(rows: Rows) -> Rows:
    return sorted({json.dumps(row): row for row in rows}.values(), key=lambda row: tuple(row.values()))


def _counts(merged: Merged, told: dict[str, Rows]) -> dict[str, int]:
    counted = {name: len(rows) for name, rows in told.items()}
    return {
        **counted,
        "new_statements": len({one.key for one in merged.new}),
        "new_entities": len(merged.entities),
        "quads": len(merged.facts),
    }


def as_json(told: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
