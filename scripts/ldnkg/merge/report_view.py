"""Arrange a report for people: a summary, and tables whose rows are grouped by kind and by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.files import escape_unprintable
from ldnkg.merge.report import KINDS, TABLES
from ldnkg.merge.wording import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.report import Report
    from ldnkg.merge.report_rows import ReportRow

OURS = "LDN-KG says"
FINDINGS = "findings"  # tables of statements
NAMED = 3  # sources, or refused identifiers, that the summary names


class Entry(NamedTuple):
    """A row for people: its cells by column, and the places in which the sources have it."""

    cells: Mapping[str, str]
    places: Sequence[str]

    def format_places(self) -> str:
        """Return the first place, and the number of other places."""
        more = len(self.places) - 1
        return f"{self.places[0]} and {more:,} more" if more else self.places[0]


class Group(NamedTuple):
    """The rows of a table, or those of one kind; `kind` is empty if the table has no kinds."""

    kind: str
    meaning: str
    columns: Sequence[str]
    entries: Sequence[Entry]

    @property
    def is_long(self) -> bool:
        """Whether the entries have several sentences, so that they are hard to read in narrow columns."""
        return OURS in self.columns


class Section(NamedTuple):
    """A table of the report: its name, heading and meaning, its number of rows, and its groups by importance."""

    name: str
    heading: str
    meaning: str
    number: int
    groups: Sequence[Group]

    @property
    def size(self) -> str:
        """The number of rows of the table, and of those that are shown, in which equal rows are one."""
        shown = sum(len(group.entries) for group in self.groups)
        return (
            f"{self.number:,}"
            if shown == self.number
            else f"{self.number:,} in {shown:,} row{'' if shown == 1 else 's'}"
        )


class Summary(NamedTuple):
    """A line of the summary: what is counted, how many there are, and which; `name` is that of the table or count."""

    name: str
    what: str
    number: str
    details: str


def summarise(report: Report) -> list[Summary]:
    """Return what was read, the number of rows of each table, and what was only counted."""
    texts, counts = read_texts(), report["counts"]
    lines = [Summary("statements", "Statements that were read", f"{counts['statements']:,}", _describe_input(report))]
    for name, table in texts["tables"].items():
        if counts[name] or table.get("always"):
            lines.append(Summary(name, table["heading"], f"{counts[name]:,}", _describe_details(report, name)))
    return lines + [Summary(name, what, f"{counts[name]:,}", "") for name, what in texts["counts"].items()]


def make_sections(report: Report) -> Iterator[Section]:
    """Yield each table that has rows, the most important first."""
    texts = read_texts()
    for name in TABLES:
        if rows := report[name]:
            table = texts["tables"][name]
            find = table.get("kind") == FINDINGS
            groups = _group_findings(rows, texts) if find else _group_entities(rows, table["columns"])
            yield Section(name, table["heading"], table["meaning"], report["counts"][name], list(groups))


def _describe_input(report: Report) -> str:
    counts = report["counts"]
    numbers = {"source": len(report["sources"]), "file": counts["files"]}
    if counts["paths"]:
        numbers["path"] = counts["paths"]
    read = ", ".join(f"{number:,} {name}{'' if number == 1 else 's'}" for name, number in numbers.items())
    names = [_clean(row["source"]) for row in report["sources"]]
    return f"{read}: {', '.join([*names[:NAMED], *(['...'] if len(names) > NAMED else [])])}"


def _describe_details(report: Report, name: str) -> str:
    """Return the number of rows of each kind, or the corrections that refused identifiers need."""
    if name == "refused":
        found = dict.fromkeys(_describe_correction(row) for row in report[name])
        more = [f"{len(found) - NAMED:,} more"] if len(found) > NAMED else []
        return "; ".join([*list(found)[:NAMED], *more])
    return ", ".join(f"{number:,} {kind}" for kind, number in report["kinds"].get(name, {}).items())


def _describe_correction(row: ReportRow) -> str:
    other = f", not {row['our_name']}" if row["our_name"] else ""
    return _clean(f"{row['identifier']} {row['reason']}{other}{': ' * bool(row['instead'])}{row['instead']}")


def _group_findings(rows: Iterable[ReportRow], texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[Group]:
    """Yield the rows of each kind; a row of several kinds is in the group of the most important one."""
    merged: dict[tuple[str, ...], list[ReportRow]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("source", "where", "record", "node", "source_says", "we_say", "compared_as"))
        merged.setdefault(key, []).append(row)
    groups: dict[str, list[tuple[ReportRow, str]]] = {}
    for same in merged.values():
        groups.setdefault(same[0].get("kind", ""), []).append((same[0], _describe_kinds(same)))
    for kind in sorted(groups, key=lambda kind: KINDS.index(kind) if kind else 0):
        found = groups[kind]
        entries = _merge_places((_make_finding(row, difference), _describe_place(row)) for row, difference in found)
        columns = [name for name in entries[0].cells if any(entry.cells[name] for entry in entries)]
        used = [entry._replace(cells={name: entry.cells[name] for name in columns}) for entry in entries]
        yield Group(kind, texts["kinds"][kind]["meaning"] if kind else "", columns, used)


def _describe_kinds(rows: Iterable[ReportRow]) -> str:
    """Return each kind in which a statement differs from a claim, with the difference."""
    kinds = [(row["kind"], row.get("difference", "")) for row in rows if row.get("kind")]
    return "; ".join(f"{kind}: {difference}" for kind, difference in kinds if difference)


def _make_finding(row: ReportRow, difference: str) -> dict[str, str]:
    level = f" [{row['stated_as']}]" if row["we_say"] and row.get("stated_as") else ""
    return {
        "source says": row["source_says"] + level,
        OURS: row["we_say"],
        "difference": difference,
        "compared": row["compared_as"],
    }


def _group_entities(rows: Iterable[ReportRow], columns: Mapping[str, str]) -> Iterator[Group]:
    cells = ({heading: row[key] for heading, key in columns.items()} for row in rows)
    entries = _merge_places(zip(cells, map(_describe_place, rows), strict=True))
    yield Group("", "", list(columns), entries)


def _merge_places(found: Iterable[tuple[Mapping[str, str], str]]) -> list[Entry]:
    """Return each different row once, with its places."""
    merged: dict[tuple[str, ...], Entry] = {}
    for cells, place in found:
        cleaned = {name: _clean(cell) for name, cell in cells.items()}
        entry = merged.setdefault(tuple(cleaned.values()), Entry(cleaned, []))
        if place not in entry.places:
            entry.places.append(place)  # type: ignore[attr-defined]
    return list(merged.values())


def _describe_place(row: ReportRow) -> str:
    where, record = row["where"] or row["source"], row["record"]
    named = " ".join(row.get(key, "") for key in ("statement", "source_entity", "identifier")).split()
    return _clean(f"{where}, record {record}" if record and record not in named else where)


def _clean(text: str) -> str:
    return escape_unprintable(text)
