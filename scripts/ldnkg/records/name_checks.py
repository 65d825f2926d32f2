"""Check what needs no graph: keys, names, ids, file names, and that the ledger and the claims agree."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ldnkg.files import display_path
from ldnkg.records.double_entry import check_double_entry
from ldnkg.records.names import RESERVED, SLUG, get_name_by_path, get_texts, make_error
from ldnkg.records.yaml_reader import ReadError, get_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.names import UnreadNames
    from ldnkg.records.reader import LocatedError, Record
    from ldnkg.records.yaml_reader import Value


_ID = re.compile(r"[A-Za-z][A-Za-z0-9.]*:[A-Za-z0-9._-]+(#[A-Za-z0-9._-]+)?")
_OWN_ID = re.compile(rf"[a-z]+:{SLUG.pattern}(#{SLUG.pattern})?")


def check_names(
    records: Sequence[Record],
    context: Context,
    ontology: frozenset[str],
    derived: frozenset[tuple[str, str]],
    unread: UnreadNames,
) -> list[LocatedError]:
    """Return every error in a key or a name.

    `ontology` holds the names of the vocabulary as records write them, and `derived` holds each type of record with a
    key that the build derives for it. Each unknown name is reported once, at its first
    use. A name that a record of an unread or misnamed file defines counts as known, because that file is reported.
    """
    known, times = _collect_names(records, ontology), Counter(record.id for record in records)
    misnamed = [record for record in records if not _is_at_home(record)]
    renamed = {record.id: get_name_by_path(record.path) for record in misnamed if times[record.id] == 1}
    unread = unread.extend(get_name_by_path(record.path) for record in misnamed if times[record.id] > 1)
    found = [
        *_check_slugs(records, context),
        *_check_ids(records, context),
        *_check_file_names(misnamed, context, times),
    ]
    found += [error for record in records for error in _check_keys(record, context)]
    found += [error for record in records for error in _check_derived_keys(record, derived, context)]
    found += check_double_entry(records, context, known.union(renamed.values()), unread, renamed)
    unknown = [error for record in records for error in _check_values(record, context, known)]
    unknown = [error for error in unknown if error.fault.value not in unread.extend(renamed.values())]
    return [*found, *_drop_meant(list(_join_uses(unknown)), found)]


def _collect_names(records: Sequence[Record], ontology: frozenset[str]) -> frozenset[str]:
    own = {get_id(node) for record in records if not record.slug for node in record.nodes}
    return frozenset(own | {record.slug for record in records} - {""} | ontology)


def _check_slugs(records: Sequence[Record], context: Context) -> Iterator[LocatedError]:
    rows = [record for record in records if _is_row(record)]
    times = Counter(row.slug for row in rows)
    for row in rows:
        if not SLUG.fullmatch(row.slug):
            yield make_error(row, row.id, "slug-malformed", reported=row.slug)
        elif times[row.slug] > 1:
            yield make_error(row, row.id, "slug-repeated", reported=row.slug)
        elif row.slug in context.keys or row.slug in context.prefixes:
            yield make_error(row, row.id, "slug-taken", reported=row.slug)


def _is_row(record: Record) -> bool:
    return record.path.suffix == ".tsv"


def _check_ids(records: Sequence[Record], context: Context) -> Iterator[LocatedError]:
    times = Counter(get_id(node) for record in records for node in record.nodes)
    copied = {record.id for record in records if times[record.id] > 1 and not _is_at_home(record)}
    for record in records:
        for node in record.nodes:
            name = node.get("id", "")
            if not isinstance(name, str) or not _is_id(name, context, own=not _is_row(record)):
                yield make_error(record, node, "id-malformed", "id", str(name))
            elif not _is_row(record) and name.partition(":")[2] in RESERVED:
                yield make_error(record, node, "id-reserved", "id", name)
            elif "type" not in node:
                yield make_error(record, node, "type-missing")
            elif times[name] > 1 and (record.id not in copied or (name == record.id and not _is_at_home(record))):
                yield make_error(record, node, "id-repeated", "id", name)


def _is_at_home(record: Record) -> bool:
    """Return whether the file of the record has the name that its id asks for; a row of a table needs none."""
    prefix, _, slug = record.id.partition(":")
    return _is_row(record) or f"{prefix}s/{slug}.yaml" == "/".join(record.path.parts[-2:])


def _is_id(name: str, context: Context, *, own: bool) -> bool:
    """Return whether the text is an identifier with a known prefix; the `own` id of a record file has a slug."""
    return bool((_OWN_ID if own else _ID).fullmatch(name)) and name.partition(":")[0] in context.prefixes


def _check_file_names(misnamed: Iterable[Record], context: Context, times: Counter[str]) -> Iterator[LocatedError]:
    for record in misnamed:
        prefix, _, slug = record.id.partition(":")
        if _is_id(record.id, context, own=True) and times[record.id] == 1:
            yield make_error(record, record.id, "file-misnamed", "id", reported=f"{prefix}s/{slug}.yaml")


def _check_keys(record: Record, context: Context) -> Iterator[LocatedError]:
    for node in record.nodes:
        for key, value in node.items():
            holds_records = key in context.holders
            if key not in context.keys and key not in {"id", "type"}:
                yield make_error(record, node, "key-unknown", key)
            elif not _fits_key(value, holds_records=holds_records):
                yield make_error(record, node, "record-missing" if holds_records else "record-out-of-place", key)


def _check_derived_keys(
    record: Record, derived: frozenset[tuple[str, str]], context: Context
) -> Iterator[LocatedError]:
    """Yield each key that the build derives for the type of its node, unless the id has the prefix of another type."""
    for node in record.nodes:
        types = get_texts(node.get("type", ""))
        for key in node:
            derived_for = [name.lower() for name in types if (name, key) in derived]
            if any(name == record.id.partition(":")[0] or name not in context.prefixes for name in derived_for):
                yield make_error(record, node, "key-derived", key)


def _fits_key(value: Value, *, holds_records: bool) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, dict if holds_records else str) for item in items)


def _check_values(record: Record, context: Context, known: frozenset[str]) -> Iterator[LocatedError]:
    for node in record.nodes:
        for key in context.naming & node.keys() - {"id"}:
            for value in get_texts(node[key]):
                if value not in known:
                    rule = "name-unknown" if value.strip() else "name-empty"
                    yield make_error(record, node, rule, key, value)


def _drop_meant(unknown: list[LocatedError], found: Iterable[LocatedError]) -> list[LocatedError]:
    """Return the unknown names without those that a repeated id may stand for: one part of the same record for each."""
    from difflib import get_close_matches

    kept = list(unknown)
    for name in sorted({error.fault.value for error in found if error.fault.rule == "id-repeated"}):
        whole, mark, _ = name.partition("#")
        parts = [error.fault.value for error in kept if mark and error.fault.value.startswith(whole + mark)]
        meant = get_close_matches(name, parts, 1, 0)
        kept = [error for error in kept if error.fault.value not in meant]
    return kept


def _join_uses(errors: Iterable[LocatedError]) -> Iterator[LocatedError]:
    """Yield one error for each unknown name, at its first use, with the places of its other uses."""
    by_name: dict[str, list[LocatedError]] = {}
    for number, error in enumerate(sorted(errors, key=lambda error: (error.path, error.fault.line, error.fault.key))):
        shared = error.fault.value if error.fault.rule == "name-unknown" else str(number)
        by_name.setdefault(f"{error.fault.rule} {shared}", []).append(error)
    for first, *others in by_name.values():
        rule, line, value, key = first.fault.rule, first.fault.line, first.fault.value, first.fault.key
        also = [f"{display_path(other.path)}:{other.fault.line}" for other in others]
        yield first._replace(fault=ReadError(rule, line, value, key, also))
