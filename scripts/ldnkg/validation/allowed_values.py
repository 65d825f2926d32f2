"""Find what a record may state: the keys of its kind, and the names that fit a key.

Everything comes from the shapes, the ontology and the records. Nothing is computed until a finding needs it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.files import display_path, read_text
from ldnkg.paths import FIXED
from ldnkg.rdf.sparql import load_store, select_rows
from ldnkg.rdf.terms import get_value
from ldnkg.records.names import get_texts
from ldnkg.records.yaml_reader import get_id
from ldnkg.validation.rules import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping
    from ldnkg.validation.rules import Rules

KEYS, SIDES, WIDER = (
    Path(__file__).with_name(f"{name}.rq") for name in ("allowed_keys", "allowed_sides", "wider_kinds")
)
VOCABULARY = f"ontology/{FIXED[0]}"


class AllowedValues:
    """The keys and the names that are allowed in the records of a publication, as records write them."""

    def __init__(self, inputs: LoadedRecords, rules: Rules) -> None:
        self._inputs, self._rules, self._short = inputs, rules, inputs.context.short

    @cached_property
    def nodes(self) -> dict[str, tuple[Record, Mapping]]:
        """Each record or part of a record, by its id."""
        return {get_id(node): (record, node) for record in self._inputs.records for node in record.nodes}

    @cached_property
    def kinds(self) -> dict[str, set[str]]:
        """The kinds of each name, with their wider kinds: of records and of values of the ontology."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._select_from_ontology(MEMBERS, ("kind", "member")):
            found[row[1]].add(row[0])
        for name, _, node in self._list_named():
            found[name] |= self._widen(node)
        return dict(found)

    @cached_property
    def places(self) -> dict[str, str]:
        """The file or folder that lists each name of a record."""
        return {name: _get_list(record, node) for name, record, node in self._list_named()}

    @cached_property
    def _wider(self) -> dict[str, set[str]]:
        """Each kind with itself and its wider kinds."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind, wider in self._select_from_ontology(WIDER, ("kind", "wider")):
            found[kind].add(wider)
        return dict(found)

    @cached_property
    def _keys(self) -> dict[str, dict[str, set[str]]]:
        """The kinds that each key of each kind of record must name; none for a key that takes text."""
        found: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for row in select_rows(self._rules.store, KEYS, ("kind", "property")):
            kind, key = (self._short(get_value(row[name])) for name in ("kind", "property"))
            classes = found[kind].setdefault(key, set())
            if row["class"] is not None:
                classes.add(self._short(get_value(row["class"])))
        for key, forward in self._inputs.context.two_sided.items():
            for other in list(found):
                for kind in found[other].get(forward, set()) & found.keys():
                    found[kind][key] = {other}
        return dict(found)

    @cached_property
    def _sides(self) -> dict[str, dict[str, str]]:
        """The kind that each relation takes at each key of a claim."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for relation, side, kind in self._select_from_ontology(SIDES, ("relation", "side", "kind")):
            found[relation][side] = kind
        return dict(found)

    def _select_from_ontology(self, query: Path, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for row in select_rows(self._ontology, query, names):
            yield tuple(self._short(get_value(row[name])) for name in names)

    @cached_property
    def _ontology(self) -> ox.Store:
        return load_store(self._inputs.fixed)

    def list_keys(self, node: Mapping) -> list[str]:
        """Return the keys that a record of this kind can have, or nothing if its kind has no closed list of keys."""
        known = [self._keys[kind] for kind in get_texts(node.get("type", "")) if kind in self._keys]
        keys = {key for keys in known for key in keys if key in self._inputs.context.keys}
        return sorted({"id", "type", *keys}) if known else []

    def list_kinds(self, key: str) -> list[str]:
        """Return the kinds of record that can have the key."""
        return sorted(kind for kind, keys in self._keys.items() if key in keys)

    def list_names(self, node: Mapping, key: str) -> list[str]:
        """Return the names that fit the key in this record, or nothing if the rules do not limit them."""
        if key == "type":
            return self._list_types(node)
        needed = self.get_needed_kinds(node, key)
        return sorted(name for name, kinds in self.kinds.items() if needed and needed <= kinds)

    def list_fitting(self, node: Mapping, key: str) -> list[str]:
        """Return those of the names that also fit the subject and the object of this record."""
        return [name for name in self.list_names(node, key) if self._fits(name, node)]

    def get_needed_kinds(self, node: Mapping, key: str) -> set[str]:
        """Return the kinds that a value of the key must have: by the rules of the record, and by its relation."""
        by_rule = [self._keys.get(kind, {}).get(key, set()) for kind in get_texts(node.get("type", ""))]
        stated = [text for value in node.values() for text in get_texts(value)]
        by_relation = {self._sides[text][key] for text in stated if key in self._sides.get(text, {})}
        return by_relation.union(*by_rule)

    def _fits(self, name: str, node: Mapping) -> bool:
        """Return whether the name is not a relation, or is one that takes the subject and the object of the record."""
        for key, kind in self._sides.get(name, {}).items():
            given = [self.kinds[text] for text in get_texts(node.get(key, "")) if text in self.kinds]
            if given and not any(kind in kinds for kinds in given):
                return False
        return True

    def _list_types(self, node: Mapping) -> list[str]:
        """Return the types of the records whose ids have the same prefix."""
        prefix, part = get_id(node).partition(":")[0], "#" in get_id(node)
        alike = (other for name, (_, other) in self.nodes.items() if name.partition(":")[0] == prefix)
        types = {text for other in alike if ("#" in get_id(other)) == part for text in get_texts(other.get("type", ""))}
        return sorted(types & self._wider.keys())

    def _list_named(self) -> Iterator[tuple[str, Record, Mapping]]:
        for name, (record, node) in self.nodes.items():
            yield record.slug or name, record, node

    def _widen(self, node: Mapping) -> set[str]:
        return {wide for kind in get_texts(node.get("type", "")) for wide in (kind, *self._wider.get(kind, ()))}

    def find_list(self, name: str) -> str:
        """Return the file or folder in which the name stands."""
        return self.places.get(name, VOCABULARY)

    def find_keys(self, node: Mapping) -> str:
        """Return the file of the rules about records of this kind."""
        kinds = [f"ldn:{kind} " for kind in get_texts(node.get("type", "")) if kind in self._keys]
        found = (
            path for path in self._rules.paths if any(f"sh:targetClass {kind}" in read_text(path) for kind in kinds)
        )
        return display_path(next(found, self._rules.folder))


def _get_list(record: Record, node: Mapping) -> str:
    """Return the table of a term, the file of a part of a record, or the folder of a record."""
    if record.slug or get_id(node) != record.id:
        return display_path(record.path)
    return f"{display_path(record.path.parent)}/"
