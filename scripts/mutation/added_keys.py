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
    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping as Node
    from ldnkg.records.yaml_reader import Value
    from mutation.data_mutants import Pool, Step

VALUES = 3
EVERY_RECORD = ("Claim", "Mechanism", "Regimen")


def added_key_mutants(parts: SourceFiles) -> Iterator[DataMutant]:
    """Yield each mutant with an added key.

    Every key of the context is added to one node of each kind, and to every claim, mechanism and regimen if a record of
    its kind has the key. Its values are some that the key has elsewhere, the id of the node itself, and a drug or a text.
    """
    pool, tried = collect_values(parts), set[str]()
    usual = _list_usual_keys(parts)
    for number, record in enumerate(parts.records):
        for path, node in list_nodes(record.value, ()):
            kind = _get_kind(node)
            keys = usual[kind] if kind in tried and kind in EVERY_RECORD else parts.context.keys
            if kind in tried and kind not in EVERY_RECORD:
                continue
            tried.add(kind)
            for key in sorted(keys - node.keys() - parts.context.holders):
                for value in _list_values(key, node, pool, parts.context):
                    yield _add(parts, number, record, path, node, key, value)


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
    known = pool.get(key, [])
    found = [*islice(known, VALUES - 1), *known[-1:], str(node["id"])]
    found += ["naltrexone"] if key in context.naming else ["some", "1"]
    return list(dict.fromkeys(found))


def _add(  # noqa: PLR0913
    parts: SourceFiles, number: int, record: Record, path: tuple[Step, ...], node: Node, key: str, value: Value
) -> DataMutant:
    changed = record._replace(value=put(record.value, path, {**node, key: value}))
    records = [*parts.records[:number], changed, *parts.records[number + 1 :]]
    return DataMutant(f"{node['id']} {key}", f"added {str(value)[:40]}", parts._replace(records=records))
