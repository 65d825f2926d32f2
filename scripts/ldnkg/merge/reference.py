"""What a merge must know of ours: the identifiers and the names of each entity, and what we claim of it."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import read_turtle
from ldnkg.merge.identifiers import Naming
from ldnkg.publication.combined import CombinedGraph, combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import flatten, get_value
from ldnkg.records.identifier_evidence import read_evidence
from ldnkg.records.loader import load_valid_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.paths import Home


RESOURCES = Path(__file__).with_name("resources")
FOREIGN = "4"
EXACT = {"same", "exact"}


class Known(NamedTuple):
    """An entity that an identifier is of: how surely, and by which mapping or by itself."""

    entity: str
    match: str
    by: str


class Claim(NamedTuple):
    """One of our claims: what it states, how surely and which way."""

    claim: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int


class Lookalike(NamedTuple):
    """An identifier that is not that of an entity, or of none where that is empty, with what it is and what to use."""

    label: str
    entity: str
    reason: str
    instead: str


class Ours:
    """Our graph with what it is held against."""

    def __init__(self, aligned: CombinedGraph, folder: Path, naming: Naming) -> None:
        self.aligned, self.folder, self.naming = aligned, folder, naming
        words = [quad for name in ("inverses", "words") for quad in read_turtle(folder / f"{name}.ttl")]
        self.quads = [*flatten([*aligned.store, *words])]

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.extend(self.quads)
        return store

    def _rows(self, name: str, *needed: str) -> list[ox.QuerySolution]:
        return select_rows(self._store, self.folder / f"{name}.rq", needed)

    @cached_property
    def identifiers(self) -> dict[str, list[Known]]:
        """Whom each identifier is of."""
        found = defaultdict(list)
        for row in self._rows("identifiers", "identifier", "entity", "match", "by"):
            found[get_value(row["identifier"])].append(
                Known(get_value(row["entity"]), get_value(row["match"]), get_value(row["by"]))
            )
        return {identifier: sorted(known) for identifier, known in found.items()}

    def exactly(self, identifier: str) -> list[str]:
        """Return the entities that an identifier, as we write it, is of."""
        return [known.entity for known in self.identifiers.get(identifier, ()) if known.match in EXACT]

    @cached_property
    def _ordered_labels(self) -> list[ox.QuerySolution]:
        rows = self._rows("labels", "identifier", "label", "order")
        return sorted(rows, key=lambda row: (get_value(row["order"]), get_value(row["label"])))

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._ordered_labels:
            if label := get_value(row["label"]):
                found[get_value(row["identifier"])].setdefault(plain(label), label)
        return dict(found)

    def labels(self, *identifiers: str) -> dict[str, str]:
        """Return each label that we have for the identifiers, by its plain form, ours first."""
        return {form: label for identifier in identifiers for form, label in self._labels.get(identifier, {}).items()}

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """What else each entity is called, in plain form, under what is mapped to it."""
        found = defaultdict(set)
        for row in self._rows("names", "entity", "label"):
            found[get_value(row["entity"])].add(plain(get_value(row["label"])))
        return dict(found)

    @cached_property
    def named(self) -> dict[str, str]:
        """The entity of ours that goes by each plain label, where there is one alone."""
        found = defaultdict(set)
        for row in self._ordered_labels:
            if get_value(row["order"]) != FOREIGN:
                found[plain(get_value(row["label"]))].add(get_value(row["identifier"]))
        return {label: min(entities) for label, entities in found.items() if len(entities) == 1}

    @cached_property
    def _claims(self) -> list[tuple[Claim, str]]:
        needed = ("claim", "subject", "predicate", "object", "certainty", "level", "rank")
        found = []
        for row in self._rows("claims", *needed):
            texts = [get_value(row[name]) for name in needed[:-1]]
            way = int(get_value(row["polarity"])) if row["polarity"] else 0
            claim = Claim(*texts, rank=int(get_value(row["rank"])), polarity=way)  # type: ignore[misc,arg-type]
            found.append((claim, get_value(row["molecule"]) if row["molecule"] else ""))
        return sorted(found)

    @cached_property
    def claims(self) -> dict[tuple[str, str], list[Claim]]:
        """Our claims by subject and object."""
        return _grouped((claim.subject, claim.object, claim) for claim, _ in self._claims)

    @cached_property
    def _relations(self) -> dict[tuple[str, str], frozenset[str]]:
        found = defaultdict(set)
        for row in self._rows("relations", "relation", "said", "sense"):
            found[get_value(row["relation"]), get_value(row["said"])].add(get_value(row["sense"]))
        return {pair: frozenset(senses) for pair, senses in found.items()}

    def sense(self, claim: Claim, said: str) -> frozenset[str]:
        """Return what a relation is to that of a claim: the same, near, opposite, or what the claim bears out."""
        return self._relations.get((claim.predicate, said), frozenset())

    @cached_property
    def wanted(self) -> dict[str, set[str]]:
        """The relations of ours that bear out one that says more than the rest of ours do."""
        found = defaultdict(set)
        for (relation, said), senses in self._relations.items():
            if "bears out" in senses:
                found[said].add(relation)
        return dict(found)

    @cached_property
    def meant(self) -> dict[str, str]:
        """The relation that another says when it is turned round."""
        return {get_value(row["said"]): get_value(row["meant"]) for row in self._rows("inverses", "said", "meant")}

    @cached_property
    def of_regimens(self) -> dict[tuple[str, str], list[Claim]]:
        """Our claims about regimens by the molecule and the object."""
        return _grouped((molecule, claim.object, claim) for claim, molecule in self._claims if molecule)

    @cached_property
    def single(self) -> dict[str, dict[str, list[tuple[str, object]]]]:
        """What has one value alone, by each name of the property and by the entity: our name of it, and the value."""
        found: dict[str, dict[str, list[tuple[str, object]]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows("values", "entity", "property", "said", "value"):
            found[get_value(row["said"])][get_value(row["entity"])].append((get_value(row["property"]), row["value"]))
        return {said: dict(held) for said, held in found.items()}

    @cached_property
    def plain_triples(self) -> set[tuple[str, str, str]]:
        """The triples between nodes that our graph holds."""
        found = [quad.triple for quad in self.aligned.publication.quads if isinstance(quad.object, ox.NamedNode)]
        return {(get_value(one.subject), get_value(one.predicate), get_value(one.object)) for one in found}

    @cached_property
    def lookalikes(self) -> dict[str, list[Lookalike]]:
        """What is refused, by the IRI of the identifier."""
        publication = self.aligned.publication
        proof, faults = read_evidence(publication.home.data)
        if faults:
            raise LdnkgError("The tables of identifiers have faults. Run `ldnkg check` to see them.", 1)
        expand = publication.inputs.context.expand
        found = defaultdict(list)
        for (entity, curie), row in proof.refused.items():
            cells = row.cells
            told = Lookalike(cells["label"], expand(entity) if entity else "", cells["reason"], cells["instead"])
            found[expand(curie)].append(told)
        return dict(found)


def read_ours(home: Home, folder: Path = RESOURCES) -> Ours:
    """Read the publication for a merge; raise Problem where its records have faults."""
    aligned = combine_with_alignments(build_publication(home, load_valid_records(home)))
    return Ours(aligned, folder, Naming(folder, aligned.prefixes))


def plain(label: str) -> str:
    """Return a label without what two spellings of one name differ in: case, hyphens, marks and spaces."""
    return " ".join(re.findall(r"\w+", label.casefold()))


def _grouped(found: Iterable[tuple[str, str, Claim]]) -> dict[tuple[str, str], list[Claim]]:
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for subject, other, claim in found:
        if claim not in groups[subject, other]:
            groups[subject, other].append(claim)
    return dict(groups)
