"""Reads the items of a foreign YAML file one at a time: a scalar is text, null an empty one, each with its line."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

import yaml

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.readers.lines import at
from ldnkg.merge.readers.opened import opened, refuse_large

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEPEST = 20
NOTHING = {"", "~", "null", "Null", "NULL"}
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


class Item(NamedTuple):
    """A value and its line: a text, a list of items, or items by their keys."""

    line: int
    value: str | list[Item] | dict[str, Item]

    @property
    def plain(self) -> Plain:
        """The value without its lines."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        return [item.plain for item in self.value] if isinstance(self.value, list) else self.value


def items(path: Path) -> Iterator[Item]:
    """Yield each mapping of the file, of a list or by itself; raise Problem at the first thing that is none."""
    refuse_large(path)
    try:
        with opened(path) as file:
            yield from _Builder(path, file).items()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise at(path, mark.line + 1 if mark else 1, f"is not YAML, {error.problem}. Mend it.") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise LdnkgError(f"{display_path(path)}: is not UTF-8 text that YAML allows. Save it as UTF-8.") from error


class _Builder:
    """Builds items of the events of a parser, so that no more than one item of the list is held."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._events = yaml.parse(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))

    def items(self) -> Iterator[Item]:
        listed = False
        for event in self._events:
            if isinstance(event, yaml.SequenceStartEvent) and not listed:
                listed = True
            elif isinstance(event, yaml.MappingStartEvent):
                yield self._built(event, 0)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.DocumentEndEvent):
                listed = False
            elif isinstance(event, yaml.NodeEvent):
                raise self._fault(event, "is no mapping and no list of mappings. Give paths with nodes and links.")

    def _built(self, event: yaml.Event, depth: int) -> Item:
        if depth > DEEPEST:
            raise self._fault(event, f"is nested deeper than {DEEPEST} levels. Check the file.")
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            nothing = event.implicit[0] and event.value in NOTHING
            return Item(line, "" if nothing else str(event.value))
        if isinstance(event, yaml.SequenceStartEvent):
            return Item(line, [self._built(part, depth + 1) for part in self._until(yaml.SequenceEndEvent)])
        if isinstance(event, yaml.MappingStartEvent):
            return Item(line, self._mapping(depth))
        raise self._fault(event, "is an alias, which stands for something elsewhere. Write it out.")

    def _mapping(self, depth: int) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for event in self._until(yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._fault(event, "has a key that is no text. Write it as text.")
            if event.value in found:
                raise self._fault(event, f"has the key '{event.value}' twice. Keep one.")
            found[str(event.value)] = self._built(next(self._events), depth + 1)
        return found

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _fault(self, event: yaml.Event, sentence: str) -> LdnkgError:
        return at(self._path, _line(event), sentence)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
