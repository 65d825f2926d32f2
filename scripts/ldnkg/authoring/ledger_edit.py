"""Add a name to a list in a YAML file, and leave every other character of the file as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from ldnkg.errors import LdnkgError

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE = "claims"  # a new list is entered before this one


def add_to_list(text: str, node: str, key: str, name: str) -> str:
    r"""Return the text with a name added to a list of the node with this id, in the layout of the text.

    Raise LdnkgError if the text has no such node in block style.

    >>> add_to_list("sentences:\n- id: s1 # first\n  claims:\n  - a\n", "s1", "claims", "b")
    'sentences:\n- id: s1 # first\n  claims:\n  - a\n  - b\n'
    """
    entries = _find_entries(text, node)
    listed = next((value for own, value in entries if own.value == key), None)
    if listed is None:
        return _add_key(text, entries, key, name)
    names = [item.value for item in listed.value] if isinstance(listed, yaml.SequenceNode) else [listed.value]
    if name in names:
        return text
    if isinstance(listed, yaml.SequenceNode) and not listed.flow_style:
        return _insert_lines(text, _get_last_line(listed), [" " * listed.start_mark.column + f"- {name}"])
    return _extend_in_line(text, listed, name)


def _find_entries(text: str, node: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys and values of the node with this id."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    for found in _walk(root) if root else ():
        if not found.flow_style and any(own.value == "id" and value.value == node for own, value in found.value):
            return list(found.value)
    raise LdnkgError(f"The ledger has no item with `id: {node}` on a line of its own. Enter the claim by hand.")


def _walk(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _walk(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item)


def _add_key(text: str, entries: list[tuple[yaml.Node, yaml.Node]], key: str, name: str) -> str:
    """Return the text with a new list, before the list of claims if it is not the first key, else at the end."""
    place = next((number for number, (own, _) in enumerate(entries) if own.value == BEFORE), 0) or len(entries)
    indent = " " * entries[0][0].start_mark.column
    return _insert_lines(text, _get_last_line(entries[place - 1][1]), [f"{indent}{key}:", f"{indent}  - {name}"])


def _get_last_line(node: yaml.Node) -> int:
    """Return the number of the last line of the node, from 0, without comments and empty lines after it."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _get_last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark
    return int(end.line - (end.column == 0 and end.line > node.start_mark.line))


def _insert_lines(text: str, after: int, added: list[str]) -> str:
    """Return the text with lines after this one, with its line ending; the end of the file stays as it is."""
    lines = text.split("\n")
    if after == len(lines) - 1 and "\r\n" in text:
        lines[after] += "\r"
        added = [*(line + "\r" for line in added[:-1]), added[-1]]
    elif lines[after].endswith("\r"):
        added = [line + "\r" for line in added]
    return "\n".join([*lines[: after + 1], *added, *lines[after + 1 :]])


def _extend_in_line(text: str, listed: yaml.Node, name: str) -> str:
    """Return the text with the name added to a list in brackets, or to a single value, which becomes such a list."""
    lines = text.split("\n")
    start, end = listed.start_mark, listed.end_mark
    if isinstance(listed, yaml.SequenceNode):
        closing = lines[end.line][: end.column - 1]
        joint = ", " if listed.value else ""
        lines[end.line] = f"{closing.rstrip() or closing}{joint}{name}{lines[end.line][end.column - 1 :]}"
    else:
        value = lines[start.line][start.column : end.column]
        joint = ", " if value else ""
        blank = "" if lines[start.line][: start.column].endswith(" ") else " "
        added = f"{blank}[{value}{joint}{name}]"
        lines[start.line] = lines[start.line][: start.column] + added + lines[start.line][end.column :]
    return "\n".join(lines)
