"""Make JSON Schemas from the SHACL rules and controlled vocabularies, for editors that complete and check records."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value
from ldnkg.records.names import get_texts
from ldnkg.validation.rules import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.publication.graph import Publication

Schema: TypeAlias = dict[str, Any]
FOLDER = Path(__file__).parent
SCALAR = ["string", "number"]


def make_schemas(combined: CombinedGraph) -> dict[str, bytes]:
    """Return the schema of the records of each data folder, by its path below the base IRI."""
    maker = _SchemaMaker(combined)
    return {
        f"schemas/{folder}.json": (
            json.dumps(maker.make_folder_schema(folder), ensure_ascii=False, indent=1) + "\n"
        ).encode()
        for folder in maker.folders
    }


@dataclass(frozen=True)
class _SchemaMaker:
    combined: CombinedGraph

    @property
    def publication(self) -> Publication:
        """The publication whose records the schemas describe."""
        return self.combined.publication

    @cached_property
    def constraints(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """The constraint values as {kind: {key: {constraint: values}}}, with the names that records use."""
        short = self.publication.inputs.context.short
        found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
        for row in select_rows(
            self.combined.store, FOLDER / "keys.rq", ("kind", "property", "constraintName", "value")
        ):
            kind, key, constraint = (get_value(row[name]) for name in ("kind", "property", "constraintName"))
            values = found[short(kind)].setdefault(short(key), defaultdict(list))[constraint]
            values.append(short(get_value(row["value"])) if constraint == "class" else get_value(row["value"]))
        return found

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The names of the members of each class."""
        short = self.publication.inputs.context.short
        found: dict[str, list[str]] = defaultdict(list)
        for row in select_rows(self.publication.store, MEMBERS, ("kind", "member")):
            found[short(get_value(row["kind"]))].append(short(get_value(row["member"])))
        return found

    @cached_property
    def folders(self) -> dict[str, dict[str, str]]:
        """The kinds of record in each data folder, as {folder: {kind: prefix of ids}}."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for record in self.publication.inputs.records:
            for kind in get_texts(record.value.get("type", "")):
                if kind in self.constraints and not record.slug:
                    found[record.path.parent.name][kind] = record.id.partition(":")[0]
        return dict(sorted(found.items()))

    def make_folder_schema(self, folder: str) -> Schema:
        """Return the schema of the records of a folder."""
        kinds = self.folders[folder]
        needed = sorted({*kinds, *self._find_nested(kinds)})
        one = {"$ref": f"#/$defs/{min(kinds)}"}
        return {
            "title": f"A record of data/{folder}/",
            **(one if len(kinds) == 1 else {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in sorted(kinds)]}),
            "$defs": {kind: self._make_kind_schema(kind, kinds.get(kind, "")) for kind in needed},
        }

    def _find_nested(self, kinds: dict[str, str]) -> Iterator[str]:
        """Yield the kinds of record that are nested in records of these kinds."""
        for kind in kinds:
            for key, constraints in self.constraints[kind].items():
                if key in self.publication.inputs.context.holders:
                    yield from constraints["class"]

    def _make_kind_schema(self, kind: str, prefix: str) -> Schema:
        keys = self.constraints[kind]
        properties = {key: self._make_key_schema(key, constraints) for key, constraints in keys.items()}
        return {
            "type": "object",
            "properties": {
                "id": _make_id_schema(prefix),
                "type": _make_type_schema(kind),
                **properties,
                **self._make_inverse_schemas(kind),
            },
            "required": ["id", "type", *(key for key, constraints in keys.items() if constraints.get("minCount"))],
            "additionalProperties": False,
        }

    def _make_key_schema(self, key: str, constraints: dict[str, list[str]]) -> Schema:
        described = {"description": constraints["definition"][0]} if constraints.get("definition") else {}
        if key in self.publication.inputs.context.holders:
            return {**described, "type": "array", "items": {"$ref": f"#/$defs/{constraints['class'][0]}"}}
        one: Schema = {"type": SCALAR}
        if constraints.get("class"):
            one = {"enum": sorted(set.intersection(*(set(self.members[kind]) for kind in constraints["class"])))}
        if constraints.get("pattern"):
            one["allOf"] = [{"pattern": pattern} for pattern in constraints["pattern"]]
        return {**described, **(one if constraints.get("maxCount") == ["1"] else _allow_list(one))}

    def _make_inverse_schemas(self, kind: str) -> dict[str, Schema]:
        """Return the schemas of inverse keys, with which a record of this kind states a property of another record."""
        return {
            key: _allow_list({"enum": sorted(self.members[other])})
            for key, forward in self.publication.inputs.context.two_sided.items()
            for other, keys in self.constraints.items()
            if kind in keys.get(forward, {}).get("class", [])
        }


def _allow_list(one: Schema) -> Schema:
    """Return a schema that accepts one value or a list of distinct values."""
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


def _make_id_schema(prefix: str) -> Schema:
    return {"type": "string", "pattern": f"^{prefix}:[a-z0-9]+(-[a-z0-9]+)*$" if prefix else ":"}


def _make_type_schema(kind: str) -> Schema:
    return {"anyOf": [{"const": kind}, {"type": "array", "contains": {"const": kind}}]}
