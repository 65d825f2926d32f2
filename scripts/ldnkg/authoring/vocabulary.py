"""Read what a claim may be made of: its keys, the relations, and everything that a key can name."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.publication.combined import CombinedGraph, read_turtle_files
from ldnkg.publication.graph import build_publication
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value
from ldnkg.records.loader import load_valid_records
from ldnkg.records.names import get_texts
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from ldnkg.paths import Home
    from ldnkg.records.yaml_reader import Mapping

QUERIES = Path(__file__).parent


class Key(NamedTuple):
    """A key of a claim: what its shape requires, and a hint for the curator."""

    name: str
    hint: str
    needed: bool
    many: bool
    kinds: frozenset[str]
    patterns: tuple[str, ...]


class Member(NamedTuple):
    """Something that a key can name, with its label and all its kinds; `note` helps to choose it."""

    name: str
    label: str
    kinds: frozenset[str]
    note: str


class Relation(NamedTuple):
    """The kinds that a relation takes, by name and by label, for its subject and its object."""

    kinds: dict[str, frozenset[str]]
    note: str


class Vocabulary:
    """The keys, relations, members, sentences and hedges of a publication, by the names that records use.

    Raise LdnkgError if the records have faults, because then no graph can be built.
    """

    def __init__(self, home: Home) -> None:
        self.inputs = load_valid_records(home)
        publication = build_publication(home, self.inputs)
        self._store = CombinedGraph(publication, read_turtle_files(Rules(home.shapes).paths)).store
        self._short = self.inputs.context.short

    @cached_property
    def keys(self) -> dict[str, Key]:
        """The keys of a claim, in the order of the JSON-LD context."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in select_rows(self._store, QUERIES / "keys.rq", ("property", "says", "value")):
            key, says, value = (get_value(row[name]) for name in ("property", "says", "value"))
            found.setdefault(self._short(key), {}).setdefault(says, []).append(value)
        return {name: self._make_key(name, found[name]) for name in self.inputs.context.keys if name in found}

    def _make_key(self, name: str, says: dict[str, list[str]]) -> Key:
        hints = [message.partition(f"`{name}:` with ")[2] or message for message in says.get("needed", [])]
        (hint, *_) = [*says.get("definition", []), *hints, ""]
        kinds = frozenset(map(self._short, says.get("kind", [])))
        return Key(name, hint, "needed" in says, "single" not in says, kinds, tuple(says.get("pattern", [])))

    @cached_property
    def members(self) -> dict[str, Member]:
        """Everything with a label, the surest certainty level first, then by label."""
        found: dict[str, tuple[str, set[str], str]] = {}
        for row in select_rows(self._store, QUERIES / "members.rq", ("member", "label", "kind")):
            name, label = self._short(get_value(row["member"])), get_value(row["label"])
            note = self._types.get(name) or (get_value(row["definition"]) if row["definition"] else "")
            found.setdefault(name, (label, set(), note))[1].add(self._short(get_value(row["kind"])))
        return {name: Member(name, label, frozenset(kinds), note) for name, (label, kinds, note) in found.items()}

    @cached_property
    def _types(self) -> dict[str, str]:
        """The types of each record, by its name."""
        records = [record for record in self.inputs.records if record.id]
        return {record.slug or record.id: ", ".join(get_texts(record.value.get("type", ""))) for record in records}

    @cached_property
    def relations(self) -> dict[str, Relation]:
        """The relations of claims."""
        kinds: dict[str, dict[str, set[str]]] = {}
        labels: dict[str, dict[str, list[str]]] = {}
        for row in select_rows(self._store, QUERIES / "relations.rq", ("relation", "end", "kind", "label")):
            relation, end = self._short(get_value(row["relation"])), get_value(row["end"])
            kinds.setdefault(relation, {}).setdefault(end, set()).add(self._short(get_value(row["kind"])))
            labels.setdefault(relation, {}).setdefault(end, []).append(get_value(row["label"]))
        return {
            name: Relation(
                {end: frozenset(of) for end, of in ends.items()},
                " -> ".join(" and ".join(labels[name].get(end, ["anything"])) for end in ("subject", "object")),
            )
            for name, ends in kinds.items()
        }

    @cached_property
    def hedging(self) -> dict[str, list[str]]:
        """The words of each certainty level that the rules accept in the label of a claim."""
        found: dict[str, list[str]] = {}
        for row in select_rows(self._store, QUERIES / "hedging.rq", ("level", "word")):
            found.setdefault(self._short(get_value(row["level"])), []).append(get_value(row["word"]))
        return found

    @cached_property
    def sentences(self) -> dict[str, Mapping]:
        """The sentences of every ledger, in order."""
        return self._find_nodes("number")

    @cached_property
    def hedges(self) -> dict[str, Mapping]:
        """The hedges of every ledger, in order."""
        return self._find_nodes("cue")

    @cached_property
    def claims(self) -> dict[str, Mapping]:
        """The claims."""
        return self._find_nodes("relation")

    def _find_nodes(self, key: str) -> dict[str, Mapping]:
        nodes = (node for record in self.inputs.records for node in record.nodes)
        return {str(node["id"]): node for node in nodes if key in node}
