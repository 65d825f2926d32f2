"""Reads YAML strictly: every scalar is text, a repeated key is a fault, and each value knows its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Value: TypeAlias = "str | list[Value] | Mapping"
Mapping: TypeAlias = dict[str, "Value"]
Place: TypeAlias = tuple[str, str, str]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]")


class Fault(Exception):
    """A rule of reading that a file breaks, with the line (from 1) and what was found there."""

    def __init__(self, rule: str, line: int, value: str = "") -> None:
        super().__init__(rule)
        self.rule, self.line, self.value = rule, line, value


@dataclass
class Lines:
    """The line (from 1) of each node, key and value: by node id, key and value, each empty where not meant."""

    places: dict[Place, int] = field(default_factory=dict)

    def find(self, node: str, key: str = "", value: str = "") -> int | None:
        """Return the line of the value, else of the key, else of the node, else None."""
        return next(
            (self.places[p] for p in ((node, key, value), (node, key, ""), (node, "", "")) if p in self.places), None
        )


def parse(text: str) -> tuple[Mapping, Lines]:
    """Return the one mapping that the text holds, and its lines; raise Fault where the text is not such."""
    refuse_invisible(text)
    try:
        return _parse(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault("yaml-broken", mark.line + 1 if mark else 1, error.problem or "") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Fault("yaml-broken", 1, "it cannot be read at all") from error


def refuse_invisible(text: str) -> None:
    """Raise Fault at the first character that cannot be seen; line endings of either kind may stand."""
    plain = text.replace("\r\n", "\n")
    if found := _INVISIBLE.search(plain):
        raise Fault("character-invisible", plain.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}")


def _parse(text: str) -> tuple[Mapping, Lines]:
    _refuse_aliases(text)
    node = yaml.compose(text, Loader=_LOADER)
    if not isinstance(node, yaml.MappingNode):
        raise Fault("record-not-a-mapping", _line(node) if node else 1)
    reader = _Reader()
    return reader.mapping(node), reader.lines


def _refuse_aliases(text: str) -> None:
    """Raise Fault at the first alias; without aliases no node can be met twice."""
    for event in yaml.parse(text, Loader=_LOADER) if "*" in text else ():
        if isinstance(event, yaml.AliasEvent):
            raise Fault("yaml-alias", _line(event))


class _Reader:
    """Turns the nodes of one document into values."""

    def __init__(self) -> None:
        self.lines = Lines()

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        value: Mapping = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Fault("record-not-a-mapping", _line(key))
            if key.value in value:
                raise Fault("key-repeated", _line(key), key.value)
            value[key.value] = self.value(item)
        self.note(node, str(value.get("id", "")))
        return value

    def value(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self.scalar(node)

    def scalar(self, node: yaml.Node) -> str:
        if found := _INVISIBLE.search(node.value):
            raise Fault("character-invisible", _line(node), f"U+{ord(found[0]):04X}")
        return str(node.value)

    def note(self, node: yaml.MappingNode, name: str) -> None:
        self.lines.places[name, "", ""] = _line(node)
        for key, item in node.value:
            self.lines.places[name, key.value, ""] = _line(key)
            for scalar in item.value if isinstance(item, yaml.SequenceNode) else [item]:
                if isinstance(scalar, yaml.ScalarNode):
                    self.lines.places[name, key.value, scalar.value] = _line(scalar)


def _line(at: yaml.Node | yaml.Event) -> int:
    return int(at.start_mark.line) + 1 if at.start_mark else 1
