"""Parse the paths of a DrugMechDB file one at a time, so that an error in one path does not affect the others.

PyYAML takes seconds for the whole of DrugMechDB. Most paths use a small part of YAML, which is parsed here line by
line: mappings and lists in block style, with plain or quoted scalars of one line. Every other path is left to PyYAML.
"""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ldnkg.records.yaml_reader import Item, ReadError, parse_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

Container: TypeAlias = "list[Item] | dict[str, Item]"

MAX_DEPTH = 20
QUOTES = frozenset("'\"")
NULLS = {"~", "null", "Null", "NULL"}
INDICATORS = frozenset("-?:,[]{}#&*!|>%@`")
_IGNORED = re.compile(r" *(?:#.*)?")
# A line break that only YAML knows, a tab and a character that YAML forbids are left to PyYAML.
_UNUSUAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class BrokenItem(NamedTuple):
    """A part of a file that is no mapping: the line at which it starts, its name if it has one, and the error."""

    line: int
    name: str
    error: ReadError


def parse_items(text: str) -> Iterator[Item | BrokenItem]:
    r"""Yield each mapping of a text, alone or as an item of a list, and each part that cannot be parsed.

    >>> [item.plain for item in parse_items("- a: 1\n- b: [2]\n")]
    [{'a': '1'}, {'b': ['2']}]
    """
    for start, lines in _split(text.replace("\r\n", "\n").split("\n")):
        item = _parse_simple(start, lines) if not _UNUSUAL.search("\n".join(lines)) else None
        if item is not None:
            yield item
        else:
            yield from _parse_any(start, lines)


def _split(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the items of a list at the left margin with their first lines (from 1), or else the whole text."""
    first = next((line for line in lines if not _IGNORED.fullmatch(line) and line.rstrip() != "---"), "")
    if not first.startswith("- ") and first != "-":
        yield 1, lines
        return
    marks = [n for n, line in enumerate(lines) if line[:1] in ("-", ".") and _is_mark(line)]
    starts = marks if all(_IGNORED.fullmatch(line) for line in lines[: marks[0]]) else [0, *marks]
    for start, end in pairwise([*starts, len(lines)]):
        if lines[start].rstrip() not in {"---", "..."} or any(map(str.strip, lines[start + 1 : end])):
            yield start + 1, lines[start:end]


def _is_mark(line: str) -> bool:
    return line.startswith("- ") or line.rstrip() in {"-", "---", "..."}


# The key in the line before, if its value may go on: its mapping, name, line and column, and the value in that line.
LastKey: TypeAlias = tuple[dict[str, Item], str, int, int, str]


def _parse_simple(start: int, lines: list[str]) -> Item | None:
    """Return the mapping of the lines, or None if they use more of YAML than this function knows."""
    root: Container = [] if lines[0][:1] == "-" else {}
    stack: list[tuple[int, Container]] = [(0, root)]  # the open lists and mappings, with their columns
    last: LastKey | None = None
    for number, line in enumerate(lines, start):
        text = line.strip(" ")
        if not text or text[0] == "#":
            continue
        column = len(line) - len(line.lstrip(" "))
        in_list = text[:2] == "- "
        if in_list:
            text = text[2:]
        name, colon, rest = text.partition(":")
        is_key = bool(colon) and (not rest or rest[0] == " ") and name.isidentifier()
        written = rest.lstrip(" ") if is_key else text
        value = _read_scalar(written) if written else ""
        if value is None:
            return None
        before, last = last, None
        if not is_key and not in_list:
            if before is None or not _continue(before, number, column, text):
                return None
            last = (*before[:2], number, *before[3:])
            continue
        if before and not before[4] and column >= before[3]:
            _open(stack, before, number, column, in_list=in_list)
        top, container = stack[-1]
        if top != column or in_list or isinstance(container, list):
            container = _find_container(stack, column, in_list=in_list)  # type: ignore[assignment]
        if isinstance(container, list):
            container.append(Item(number, {} if is_key else value))
            if not is_key:
                continue
            column, container = column + 2, container[-1].value
            stack.append((column, container))
        if not isinstance(container, dict) or name in container:
            return None
        container[name] = Item(number, value, number)
        if not written or written[0] not in QUOTES:
            last = (container, name, number, column, written)
    if isinstance(root, dict):
        return Item(next(iter(root.values())).key_line, root) if root else None
    return root[0] if len(root) == 1 and isinstance(root[0].value, dict) else None


def _read_scalar(text: str) -> str | None:
    """Return the text of a plain scalar, or of a quoted one without escapes; None for anything else."""
    if (first := text[0]) in QUOTES:
        inner = text[1:-1]
        if len(text) < 2 or text[-1] != first or "\\" in inner:
            return None
        if first == "'":
            return inner.replace("''", "'") if "'" not in inner.replace("''", "") else None
        return inner if first not in inner else None
    if first in INDICATORS or ": " in text or " #" in text or text[-1] == ":":
        return None
    return "" if text in NULLS else text


def _continue(key: LastKey, number: int, column: int, text: str) -> bool:
    """Add a line to the plain value of a key; return whether YAML would."""
    cells, name, line, key_column, written = key
    if not written or line != number - 1 or column <= key_column or text[0] in QUOTES:
        return False
    cells[name] = cells[name]._replace(value=f"{cells[name].value or written} {text}")
    return True


def _open(stack: list[tuple[int, Container]], key: LastKey, number: int, column: int, *, in_list: bool) -> None:
    """Open the list or the mapping that is the value of a key, unless the value is null."""
    cells, name, line, key_column, _ = key
    if column > key_column or in_list:
        value: Container = [] if in_list else {}
        cells[name] = Item(number, value, line)
        stack.append((column, value))


def _find_container(stack: list[tuple[int, Container]], column: int, *, in_list: bool) -> Container | None:
    """Return the open list or mapping at the column, after those that the line closes; None if there is none."""
    while stack:
        at, container = stack[-1]
        if at == column and isinstance(container, list) == in_list:
            return container
        if at < column or (at == column and in_list):
            return None
        stack.pop()
    return None


def _parse_any(start: int, lines: list[str]) -> Iterator[Item | BrokenItem]:
    try:
        items = list(parse_mappings(BytesIO("\n".join(lines).encode("utf-8", "surrogateescape")), MAX_DEPTH))
        yield from (_move(item, start - 1) for item in items)
    except ReadError as error:
        error.line += start - 1
        yield BrokenItem(start, _find_name(lines), error)


def _move(item: Item, lines: int) -> Item:
    """Return the item with all its lines further down."""
    if not lines:
        return item
    value = item.value
    if isinstance(value, dict):
        value = {key: _move(part, lines) for key, part in value.items()}
    elif isinstance(value, list):
        value = [_move(part, lines) for part in value]
    return Item(item.line + lines, value, item.key_line + lines if item.key_line else 0)


def _find_name(lines: list[str]) -> str:
    found = re.search(r"^ +_id: *([^\s{}\[\],]+) *$", "\n".join(lines), re.MULTILINE)
    return found[1] if found else ""
