"""Make mutants of the data in which a record has a key that it did not have: each key, in records of each kind."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ldnkg.records.names import get_texts
from mutation.data_mutants import DataMutant, collect_values, list_nodes, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.loader import SourceFiles
    from ldnkg.records.yaml_reader import Mapping as Node
    from ldnkg.records.yaml_reader import Value
    from mutation.data_mutants import Pool

EVERY_RECORD = ("Claim", "Mechanism", "Regimen")


def added_key_mutants(parts: SourceFiles) -> Iterator[DataMutant]:
    """Yield each mutant with an added key.

    One node of each kind gets every key of the context, with several values. Every claim, mechanism and regimen also
    gets each key that another record of its kind has, with one value.
    """
    pool, usual, tried = collect_values(parts), _list_usual_keys(parts), set[str]()
    for number, record in enumerate(parts.records):
        for path, node in list_nodes(record.value, ()):
            kind = _get_kind(node)
            first = kind not in tried
            tried.add(kind)
            for key in sorted(_list_keys(parts.context, usual[kind], kind, first=first) - node.keys()):
                for value in islice(_list_values(key, node, pool, parts.context), None if first else 1):
                    changed = record._replace(value=put(record.value, path, {**node, key: value}))
                    records = [*parts.records[:number], changed, *parts.records[number + 1 :]]
                    change = f"added {str(value)[:40]}"
                    yield DataMutant(f"{node['id']} {key}", change, parts._replace(records=records))


def _list_keys(context: Context, usual: frozenset[str], kind: str, *, first: bool) -> frozenset[str]:
    if first:
        return frozenset(context.keys) - context.holders
    return usual - context.holders if kind in EVERY_RECORD else frozenset()


def _list_usual_keys(parts: SourceFiles) -> dict[str, frozenset[str]]:
    """Return the keys that the nodes of each kind have."""
    keys: dict[str, frozenset[str]] = {}
    for record in parts.records:
        for node in record.nodes:
            keys[_get_kind(node)] = keys.get(_get_kind(node), frozenset()) | node.keys()
    return keys


def _get_kind(node: Node) -> str:
    return get_texts(node.get("type", ""))[0]


def _list_values(key: str, node: Node, pool: Pool, context: Context) -> list[Value]:
    """Return two values that the key has elsewhere, the id of the node itself, and a drug or a text."""
    known = pool.get(key, [])
    other = "naltrexone" if key in context.naming else "some"
    return list(dict.fromkeys([*known[:1], *known[-1:], str(node["id"]), other]))
