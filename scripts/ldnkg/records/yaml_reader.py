"""Reads YAML strictly: every scalar is text, a repeated key is a fault, and each value knows its line."""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class _Mark(Protocol):
        line: int


Value: TypeAlias = "str | list[Value] | Mapping"
Mapping: TypeAlias = dict[str, "Value"]
Place: TypeAlias = tuple[str, str, str]

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]")


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Composes nodes without a tag, for what kind of value a scalar looks like is no matter here."""

    def resolve(self, *_: object) -> str:
        return ""


class ReadError(Exception):
    """A rule of reading that a file breaks, with the line (from 1) and what was found there."""

    def __init__(self, rule: str, line: int, value: str = "") -> None:
        self.rule, self.line, self.value = rule, line, value


class Lines:
    """The line (from 1) of each node, key and value: by node id, key and value, each empty where not meant.

    They are looked up by `made` when the first of them is asked for.
    """

    def __init__(self, made: Callable[[], dict[Place, int]] = dict) -> None:
        self._made = made

    @cached_property
    def places(self) -> dict[Place, int]:
        """Each line by its place."""
        return self._made()

    def find(self, node: str, key: str = "", value: str = "") -> int:
        """Return the line of the value, else of the key, else of the node, else the first."""
        places = ((node, key, value), (node, key, ""), (node, "", ""))
        return next((self.places[place] for place in places if place in self.places), 1)


def get_id(node: Mapping) -> str:
    """Return the id that a node gives itself, or nothing where it gives none that is text."""
    name = node.get("id")
    return name if isinstance(name, str) else ""


def parse_record(text: str) -> tuple[Mapping, Lines]:
    """Return the one mapping that the text holds, and its lines; raise Fault where the text is not such."""
    refuse_invisible(text)
    try:
        return _parse(text)
    except yaml.MarkedYAMLError as error:
        raise ReadError("yaml-broken", _number(error.problem_mark), error.problem or "") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ReadError("yaml-broken", 1, "it cannot be read at all") from error


def refuse_invisible(text: str) -> None:
    """Raise Fault at the first character that cannot be seen; line endings of either kind may stand."""
    plain = text.replace("\r\n", "\n")
    if found := _INVISIBLE.search(plain):
        raise ReadError("character-invisible", plain.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}")


def _parse(text: str) -> tuple[Mapping, Lines]:
    _refuse_aliases(text)
    node = yaml.compose(text, Loader=_Loader)
    if not isinstance(node, yaml.MappingNode):
        raise ReadError("record-not-a-mapping", _line(node) if node else 1)
    return _mapping(node, escaped="\\" in text), Lines(partial(_places, node))


def _refuse_aliases(text: str) -> None:
    """Raise Fault at the first alias; without aliases no node can be met twice."""
    for event in yaml.parse(text, Loader=_Loader) if "*" in text else ():
        if isinstance(event, yaml.AliasEvent):
            raise ReadError("yaml-alias", _line(event))


def _mapping(node: yaml.MappingNode, *, escaped: bool) -> Mapping:
    value: Mapping = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ReadError("record-not-a-mapping", _line(key))
        if key.value in value:
            raise ReadError("key-repeated", _line(key), key.value)
        value[key.value] = _value(item, escaped=escaped)
    return value


def _value(node: yaml.Node, *, escaped: bool) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node) if escaped else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, escaped=escaped) for item in node.value]
    assert isinstance(node, yaml.MappingNode), node  # noqa: S101
    return _mapping(node, escaped=escaped)


def _scalar(node: yaml.ScalarNode) -> str:
    """Return the text of a scalar of a file with escapes, by which what cannot be seen may have come in."""
    if found := _INVISIBLE.search(node.value):
        raise ReadError("character-invisible", _line(node), f"U+{ord(found[0]):04X}")
    return str(node.value)


def _places(node: yaml.MappingNode) -> dict[Place, int]:
    name = next((item.value for key, item in node.value if key.value == "id" and isinstance(item, yaml.ScalarNode)), "")
    places: dict[Place, int] = {}
    for key, item in node.value:
        places[name, key.value, ""] = _line(key)
        for part in item.value if isinstance(item, yaml.SequenceNode) else [item]:
            if isinstance(part, yaml.ScalarNode):
                places[name, key.value, part.value] = _line(part)
            elif isinstance(part, yaml.MappingNode):
                places |= _places(part)
    return {**places, (name, "", ""): _line(node)}


def _line(at: yaml.Node | yaml.Event) -> int:
    return _number(at.start_mark)


def _number(mark: _Mark | None) -> int:
    return int(mark.line) + 1 if mark else 1
