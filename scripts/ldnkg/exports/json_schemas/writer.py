"""JSON Schemas of the records, made of the rules and the closed lists, so that editors complete and underline."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value
from ldnkg.records.name_checks import get_texts
from ldnkg.validation.rules import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.publication.graph import Publication

Schema: TypeAlias = dict[str, Any]
FOLDER = Path(__file__).parent
SCALAR = ["string", "number"]


def record_schemas(combined: CombinedGraph) -> dict[str, bytes]:
    """Return the schema of the records of each folder by its name below the publication's address."""
    made = _Schemas(combined)
    return {
        f"schemas/{folder}.json": (json.dumps(made.of_folder(folder), ensure_ascii=False, indent=1) + "\n").encode()
        for folder in made.folders
    }


@dataclass(frozen=True)
class _Schemas:
    combined: CombinedGraph

    @property
    def publication(self) -> Publication:
        """The publication that they are of."""
        return self.combined.publication

    @cached_property
    def keys(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """What is said of each key of each kind of record, by the names that records use."""
        short = self.publication.inputs.context.short
        found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
        for row in select_rows(self.combined.store, FOLDER / "keys.rq", ("kind", "property", "says", "value")):
            kind, key = short(get_value(row["kind"])), short(get_value(row["property"]))
            says = found[kind].setdefault(key, defaultdict(list))
            said = get_value(row["value"])
            says[get_value(row["says"])].append(short(said) if get_value(row["says"]) == "class" else said)
        return found

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The names of the things of each kind."""
        short = self.publication.inputs.context.short
        found: dict[str, list[str]] = defaultdict(list)
        for row in select_rows(self.publication.store, MEMBERS, ("kind", "member")):
            found[short(get_value(row["kind"]))].append(short(get_value(row["member"])))
        return found

    @cached_property
    def folders(self) -> dict[str, dict[str, str]]:
        """The kinds of the records in each folder of the data, each with the prefix of its ids."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for record in self.publication.inputs.records:
            for kind in get_texts(record.value.get("type", "")):
                if kind in self.keys and not record.slug:
                    found[record.path.parent.name][kind] = record.id.partition(":")[0]
        return dict(sorted(found.items()))

    def of_folder(self, folder: str) -> Schema:
        """Return the schema of a record of this folder."""
        kinds = self.folders[folder]
        needed = sorted({*kinds, *self._held(kinds)})
        one = {"$ref": f"#/$defs/{min(kinds)}"}
        return {
            "title": f"A record of data/{folder}/",
            **(one if len(kinds) == 1 else {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in sorted(kinds)]}),
            "$defs": {kind: self._of_kind(kind, kinds.get(kind, "")) for kind in needed},
        }

    def _held(self, kinds: dict[str, str]) -> Iterator[str]:
        """Yield the kinds of the records within records of these kinds."""
        for kind in kinds:
            for key, says in self.keys[kind].items():
                if key in self.publication.inputs.context.holders:
                    yield from says["class"]

    def _of_kind(self, kind: str, prefix: str) -> Schema:
        keys = self.keys[kind]
        properties = {key: self._of_key(key, says) for key, says in keys.items()} | self._backwards(kind)
        return {
            "type": "object",
            "properties": {"id": _identifier(prefix), "type": _type(kind), **properties},
            "required": ["id", "type", *(key for key, says in keys.items() if says.get("minCount"))],
            "additionalProperties": False,
        }

    def _of_key(self, key: str, says: dict[str, list[str]]) -> Schema:
        described = {"description": says["definition"][0]} if says.get("definition") else {}
        if key in self.publication.inputs.context.holders:
            return {**described, "type": "array", "items": {"$ref": f"#/$defs/{says['class'][0]}"}}
        one: Schema = {"type": SCALAR}
        if says.get("class"):
            one = {"enum": sorted(set.intersection(*(set(self.members[kind]) for kind in says["class"])))}
        if says.get("pattern"):
            one["allOf"] = [{"pattern": pattern} for pattern in says["pattern"]]
        return {**described, **(one if says.get("maxCount") == ["1"] else _one_or_more(one))}

    def _backwards(self, kind: str) -> Schema:
        """Return the keys that say backwards what a record of another kind says of one of this kind."""
        found = {}
        for key, forward in self.publication.inputs.context.two_sided.items():
            for other, keys in self.keys.items():
                if kind in keys.get(forward, {}).get("class", []):
                    found[key] = _one_or_more({"enum": sorted(self.members[other])})
        return found


def _one_or_more(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


def _identifier(prefix: str) -> Schema:
    return {"type": "string", "pattern": f"^{prefix}:[a-z0-9]+(-[a-z0-9]+)*$" if prefix else ":"}


def _type(kind: str) -> Schema:
    return {"anyOf": [{"const": kind}, {"type": "array", "contains": {"const": kind}}]}
