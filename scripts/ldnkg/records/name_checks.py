"""Checks what needs no graph: keys, names, ids, file names, and that both sides of a double entry agree."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ldnkg.records.reader import LocatedError
from ldnkg.records.yaml_reader import ReadError, get_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping, Value


_ID = re.compile(r"[A-Za-z][A-Za-z0-9.]*:[A-Za-z0-9._-]+(#[A-Za-z0-9._-]+)?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def get_texts(value: Value) -> list[str]:
    """Return the text values of a key, one or many; parts that are records are left out."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def check_names(records: Sequence[Record], context: Context, ontology: frozenset[str]) -> list[LocatedError]:
    """Return every fault of naming; `ontology` holds the names of the vocabulary as records write them."""
    known = _collect_names(records, ontology)
    found = [*_check_slugs(records, context), *_check_ids(records, context), *_check_double_entry(records, context)]
    for record in records:
        found += [*_check_file_name(record), *_check_keys(record, context), *_check_values(record, context, known)]
    return found


def _collect_names(records: Sequence[Record], ontology: frozenset[str]) -> frozenset[str]:
    own = {get_id(node) for record in records if not record.slug for node in record.nodes}
    return frozenset(own | {record.slug for record in records} - {""} | ontology)


def _make_fault(
    record: Record, node: Mapping | str, rule: str, key: str = "", value: str = "", said: str = ""
) -> LocatedError:
    name = node if isinstance(node, str) else get_id(node)
    fault = ReadError(rule, record.lines.find(name, key, value), said or value or key)
    return LocatedError(record.path, fault, name)


def _check_slugs(records: Sequence[Record], context: Context) -> Iterator[LocatedError]:
    rows = [record for record in records if _is_row(record)]
    times = Counter(row.slug for row in rows)
    for row in rows:
        if not _SLUG.fullmatch(row.slug):
            yield _make_fault(row, row.id, "slug-malformed", said=row.slug)
        elif times[row.slug] > 1:
            yield _make_fault(row, row.id, "slug-repeated", said=row.slug)
        elif row.slug in context.keys or row.slug in context.prefixes:
            yield _make_fault(row, row.id, "slug-taken", said=row.slug)


def _is_row(record: Record) -> bool:
    return record.path.suffix == ".tsv"


def _check_ids(records: Sequence[Record], context: Context) -> Iterator[LocatedError]:
    times = Counter(get_id(node) for record in records for node in record.nodes)
    for record in records:
        for node in record.nodes:
            name = node.get("id", "")
            if not isinstance(name, str) or not _ID.fullmatch(name) or name.partition(":")[0] not in context.prefixes:
                yield _make_fault(record, node, "id-malformed", "id", str(name))
            elif "type" not in node:
                yield _make_fault(record, node, "type-missing")
            elif times[name] > 1:
                yield _make_fault(record, node, "id-repeated", "id", name)


def _check_file_name(record: Record) -> Iterator[LocatedError]:
    if _is_row(record):
        return
    prefix, _, slug = record.id.partition(":")
    right = f"{prefix}s/{slug}.yaml"
    if prefix and slug and right != "/".join(record.path.parts[-2:]):
        yield _make_fault(record, record.id, "file-misnamed", "id", said=right)


def _check_keys(record: Record, context: Context) -> Iterator[LocatedError]:
    for node in record.nodes:
        for key, value in node.items():
            if key not in context.keys and key not in {"id", "type"}:
                yield _make_fault(record, node, "key-unknown", key, said=_suggest_name(key, context.keys))
            elif not _fits_key(value, holds_records=key in context.holders):
                yield _make_fault(record, node, "record-out-of-place", key)


def _fits_key(value: Value, *, holds_records: bool) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, dict if holds_records else str) for item in items)


def _check_values(record: Record, context: Context, known: frozenset[str]) -> Iterator[LocatedError]:
    for node in record.nodes:
        for key in context.naming & node.keys() - {"id"}:
            for value in get_texts(node[key]):
                if value not in known:
                    yield _make_fault(record, node, "name-unknown", key, value, _suggest_name(value, known))


def _suggest_name(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(names), 1)
    return f"'{name}' (did you mean '{near[0]}'?)" if near else f"'{name}'"


def _check_double_entry(records: Sequence[Record], context: Context) -> Iterator[LocatedError]:
    for backward, forward in context.two_sided.items():
        listed = _list_pairs(records, backward)
        said = _list_pairs(records, forward)
        for (whole, part), record in listed.items():
            if (part, whole) not in said:
                yield _make_fault(record, whole, "ledger-names-too-much", backward, part, f"{whole} and {part}")
        for (part, whole), record in said.items():
            if (whole, part) not in listed:
                yield _make_fault(record, part, "ledger-names-too-little", forward, whole, f"{whole} and {part}")


def _list_pairs(records: Sequence[Record], key: str) -> dict[tuple[str, str], Record]:
    nodes = ((record, node) for record in records for node in record.nodes if key in node)
    return {(get_id(node), value): record for record, node in nodes for value in get_texts(node[key])}
