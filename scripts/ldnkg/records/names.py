"""Provide what the checks of names share: the texts of a value, located errors, and the names in unread files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ldnkg.records.reader import LocatedError
from ldnkg.records.yaml_reader import ReadError, get_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping, Value

SUFFIX = ".yaml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Windows opens a device instead of a file with one of these names, whatever its ending is.
DEVICES = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
# The other names are those of files that an export writes beside a file for each record.
RESERVED = DEVICES | {"all", "index"}


def get_texts(value: Value) -> list[str]:
    """Return the text values of a key, one or several; records within the value are left out.

    >>> get_texts(["a", {"id": "b"}]), get_texts("c")
    (['a'], ['c'])
    """
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def make_error(
    record: Record, node: Mapping | str, rule: str, key: str = "", value: str = "", reported: str = ""
) -> LocatedError:
    """Return an error in a node of the record, at the line of its value or key; the message names `reported`."""
    name = node if isinstance(node, str) else get_id(node)
    line = record.lines.find(name, key, value)
    return LocatedError(record.path, ReadError(rule, line, reported or value or key, key), name)


def get_name_by_path(path: Path) -> str:
    """Return the id that the place of a record file asks for.

    >>> from pathlib import Path
    >>> get_name_by_path(Path("data/claims/a-claim.yaml"))
    'claim:a-claim'
    """
    return f"{path.parent.name.removesuffix('s')}:{path.stem}"


class UnreadNames:
    """The names that files which could not be read define: ids of records, and slugs of terms.

    If the whole table of terms could not be read, any slug counts as one of them.
    """

    def __init__(self, ids: frozenset[str], slugs: frozenset[str], *, any_slug: bool) -> None:
        self.ids, self.slugs, self.any_slug = ids, slugs, any_slug

    def extend(self, ids: Iterable[str]) -> UnreadNames:
        """Return these names and those of more records."""
        return UnreadNames(self.ids.union(ids), self.slugs, any_slug=self.any_slug)

    def __contains__(self, name: object) -> bool:
        """Whether the name is one of these, or the name of a node in one of these records."""
        text = str(name)
        if ":" in text:
            return text.partition("#")[0] in self.ids
        return self.any_slug or text in self.slugs


def collect_unread_names(records: Iterable[Record], misread: Sequence[LocatedError]) -> UnreadNames:
    """Return the names that the unread files and table rows define."""
    read = {record.path for record in records} if misread else set()
    rows = [error.fault.key for error in misread if error.fault.rule == "table-row"]
    tables = [error for error in misread if error.path.stem == "terms" and error.fault.rule != "table-row"]
    ids = {get_name_by_path(e.path) for e in misread if e.path.suffix == SUFFIX and e.path not in read}
    return UnreadNames(frozenset(ids), frozenset(rows), any_slug=bool(tables))
