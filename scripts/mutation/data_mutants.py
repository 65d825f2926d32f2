"""Make mutants of the data: one field or record is dropped, doubled, or replaced by a wrong or plausible value."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from ldnkg.records.names import get_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.loader import SourceFiles
    from ldnkg.records.reader import Record
    from ldnkg.records.tsv_reader import Row
    from ldnkg.records.yaml_reader import Mapping as Node
    from ldnkg.records.yaml_reader import Value

Step: TypeAlias = "str | int"
Pool: TypeAlias = "Mapping[str, list[str]]"

KINDS = ("claim:", "mechanism:", "regimen:", "source:")
LEDGER = "sentences"
OTHERS = 2


@dataclass(frozen=True)
class DataMutant:
    """The source files with one change: its place, a description, and all source files."""

    place: str
    change: str
    parts: SourceFiles


def record_mutants(parts: SourceFiles) -> Iterator[DataMutant]:
    """Yield each mutant of each claim, mechanism, regimen and ledger."""
    pool = collect_values(parts)
    for number, record in enumerate(parts.records):
        if not record.id.startswith(KINDS) or (record.id.startswith("source:") and LEDGER not in record.value):
            continue
        for place, change, value in _node_mutants(record.value, pool, parts.context):
            changed = [*parts.records[:number], record._replace(value=value), *parts.records[number + 1 :]]
            yield DataMutant(place, change, parts._replace(records=changed))
        yield DataMutant(record.id, "doubled", parts._replace(records=[*parts.records, _again(record)]))
        dropped = [*parts.records[:number], *parts.records[number + 1 :]]
        yield DataMutant(record.id, "dropped", parts._replace(records=dropped))


def _again(record: Record) -> Record:
    return record._replace(value={**record.value, "id": f"{record.id}-again"}, path=_beside(record))


def _beside(record: Record) -> Path:
    return record.path.with_name(f"{record.path.stem}-again.yaml")


def collect_values(parts: SourceFiles) -> dict[str, list[str]]:
    """Return the sorted values that occur under each key in all records."""
    found: dict[str, set[str]] = {}
    for record in parts.records:
        for node in record.nodes:
            for key, value in node.items():
                found.setdefault(key, set()).update(get_texts(value))
    return {key: sorted(values) for key, values in found.items()}


def _node_mutants(value: Node, pool: Pool, context: Context) -> Iterator[tuple[str, str, Node]]:
    for path, node in list_nodes(value, ()):
        name = str(node.get("id", ""))
        if path:
            yield name, "dropped", put(value, path[:-1], _without(_at(value, path[:-1]), path[-1]))
            yield name, "doubled", put(value, path[:-1], [*_at(value, path[:-1]), {**node, "id": f"{name}-again"}])
        for key, held in node.items():
            if not _holds_nodes(held):
                for change, new in _changes(key, held, pool, context):
                    kept = {k: v for k, v in node.items() if k != key} if new is None else {**node, key: new}
                    yield f"{name} {key}", change, put(value, path, kept)


def list_nodes(value: Node, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Node]]:
    """Yield the node and each node in it, with the path to it."""
    yield path, value
    for key, held in value.items():
        if isinstance(held, list):
            for number, part in enumerate(held):
                if isinstance(part, dict):
                    yield from list_nodes(part, (*path, key, number))


def _holds_nodes(held: Value) -> bool:
    return isinstance(held, list) and any(isinstance(part, dict) for part in held)


def _at(value: Any, path: Sequence[Step]) -> Any:  # noqa: ANN401
    for step in path:
        value = value[step]
    return value


def _without(held: list[Value], number: Step) -> list[Value]:
    return [part for at, part in enumerate(held) if at != number]


def put(value: Any, path: Sequence[Step], new: Any) -> Any:  # noqa: ANN401
    """Return a copy of the value in which the item at the path is replaced."""
    if not path:
        return new
    first, *rest = path
    deeper = put(value[first], rest, new)
    if isinstance(value, dict):
        return {**value, first: deeper}
    return [deeper if at == first else part for at, part in enumerate(value)]


def _changes(key: str, held: Value, pool: Pool, context: Context) -> Iterator[tuple[str, Value | None]]:
    yield "dropped", None
    yield "of another kind", _of_another_kind(key, held, context)
    items = get_texts(held)
    for item in items:
        for wrong in _wrong(key, item, pool):
            swapped: list[Value] = [wrong if other == item else other for other in items]
            yield f"{item[:40]} to {wrong[:40]}", swapped if isinstance(held, list) else wrong
        if len(items) > 1:
            yield f"without {item[:40]}", [other for other in items if other != item]
    more = next(iter(_wrong(key, items[-1], pool)), None) if items else None
    if more is not None and more not in items:
        yield f"and also {more[:40]}", [*items, more]


def _of_another_kind(key: str, held: Value, context: Context) -> str:
    if key in context.naming:
        return "daily" if held != "daily" else "established"
    return "some" if get_texts(held) and get_texts(held)[0].isdigit() else " "


def _wrong(key: str, item: str, pool: Pool) -> Iterator[str]:
    """Yield plausible wrong values: near numbers, every other certainty, or the next values under the same key."""
    if item.isdigit():
        yield from dict.fromkeys(
            str(n) for n in (int(item) + 1, int(item) - 1, int(item) * 10) if n >= 0 and str(n) != item
        )
        return
    known = pool[key]
    after = [*known[known.index(item) + 1 :], *known[: known.index(item)]]
    yield from after if key == "certainty" else islice(after, OTHERS)


def mapping_mutants(parts: SourceFiles) -> Iterator[DataMutant]:
    """Yield each mutant of each row of the mappings."""
    table = parts.mappings.table
    columns = {name: sorted({row.cells[name] for row in table.rows} - {""}) for name in table.rows[0].cells}
    for number, row in enumerate(table.rows):
        name = f"mapping {row.cells['subject_id']} {row.cells['object_id']}"
        for column, cell in row.cells.items():
            for change, new in _cell_changes(columns[column], cell):
                rows = [*table.rows[:number], row._replace(cells={**row.cells, column: new}), *table.rows[number + 1 :]]
                yield DataMutant(f"{name} {column}", change, _mapped(parts, rows))
        yield DataMutant(name, "dropped", _mapped(parts, [*table.rows[:number], *table.rows[number + 1 :]]))
        yield DataMutant(name, "doubled", _mapped(parts, [*table.rows, row]))


def _mapped(parts: SourceFiles, rows: list[Row]) -> SourceFiles:
    return parts._replace(mappings=parts.mappings._replace(table=parts.mappings.table._replace(rows=rows)))


def _cell_changes(known: list[str], cell: str) -> Iterator[tuple[str, str]]:
    if not cell:
        yield "filled", known[0] if known else "some"
        return
    yield "dropped", ""
    yield "of another kind", "some thing"
    after = [*known[known.index(cell) + 1 :], *known[: known.index(cell)]]
    yield from ((f"to {other[:40]}", other) for other in islice(after, OTHERS))
