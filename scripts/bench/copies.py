"""Make larger publications for benchmarks: the records are repeated, each time with new ids and labels."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from ldnkg.paths import Home
from ldnkg.publication.graph import build_publication
from ldnkg.records.identifier_evidence import TABLES
from ldnkg.records.loader import load_records
from ldnkg.records.reader import COLUMNS as TERMS
from ldnkg.records.sssom import COLUMNS as MAPPINGS
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.publication.graph import Publication
    from ldnkg.records.yaml_reader import Value

SHARED_KINDS = {"EvidenceCode", "Unit"}


def copied(home: Home, times: int, form: Callable[[Publication], bytes]) -> bytes:
    """Serialise a publication with that many copies of the records; `form` is a writer such as `write_turtle`."""
    with tempfile.TemporaryDirectory() as place:
        copy = copies(home, Path(place), times)
        return form(build_publication(copy, load_records(copy)))


def copies(home: Home, folder: Path, times: int) -> Home:
    """Write a publication that has each record `times` times, each time with a new id and label; return its home."""
    inputs = load_records(home)
    records = [record for record in inputs.records if record.path.suffix == ".yaml"]
    own = {str(node["id"]) for record in records for node in record.nodes}
    terms = {record.slug: record.value for record in inputs.records if record.slug}
    moved = own | {slug for slug, value in terms.items() if value["type"] not in SHARED_KINDS}
    for part in ("ontology", "shapes", "queries"):
        folder.joinpath(part).symlink_to(home.root / part)
    for number in range(times):
        names = {name: _renamed(name, number) for name in moved}
        for record in records:
            _write(folder / "data", _copied(record.value, names, number))
    _write_tables(home.data, folder / "data", moved, times)
    return Home(folder)


def _write_tables(data: Path, target: Path, moved: set[str], times: int) -> None:
    """Write the tables; a row about an entity that was copied is written once for each copy."""
    slugs = {row.cells["curie"]: row.cells["slug"] for row in read_table(data / "terms.tsv", list(TERMS))[0].rows}
    for name, columns in {"terms": list(TERMS), **TABLES, "mappings.sssom": MAPPINGS}.items():
        table, _ = read_table(data / f"{name}.tsv", columns)
        lines = [*(f"#{line}" for line in table.head), "\t".join(columns)]
        for row in table.rows:
            cells = {**row.cells, **({"pattern": ".*"} if name == "prefixes" else {})}
            about = next((cells[column] for column in ("slug", "entity", "subject_id") if column in cells), "")
            label = {"slug": "label"}.get(columns[0], "" if about in slugs else "subject_label")
            copies = range(times) if slugs.get(about, about) in moved else []
            lines += ["\t".join(_moved(cells, label, n).values()) for n in copies] or ["\t".join(cells.values())]
        (target / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def _moved(cells: Mapping[str, str], label: str, number: int) -> dict[str, str]:
    """Return the row with the number appended to its identifiers and to its own label, which is in column `label`."""
    ends = dict.fromkeys(("slug", "entity", "curie", "subject_id", "object_id"), f"-{number}") | {label: f" {number}"}
    return {name: cell + ends.get(name, "") for name, cell in cells.items()}


def _renamed(name: str, number: int) -> str:
    whole, mark, part = name.partition("#")
    return f"{whole}-{number}{mark}{part}"


def _copied(value: Value, names: Mapping[str, str], number: int, key: str = "") -> Value:
    if isinstance(value, dict):
        return {name: _copied(item, names, number, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_copied(item, names, number, key) for item in value]
    return f"{value} {number}" if key == "label" else names.get(value, value)


def _write(data: Path, value: Value) -> None:
    assert isinstance(value, dict)  # noqa: S101
    prefix, _, slug = str(value["id"]).partition(":")
    path = data / f"{prefix}s" / f"{slug}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), "utf-8")
