"""Read `resources/notations.json`: how sources state a triple and its qualifiers, and what the values mean."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.files import read_json
from ldnkg.merge.resource_tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

ROLES = ("subject", "predicate", "object")
LEVEL_COLUMNS = ("level", "rank", "asserts")
_LOCAL_NAME = re.compile(r"[^/#:]*$")


class Head(NamedTuple):
    """A notation in which a record states a triple by two of its properties; the first property that it has counts."""

    subjects: list[ox.NamedNode]
    predicate: ox.NamedNode
    objects: list[ox.NamedNode]
    properties: frozenset[ox.NamedNode]


class StatementNodes(NamedTuple):
    """A notation in which a property leads to a node and another property from there to the value, as in Wikidata.

    The three namespaces have the same local names. A node with the `deprecated` property and value is not asserted.
    """

    node: str
    value: str
    relation: str
    deprecated: tuple[ox.NamedNode, ox.NamedNode]


class Notations:
    """The properties that state a triple or qualify it, by their IRIs, and the meaning of their values."""

    def __init__(self, folder: Path) -> None:
        found: Mapping[str, Any] = read_json(folder / "notations.json")
        kinds = found["reifications"]
        self.roles = {ox.NamedNode(iri): role for kind in kinds for role in ROLES for iri in kind[role]}
        self.negating = frozenset(ox.NamedNode(iri) for kind in kinds if "negated" in kind for iri in kind["object"])
        self.reifies = ox.NamedNode(found["reifies"])
        self.statement_nodes = [_make_statement_nodes(kind) for kind in found["statement_nodes"]]
        self.heads = [_make_head(head) for head in found["heads"]]
        self.qualifiers = {ox.NamedNode(iri): name for name, iris in found["qualifiers"].items() for iri in iris}
        self.listing = _make_nodes(found["listed"]["properties"])
        self._listed: Mapping[str, list[str]] = found["listed"]
        self._names = {get_local_name(node.value): name for node, name in self.qualifiers.items()}
        self.levels = {row["level"]: int(row["rank"]) for row in read_rows(folder / "levels.tsv", LEVEL_COLUMNS)}
        self.highest = max(self.levels.values())
        self.no_level, self.quoted = str(found["no_level"]), str(found["quoted"])
        self.directions: dict[str, int] = found["directions"]
        self.mechanisms: dict[str, int] = found["mechanisms"]
        self.metadata_graphs = _make_nodes(found["metadata_graphs"])
        self.assertion_graph = ox.NamedNode(found["assertion_graph"])
        self.descriptions = frozenset(found["descriptions"])
        self._yes = frozenset(found["yes"])
        self._hypotheses: Mapping[str, str] = found["hypotheses"]
        self._metadata = _make_nodes(found["metadata"]) | {*self.roles, *self.qualifiers, *self.listing, self.reifies}
        self._metadata_starts = tuple(found["metadata_starts"])
        self._is_metadata: dict[ox.NamedNode, bool] = {}

    def is_metadata(self, predicate: ox.NamedNode) -> bool:
        """Return whether triples with the predicate say nothing about the entities, but about records and sources."""
        known = self._is_metadata.get(predicate)
        if known is None:
            known = predicate in self._metadata or predicate.value.startswith(self._metadata_starts)
            self._is_metadata[predicate] = known
        return known

    def is_true(self, value: str) -> bool:
        """Return whether the value of `negated`, or of a modifier such as *Not*, says yes."""
        return simplify_value(value) in self._yes

    def find_certainty(self, predicate: str) -> str:
        """Return the certainty that a relation itself expresses, or an empty string."""
        return next((certainty for part, certainty in self._hypotheses.items() if part in predicate), "")

    def read_listed(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the name and the value of each qualifier in a JSON list or object, as in TRAPI."""
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            return
        for item in parsed if isinstance(parsed, list) else [parsed]:
            if isinstance(item, dict):
                yield from self._read_item(item)

    def _read_item(self, item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        kind, value = (
            next((item[key] for key in self._listed[part] if key in item), None) for part in ("names", "values")
        )
        name = self._names.get(get_local_name(kind)) if isinstance(kind, str) else None
        for each in value if isinstance(value, list) else [value]:
            if name and isinstance(each, str | bool):
                yield name, str(each)


def get_local_name(value: str) -> str:
    """Return the name after the last `/`, `#` or `:` of an IRI or a CURIE.

    >>> get_local_name("biolink:prediction"), get_local_name("increased")
    ('prediction', 'increased')
    """
    found = _LOCAL_NAME.search(value)
    return found[0] if found else value


def simplify_value(value: str) -> str:
    """Return the local name of a value of a qualifier as Biolink writes it: in lower case with underscores.

    >>> simplify_value("biolink:increased"), simplify_value("Knowledge assertion")
    ('increased', 'knowledge_assertion')
    """
    return get_local_name(value.strip()).lower().replace(" ", "_")


def _make_head(head: Mapping[str, Any]) -> Head:
    subjects, objects = ([ox.NamedNode(iri) for iri in head[end]] for end in ("subject", "object"))
    return Head(subjects, ox.NamedNode(head["predicate"]), objects, frozenset([*subjects, *objects]))


def _make_statement_nodes(kind: Mapping[str, Any]) -> StatementNodes:
    rank, value = map(ox.NamedNode, kind["deprecated"])
    return StatementNodes(kind["node"], kind["value"], kind["relation"], (rank, value))


def _make_nodes(iris: Iterable[str]) -> frozenset[ox.NamedNode]:
    return frozenset(map(ox.NamedNode, iris))
