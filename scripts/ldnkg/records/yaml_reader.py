"""Read YAML as text: every scalar is a string, and the line of each key and value is known."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

import yaml

from ldnkg.records.characters import find_flaws, find_invisible
from ldnkg.records.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ldnkg.records.lines import Place


Value: TypeAlias = "str | list[Value] | Mapping"
Mapping: TypeAlias = dict[str, "Value"]

KEY = "a key"
UNREADABLE = "the text cannot be parsed"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}


class ReadError(Exception):
    """A reading rule that a file breaks, with the line (from 1), the offending value and its key.

    `also` lists the other places of the same error, each as a path with a line.
    """

    def __init__(self, rule: str, line: int, value: str = "", key: str = "", also: Sequence[str] = ()) -> None:
        self.rule, self.line, self.value, self.key, self.also = rule, line, value, key, also


class Item(NamedTuple):
    """A value with its line, and the line of its key if it has one: a text, a list of items, or items by key."""

    line: int
    value: str | list[Item] | dict[str, Item]
    key_line: int = 0

    @property
    def plain(self) -> Value:
        """The value without lines."""
        value = self.value
        if isinstance(value, str):
            return value
        return {key: item.plain for key, item in value.items()} if isinstance(value, dict) else [i.plain for i in value]


def get_id(node: Mapping) -> str:
    """Return the id of a node, or an empty string if its id is missing or is not text."""
    name = node.get("id")
    return name if isinstance(name, str) else ""


def parse_record(text: str) -> tuple[Mapping, Lines]:
    """Return the single mapping of a text and its lines; raise the first ReadError if the text breaks a rule.

    >>> parse_record("id: claim:x")[0]
    {'id': 'claim:x'}
    """
    value, lines, errors = parse_record_with_errors(text)
    if errors:
        raise errors[0]
    return value, lines


def parse_record_with_errors(text: str) -> tuple[Mapping, Lines, list[ReadError]]:
    """Return the single mapping of a text, its lines, and the errors that do not prevent parsing.

    Raise ReadError if the text cannot be parsed or is not a single mapping. The first value of a repeated key is kept.
    """
    errors = [ReadError("character-invisible", line, code) for line, code in find_invisible(text)]
    try:
        with _raise_read_errors(text):
            item = _parse_document(text, errors)
            value = item.plain
            errors += _find_flaws(item, {error.line for error in errors if error.rule == "character-invisible"})
    except ReadError as error:
        raise min([error, *errors], key=lambda each: each.rule != "character-invisible") from error
    assert isinstance(value, dict), value  # noqa: S101
    return value, Lines(partial(_find_places, item)), sorted(errors, key=lambda error: error.line)


def _find_flaws(item: Item, reported: Collection[int], key: str = "") -> Iterator[ReadError]:
    """Yield an error for each flaw of a text; an escape can bring in what the lines of the file do not show.

    Invisible characters in the lines that are already reported are left out.
    """
    if isinstance(item.value, str):
        for rule, value in find_flaws(item.value):
            if rule != "character-invisible" or item.line not in reported:
                yield ReadError(rule, item.line, value, key)
        return
    parts = item.value.items() if isinstance(item.value, dict) else ((key, part) for part in item.value)
    for own, part in parts:
        yield from _find_flaws(part, reported, own)


def _find_places(item: Item) -> dict[Place, int]:
    assert isinstance(item.value, dict), item  # noqa: S101
    identifier = item.value.get("id")
    name = identifier.value if identifier and isinstance(identifier.value, str) else ""
    places: dict[Place, int] = {}
    for key, entry in item.value.items():
        places[name, key, ""] = entry.key_line
        for part in entry.value if isinstance(entry.value, list) else [entry]:
            if isinstance(part.value, str):
                places[name, key, part.value] = part.line
            elif isinstance(part.value, dict):
                places |= _find_places(part)
    return {**places, (name, "", ""): item.line}


def _parse_document(text: str, errors: list[ReadError]) -> Item:
    """Return the mapping that is the only document of the text; a syntax error anywhere takes precedence.

    Repeated keys are added to the errors.
    """
    builder = _Builder(text, repeated=errors)
    try:
        item = builder.build_mapping(builder.find_next(yaml.NodeEvent))
    except ReadError:
        builder.find_next()
        raise
    if another := builder.find_next(yaml.DocumentStartEvent):
        raise ReadError("yaml-broken", _get_line(another), "a second document begins here")
    return item


def parse_mappings(stream: IO[bytes], deepest: int) -> Iterator[Item]:
    """Yield each mapping of a stream, alone or as an item of a list, one at a time; YAML's null becomes an empty text.

    Raise ReadError at the first other value, and at the first value that is nested deeper than `deepest` levels.
    """
    with _raise_read_errors():
        builder = _Builder(stream, deepest, _NULLS)
        in_list = False
        while event := builder.find_next(yaml.NodeEvent, yaml.SequenceEndEvent, yaml.DocumentEndEvent):
            if isinstance(event, yaml.SequenceEndEvent | yaml.DocumentEndEvent):
                in_list = False
            elif isinstance(event, yaml.SequenceStartEvent) and not in_list:
                in_list = True
            else:
                yield builder.build_mapping(event)


@contextmanager
def _raise_read_errors(text: str = "") -> Iterator[None]:
    """Raise an error of the YAML parser as a ReadError; with the text, a tab in the indentation has its own rule."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        indented = text.split("\n")[line - 1].lstrip(" ") if line <= text.count("\n") + 1 else ""
        if indented.startswith("\t"):
            raise ReadError("yaml-tab", line) from error
        raise ReadError("yaml-broken", line, error.problem or "") from error
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise ReadError("yaml-broken", 1, UNREADABLE) from error


class _Builder:
    """Builds items from the events of a parser, so that no more than one item is in memory."""

    def __init__(
        self,
        stream: str | IO[bytes],
        deepest: int = sys.maxsize,
        nulls: Collection[str] = (),
        repeated: list[ReadError] | None = None,
    ) -> None:
        self._events: Iterator[yaml.Event] = iter(_LOADER(stream).get_event, None)
        self._deepest, self._nulls, self._repeated = deepest, nulls, repeated

    def find_next(self, *kinds: type[yaml.Event]) -> yaml.Event | None:
        """Return the next event of one of these kinds, or None at the end."""
        return next((event for event in self._events if isinstance(event, kinds)), None)

    def build_mapping(self, event: yaml.Event | None) -> Item:
        """Return the mapping that starts with the event; raise ReadError if none does."""
        if not isinstance(event, yaml.MappingStartEvent):
            raise ReadError("record-not-a-mapping", _get_line(event))
        return self.build(event)

    def build(self, event: yaml.Event, key_line: int = 0, depth: int = 0) -> Item:
        """Return the value that starts with the event; raise ReadError if it breaks a rule."""
        line = _get_line(event)
        if depth > self._deepest:
            raise ReadError("yaml-deep", line, str(self._deepest))
        if isinstance(event, yaml.ScalarEvent):
            null = event.value in self._nulls and event.implicit[0]
            return Item(line, "" if null else event.value, key_line)
        if isinstance(event, yaml.SequenceStartEvent):
            parts = [self.build(part, 0, depth + 1) for part in self._read_until(yaml.SequenceEndEvent)]
            return Item(line, parts, key_line)
        if isinstance(event, yaml.MappingStartEvent):
            return Item(line, self._build_values(depth), key_line)
        raise ReadError("yaml-alias", line)

    def _build_values(self, depth: int) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for key in self._read_until(yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise ReadError("record-not-a-mapping", _get_line(key), KEY)
            if key.value in found:
                self._report_repeated(ReadError("key-repeated", _get_line(key), key.value))
            item = self.build(next(self._events), _get_line(key), depth + 1)
            found.setdefault(key.value, item)
        return found

    def _report_repeated(self, error: ReadError) -> None:
        """Add the error to the list that was passed; raise it if there is none."""
        if self._repeated is None:
            raise error
        self._repeated.append(error)

    def _read_until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event


def _get_line(event: yaml.Event | None) -> int:
    return event.start_mark.line + 1 if event and event.start_mark else 1
