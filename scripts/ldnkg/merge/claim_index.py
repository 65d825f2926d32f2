"""Index our claims by subject and object, and the meaning of each relation compared with another."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.aspects import AspectTree
from ldnkg.merge.notations import LEVEL_COLUMNS
from ldnkg.merge.resource_tables import read_rows
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.publication.graph import Publication


class Claim(NamedTuple):
    """One of our claims: what it states, its certainty, its Biolink knowledge level with rank, its polarity and aspect.

    `aspect` is the Biolink aspect of the object that the relation changes, or empty if it is not restricted to one.
    """

    claim: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int
    aspect: str


class RelationChange(NamedTuple):
    """What a relation changes: its polarity (1, -1 or 0) and the Biolink aspect of its object, or an empty string."""

    polarity: int
    aspect: str


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
        """Return what a relation is to that of a claim: same, near, opposite, unrelated, justified or asymmetric."""
        return self._senses.get((claim.predicate, relation), frozenset())

    def get_aspect(self, relation: str) -> str:
        """Return the aspect that a relation itself changes, such as `abundance`, or an empty string."""
        return self.changes[relation].aspect if relation in self.changes else ""

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
        for row in self._select("claims", *texts):
            polarity = int(get_value(row["polarity"])) if row["polarity"] else 0
            aspect = get_value(row["aspect"]) if row["aspect"] else ""
            values = [get_value(row[name]) for name in texts]
            rank = int(self._level_cells[values[-1]]["rank"])
            claim = Claim._make([*values, rank, polarity, aspect])
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
        return {pair: frozenset(_drop_near(senses)) for pair, senses in found.items()}

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
    def changes(self) -> dict[str, RelationChange]:
        """What each relation changes, if it has a polarity or an aspect; that of an inverse is at its inverse."""
        found = {}
        for row in self._select("changes", "relation"):
            polarity = int(get_value(row["polarity"])) if row["polarity"] else 0
            aspect = get_value(row["aspect"]) if row["aspect"] else ""
            found[get_value(row["relation"])] = RelationChange(polarity, aspect)
        return found

    @cached_property
    def levels(self) -> dict[str, str]:
        """The knowledge level of each certainty."""
        rows = self._select("certainties", "certainty", "level")
        return {get_value(row["certainty"]): get_value(row["level"]) for row in rows}

    @cached_property
    def aspects(self) -> AspectTree:
        """The aspects of Biolink, by which polarities are compared."""
        return AspectTree(self._folder)

    @cached_property
    def tentative_levels(self) -> frozenset[str]:
        """The knowledge levels at which a statement does not assert its relation, such as `prediction`."""
        return frozenset(level for level, cells in self._level_cells.items() if cells["asserts"] == "no")

    @cached_property
    def _level_cells(self) -> dict[str, dict[str, str]]:
        """The cells of each knowledge level in `levels.tsv`."""
        rows = read_rows(self._folder / "levels.tsv", LEVEL_COLUMNS)
        return {row["level"]: row for row in rows}

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


def _drop_near(senses: set[str]) -> set[str]:
    """Return the senses without `near` if the relations are the same or unrelated."""
    return senses - {"near"} if senses & {"same", "unrelated"} else senses


def _group(claims: Iterable[tuple[str, str, Claim]]) -> dict[tuple[str, str], list[Claim]]:
    groups: dict[tuple[str, str], dict[Claim, None]] = defaultdict(dict)
    for subject, object_, claim in claims:
        groups[subject, object_][claim] = None
    return {pair: list(found) for pair, found in groups.items()}
