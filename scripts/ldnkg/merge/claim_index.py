"""Index our claims by subject and object, and the meaning of each relation compared with another."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.publication.graph import Publication


class Claim(NamedTuple):
    """One of our claims: what it states, its certainty, its Biolink knowledge level with rank, and its polarity."""

    claim: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int


class ClaimIndex:
    """Finds our claims, the senses of relations and the values of functional properties."""

    def __init__(self, store: ox.Store, folder: Path, publication: Publication) -> None:
        self._store, self._folder, self._publication = store, folder, publication

    def find(self, subject: str, object_: str) -> list[Claim]:
        """Return our claims about a subject and an object."""
        return self._by_pair.get((subject, object_), [])

    def find_of_regimens(self, molecule: str, object_: str) -> list[Claim]:
        """Return our claims about an object and a regimen that contains the molecule."""
        return self._by_molecule.get((molecule, object_), [])

    def get_senses(self, claim: Claim, relation: str) -> frozenset[str]:
        """Return what a relation is to that of a claim: same, near, opposite, justified or asymmetric."""
        return self._senses.get((claim.predicate, relation), frozenset())

    def get_required(self, relation: str) -> set[str]:
        """Return our relations that justify a relation; if the set is empty, every relation does."""
        return self._required.get(relation, set())

    def states(self, subject: str, predicate: str, object_: str) -> bool:
        """Return whether our graph contains this triple of three IRIs."""
        return (subject, predicate, object_) in self._triples

    def _select(self, name: str, *needed: str) -> list[ox.QuerySolution]:
        return select_rows(self._store, self._folder / f"{name}.rq", needed)

    @cached_property
    def _claims(self) -> list[tuple[Claim, str]]:
        """Each claim with the molecule of its subject, or an empty string if the subject is not a regimen."""
        texts = ("claim", "subject", "predicate", "object", "certainty", "level")
        found = []
        for row in self._select("claims", *texts, "rank"):
            polarity = int(get_value(row["polarity"])) if row["polarity"] else 0
            claim = Claim._make([*(get_value(row[name]) for name in texts), int(get_value(row["rank"])), polarity])
            found.append((claim, get_value(row["molecule"]) if row["molecule"] else ""))
        return sorted(found)

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], list[Claim]]:
        return _group((claim.subject, claim.object, claim) for claim, _ in self._claims)

    @cached_property
    def _by_molecule(self) -> dict[tuple[str, str], list[Claim]]:
        return _group((molecule, claim.object, claim) for claim, molecule in self._claims if molecule)

    @cached_property
    def _senses(self) -> dict[tuple[str, str], frozenset[str]]:
        found = defaultdict(set)
        for row in self._select("relations", "relation", "other", "sense"):
            found[get_value(row["relation"]), get_value(row["other"])].add(get_value(row["sense"]))
        return {pair: frozenset(senses) for pair, senses in found.items()}

    @cached_property
    def _required(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for (relation, other), senses in self._senses.items():
            if "justified" in senses:
                found[other].add(relation)
        return dict(found)

    @cached_property
    def inverses(self) -> dict[str, str]:
        """The inverse of each relation that has one; a symmetric relation is its own inverse."""
        rows = self._select("inverses", "relation", "inverse")
        return {get_value(row["relation"]): get_value(row["inverse"]) for row in rows}

    @cached_property
    def functional_values(self) -> dict[str, dict[str, list[tuple[str, object]]]]:
        """Our property and its value, by IRI of the property (or of an equivalent property) and by entity."""
        found: dict[str, dict[str, list[tuple[str, object]]]] = defaultdict(lambda: defaultdict(list))
        for row in self._select("values", "entity", "property", "match", "value"):
            value = (get_value(row["property"]), row["value"])
            found[get_value(row["match"])][get_value(row["entity"])].append(value)
        return {name: dict(values) for name, values in found.items()}

    @cached_property
    def _triples(self) -> set[tuple[str, str, str]]:
        triples = [quad.triple for quad in self._publication.quads if isinstance(quad.object, ox.NamedNode)]
        return {(get_value(t.subject), get_value(t.predicate), get_value(t.object)) for t in triples}


def _group(claims: Iterable[tuple[str, str, Claim]]) -> dict[tuple[str, str], list[Claim]]:
    groups: dict[tuple[str, str], dict[Claim, None]] = defaultdict(dict)
    for subject, object_, claim in claims:
        groups[subject, object_][claim] = None
    return {pair: list(found) for pair, found in groups.items()}
