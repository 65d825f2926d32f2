"""Index our entities by identifier and by label, and the identifiers that are often used for them by mistake."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value
from ldnkg.records.identifier_evidence import read_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.publication.graph import Publication

EXTERNAL = "4"  # the order in `labels.rq` of the labels of other vocabularies
EXACT = {"same", "exact"}
MOST_LETTERS = 5  # of an abbreviation


class KnownIdentifier(NamedTuple):
    """An entity that an identifier stands for.

    `match` is same, exact, close, broad or narrow; `by` is the IRI of the mapping, or of the entity for its own IRI.
    """

    entity: str
    match: str
    by: str


class Lookalike(NamedTuple):
    """An identifier that does not stand for `entity`, although some sources use it so.

    `label` is its correct label, `reason` says what is wrong, and `instead` what to use. If `entity` is empty, the
    identifier must not be used for any entity.
    """

    label: str
    entity: str
    reason: str
    instead: str


class EntityIndex:
    """Finds our entities and their labels by IRI, in every notation that the resolver knows."""

    def __init__(
        self, store: ox.Store, folder: Path, resolver: CurieResolver, lookalikes: Mapping[str, list[Lookalike]]
    ) -> None:
        self.resolver = resolver
        self._store, self._folder, self._lookalikes = store, folder, lookalikes

    def find_matches(self, iri: str) -> list[KnownIdentifier]:
        """Return the entities that an IRI matches, exactly or not."""
        return self._identifiers.get(self.resolver.canonicalise(iri), [])

    def find_exact(self, iri: str) -> list[str]:
        """Return the entities that an IRI matches exactly."""
        return [known.entity for known in self.find_matches(iri) if known.match in EXACT]

    def find_lookalikes(self, iri: str) -> list[Lookalike]:
        """Return the mistaken uses that are known of an IRI."""
        return self._lookalikes.get(self.resolver.canonicalise(iri), [])

    def is_known(self, iri: str, entity: str) -> bool:
        """Return whether an IRI is known to match an entity, exactly or not, or not to stand for it."""
        excluded = {found.entity for found in self.find_lookalikes(iri)}
        return not excluded.isdisjoint({entity, ""}) or any(known.entity == entity for known in self.find_matches(iri))

    def find_labels(self, iri: str, *entities: str) -> dict[str, str]:
        """Return the labels of an IRI and of entities by normalised label, with our own labels first."""
        iris = (self.resolver.canonicalise(iri), *entities)
        return {form: label for known in iris for form, label in self._labels.get(known, {}).items()}

    def find_synonyms(self, entity: str) -> set[str]:
        """Return the normalised labels that our mappings give an entity."""
        return self._synonyms.get(entity, set())

    def find_by_label(self, label: str) -> str:
        """Return the only entity with a label, or an empty string if no entity or several entities have it."""
        return self._by_label.get(normalise_label(label), "")

    def find_named(self, label: str) -> list[str]:
        """Return the entities with a label as a name: one of our labels, or the label of an exact match.

        A name that is an abbreviation, such as LDN, must be written exactly so.
        """
        if len(label) > self._longest_name:
            return []
        names = self._by_name.get(normalise_label(label), {})
        return sorted(entity for entity, spellings in names.items() if _is_spelled(label.strip(), spellings))

    def _select(self, name: str, *needed: str) -> list[ox.QuerySolution]:
        return select_rows(self._store, self._folder / f"{name}.rq", needed)

    @cached_property
    def _identifiers(self) -> dict[str, list[KnownIdentifier]]:
        found = defaultdict(list)
        for row in self._select("identifiers", "identifier", "entity", "match", "by"):
            known = KnownIdentifier(*(get_value(row[name]) for name in ("entity", "match", "by")))
            found[get_value(row["identifier"])].append(known)
        return {identifier: sorted(known) for identifier, known in found.items()}

    @cached_property
    def _ordered_labels(self) -> list[tuple[str, str, str]]:
        rows = self._select("labels", "identifier", "label", "order")
        found = [(get_value(row["order"]), get_value(row["label"]), get_value(row["identifier"])) for row in rows]
        return sorted(found, key=lambda row: row[:2])

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for _, label, identifier in self._ordered_labels:
            if label:
                found[identifier].setdefault(normalise_label(label), label)
        return dict(found)

    @cached_property
    def _synonyms(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for row in self._select("synonyms", "entity", "label"):
            found[get_value(row["entity"])].add(normalise_label(get_value(row["label"])))
        return dict(found)

    @cached_property
    def _by_label(self) -> dict[str, str]:
        found = defaultdict(set)
        for order, label, identifier in self._ordered_labels:
            if order != EXTERNAL:
                found[normalise_label(label)].add(identifier)
        return {label: min(entities) for label, entities in found.items() if len(entities) == 1}

    @cached_property
    def _by_name(self) -> dict[str, dict[str, set[str]]]:
        """The spellings of each normalised name by entity."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for _, label, identifier in self._ordered_labels:
            for known in self._identifiers.get(identifier, ()):
                if label and known.match in EXACT:
                    found[normalise_label(label)][known.entity].add(label)
        return found

    @cached_property
    def _longest_name(self) -> int:
        """Twice the length of the longest name, because a label of a source may have more punctuation."""
        return 2 * max((len(label) for _, label, _ in self._ordered_labels), default=0)


def _is_spelled(label: str, spellings: set[str]) -> bool:
    """Return whether a label is one of the spellings, or one of them is not an abbreviation."""
    return label in spellings or not all(_is_abbreviation(spelling) for spelling in spellings)


def _is_abbreviation(label: str) -> bool:
    return len(label) <= MOST_LETTERS and label.isupper()


def read_lookalikes(publication: Publication) -> dict[str, list[Lookalike]]:
    """Return the lookalikes by IRI; raise LdnkgError if the tables of identifiers have errors."""
    evidence, errors = read_evidence(publication.home.data)
    if errors:
        raise LdnkgError("The tables of identifiers have errors. Run `ldnkg check` to list them.", 1)
    expand = publication.inputs.context.expand
    found = defaultdict(list)
    for (entity, curie), row in evidence.refused.items():
        cells = row.cells
        lookalike = Lookalike(cells["label"], expand(entity) if entity else "", cells["reason"], cells["instead"])
        found[expand(curie)].append(lookalike)
    return dict(found)


def normalise_label(label: str) -> str:
    """Return the words of a label in lower case, separated by single spaces.

    >>> normalise_label("4.5-mg LDN")
    '4 5 mg ldn'
    """
    return " ".join(re.findall(r"\w+", label.casefold()))
