"""Measures speed as ratios against yardsticks run beside: `make bench`, or `python scripts/bench.py 1 10 100`.

The article's publication is copied under new names, 1, 10 and 100 times, and each copy is built as the command does it.
Cold starts are whole processes. Every figure is the median of several runs, in wall seconds.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox
import yaml

from ldnkg import console
from ldnkg.checks import check_graph
from ldnkg.formats import export
from ldnkg.mappings import COLUMNS as MAPPINGS
from ldnkg.paths import Home
from ldnkg.proof import TABLES
from ldnkg.publication import Publication, publish, read
from ldnkg.records import COLUMNS as TERMS
from ldnkg.rules import Rules
from ldnkg.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.yamlfile import Value

ROOT = Path(__file__).resolve().parents[1]
SHARED_KINDS = {"EvidenceCode", "Unit"}
RUNS = {1: 5, 10: 5, 100: 3}
STARTS = 15
CHECKS = 5
T = TypeVar("T")


def copies(home: Home, folder: Path, times: int) -> Home:
    """Write a publication that holds every record `times` times, each time under other names and labels."""
    reading = read(home)
    records = [record for record in reading.records if record.path.suffix == ".yaml"]
    own = {str(node["id"]) for record in records for node in record.nodes()}
    terms = {record.slug: record.value for record in reading.records if record.slug}
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
    """Write the tables, with a row for each copy of a row that is about something moved."""
    slugs = {row.cells["curie"]: row.cells["slug"] for row in read_table(data / "terms.tsv", list(TERMS))[0].rows}
    for name, columns in {"terms": list(TERMS), **TABLES, "mappings.sssom": MAPPINGS}.items():
        table, _ = read_table(data / f"{name}.tsv", columns)
        lines = [*(f"#{line}" for line in table.head), "\t".join(columns)]
        for row in table.rows:
            cells = {**row.cells, **({"pattern": ".*"} if name == "prefixes" else {})}
            about = next((cells[column] for column in ("slug", "entity", "subject_id") if column in cells), "")
            said = {"slug": "label"}.get(columns[0], "" if about in slugs else "subject_label")
            copies = range(times) if slugs.get(about, about) in moved else []
            lines += ["\t".join(_moved(cells, said, n).values()) for n in copies] or ["\t".join(cells.values())]
        (target / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def _moved(cells: Mapping[str, str], said: str, number: int) -> dict[str, str]:
    """Give the identifiers of a row another ending, and the label that is ours another word."""
    ends = dict.fromkeys(("slug", "entity", "curie", "subject_id", "object_id"), f"-{number}") | {said: f" {number}"}
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


def steps(home: Home) -> dict[str, float]:
    """Build once; return the seconds of each step, and those of reading the built N-Triples as a yardstick."""
    taken: dict[str, float] = {}
    reading = timed(taken, "read", lambda: read(home))
    publication: Publication = timed(taken, "graph", lambda: publish(home, reading))
    report = timed(taken, "shacl", lambda: check_graph(publication, Rules(home.shapes)))
    assert report.findings == [], report.findings[:3]  # noqa: S101
    files = timed(taken, "write", lambda: export(publication))
    triples = files["ldn-kg.nt"]
    timed(taken, "yardstick", lambda: sum(1 for _ in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)))
    return taken


def timed(taken: dict[str, float], name: str, work: Callable[[], T]) -> T:
    """Do the work and note how many seconds it took."""
    started = time.perf_counter()
    result = work()
    taken[name] = time.perf_counter() - started
    return result


def scale(home: Home, factors: list[int]) -> None:
    """Print the cost of a build at each factor."""
    rows: list[list[str]] = []
    for factor in factors:
        with tempfile.TemporaryDirectory() as place, console.progress(quiet=False) as step:
            step(f"copying the records {factor} times")
            copy = copies(home, Path(place), factor)
            claims = len(list((copy.data / "claims").iterdir()))
            step(f"building {claims} claims")
            rows.append(_scaled(factor, claims, [steps(copy) for _ in range(RUNS.get(factor, 1))]))
    console.table(
        ["copies", "claims", "runs", "ms a claim", "SHACL", "without SHACL, ms a claim", "x reading N-Triples"], rows
    )
    for less, more in pairwise(rows):
        ratio = float(more[3]) / float(less[3])
        console.say(f"From {less[0]} to {more[0]} copies, the cost of a claim is multiplied by {ratio:.2f}.")


def _scaled(factor: int, claims: int, runs: list[dict[str, float]]) -> list[str]:
    whole = median(sum(run.values()) - run["yardstick"] for run in runs)
    shacl = median(run["shacl"] for run in runs)
    yardstick = median(run["yardstick"] for run in runs)
    each = 1000 / claims
    return [
        f"{factor}",
        f"{claims}",
        f"{len(runs)}",
        f"{whole * each:.2f}",
        f"{shacl / whole:.0%}",
        f"{(whole - shacl) * each:.2f}",
        f"{whole / yardstick:.0f}",
    ]


def starts() -> None:
    """Print how long a cold start takes, against that of a bare interpreter or import."""
    python = sys.executable
    ldnkg = str(Path(python).with_name("ldnkg"))
    question = "drug-receptor-mechanism-condition-citation"
    pairs = [
        ("ldnkg --help", [ldnkg, "--help"], "python -c pass", [python, "-c", "pass"], 5),
        (
            "ldnkg query",
            [ldnkg, "query", question],
            "python -c 'import pyoxigraph'",
            [python, "-c", "import pyoxigraph"],
            4,
        ),
    ]
    rows = [
        [name, beside, *_ratio(command, yardstick, STARTS), f"{limit}"]
        for name, command, beside, yardstick, limit in pairs
    ]
    console.table(["cold start", "beside", "ms", "ms beside", "ratio", "at most"], rows)


def checking() -> None:
    """Print how long a check takes, against pySHACL's own command on the built files and against a bare import."""
    python = sys.executable
    ldnkg, pyshacl = (str(Path(python).with_name(name)) for name in ("ldnkg", "pyshacl"))
    validated = [pyshacl, "-s", str(ROOT / "dist" / "shapes.ttl"), str(ROOT / "dist" / "ldn-kg.ttl")]
    bare = [python, "-c", "import pyoxigraph"]
    fast = [ldnkg, "check", "--engine", "shacl"]
    rows = [
        ["ldnkg check", "pyshacl -s shapes.ttl ldn-kg.ttl", *_ratio([ldnkg, "check"], validated, CHECKS), "2"],
        ["ldnkg check --engine shacl", "python -c 'import pyoxigraph'", *_ratio(fast, bare, STARTS), "6"],
    ]
    console.table(["check", "beside", "ms", "ms beside", "ratio", "at most"], rows)


def _ratio(command: list[str], yardstick: list[str], times: int) -> list[str]:
    pairs = [(_process(command), _process(yardstick)) for _ in range(times + 1)][1:]
    ours, other = (median(taken) * 1000 for taken in zip(*pairs, strict=True))
    return [f"{ours:.0f}", f"{other:.0f}", f"{median(a / b for a, b in pairs):.1f}"]


def _process(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True, cwd=ROOT)  # noqa: S603
    return time.perf_counter() - started


def main() -> None:
    """Run the benchmark at the factors given, else at 1, 10 and 100."""
    scale(Home(ROOT), [int(factor) for factor in sys.argv[1:]] or list(RUNS))
    starts()
    checking()


if __name__ == "__main__":
    main()
