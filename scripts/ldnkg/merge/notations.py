"""Read `resources/notations.json`: how sources state a triple and its qualifiers, and what the values mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.files import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ROLES = ("subject", "predicate", "object")
_LOCAL_NAME = re.compile(r"[^/#:]*$")


class Head(NamedTuple):
    """A notation in which a record states a triple by two of its properties; the first property that it has counts."""

    subjects: list[ox.NamedNode]
    predicate: ox.NamedNode
    objects: list[ox.NamedNode]

    @property
    def properties(self) -> set[ox.NamedNode]:
        """All properties of the head that the notation uses."""
        return {*self.subjects, *self.objects}


class Notations:
    """The properties that state a triple or qualify it, by their IRIs, and the meaning of their values."""

    def __init__(self, folder: Path) -> None:
        found: Mapping[str, Any] = read_json(folder / "notations.json")
        self.roles = {ox.NamedNode(kind[role]): role for kind in found["reifications"] for role in ROLES}
        self.negating = frozenset(ox.NamedNode(k["object"]) for k in found["reifications"] if "negated" in k)
        self.reifies = ox.NamedNode(found["reifies"])
        self.heads = [_make_head(head) for head in found["heads"]]
        self.qualifiers = {ox.NamedNode(iri): name for name, iris in found["qualifiers"].items() for iri in iris}
        self.levels: dict[str, int] = found["levels"]
        self.no_level, self.quoted = str(found["no_level"]), str(found["quoted"])
        self.directions: dict[str, int] = found["directions"]
        self.mechanisms: dict[str, int] = found["mechanisms"]
        self.metadata_graphs = _make_nodes(found["metadata_graphs"])
        self.descriptions = frozenset(found["descriptions"])
        self._yes = frozenset(found["yes"])
        self._hypotheses: Mapping[str, str] = found["hypotheses"]
        self._metadata = _make_nodes(found["metadata"])
        self._metadata_starts = tuple(found["metadata_starts"])
        self._is_metadata: dict[ox.NamedNode, bool] = {}

    def is_metadata(self, predicate: ox.NamedNode) -> bool:
        """Return whether triples with the predicate say nothing about the entities, but about records and sources."""
        known = self._is_metadata.get(predicate)
        if known is None:
            listed = predicate in self._metadata or predicate in self.roles or predicate == self.reifies
            known = listed or predicate.value.startswith(self._metadata_starts)
            self._is_metadata[predicate] = known
        return known

    def is_true(self, value: str) -> bool:
        """Return whether the value of `negated`, or of a modifier such as *Not*, says yes."""
        return get_local_name(value).lower() in self._yes

    def find_certainty(self, predicate: str) -> str:
        """Return the certainty that a relation itself expresses, or an empty string."""
        return next((certainty for part, certainty in self._hypotheses.items() if part in predicate), "")


def get_local_name(value: str) -> str:
    """Return the name after the last `/`, `#` or `:` of an IRI or a CURIE.

    >>> get_local_name("biolink:prediction"), get_local_name("increased")
    ('prediction', 'increased')
    """
    found = _LOCAL_NAME.search(value)
    return found[0] if found else value


def _make_head(head: Mapping[str, Any]) -> Head:
    subjects, objects = ([ox.NamedNode(iri) for iri in head[end]] for end in ("subject", "object"))
    return Head(subjects, ox.NamedNode(head["predicate"]), objects)


def _make_nodes(iris: Iterable[str]) -> frozenset[ox.NamedNode]:
    return frozenset(map(ox.NamedNode, iris))
