"""Checks a publication: its files, its names, and its graph against the shapes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.files import shown
from ldnkg.finding import Finding
from ldnkg.problem import Problem
from ldnkg.publication import Publication, publish, read
from ldnkg.rdf import graph_of
from ldnkg.shacl import messages, read_shapes, to_rdflib, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyoxigraph as ox

    from ldnkg.context import Context
    from ldnkg.paths import Home
    from ldnkg.publication import Reading
    from ldnkg.records import Record
    from ldnkg.shacl import Result

READING = "reading.ttl"


@dataclass(frozen=True)
class Report:
    """What a check found, how much it looked at, and the publication where one could be made."""

    findings: list[Finding]
    rules: int
    nodes: int
    evaluations: int
    publication: Publication | None = field(repr=False)

    @property
    def clean(self) -> bool:
        """Whether nothing was found, by rules that were evaluated."""
        return not self.findings and self.evaluations > 0


def check(home: Home, more: Sequence[Path] = (), step: Callable[[str], None] = lambda _: None) -> Report:
    """Check the publication of the home, with more record files; `step` is told what comes next."""
    step("reading the records")
    reading = read(home, more)
    said = {iri.partition("#")[2]: sentence for iri, sentence in messages([home.shapes / READING]).items()}
    if not reading.clean:
        found = _reading_findings(reading, said)
        return Report(sorted(found), len(said), len(reading.records), 0, None)
    step("making the graph")
    publication = publish(home, reading)
    step("checking the graph against the shapes")
    outcome = validate(to_rdflib(checked_graph(publication)), read_shapes(shape_files(home)))
    findings = sorted(set(_graph_findings(publication, outcome.results)))
    rules = outcome.rules + len(said)
    evaluations = outcome.evaluations + len(said) * len(reading.records)
    return Report(findings, rules, outcome.nodes, evaluations, publication)


def shape_files(home: Home) -> list[Path]:
    """Return the files of the rules that look at the graph; raise Problem where there are none."""
    found = sorted(path for path in home.shapes.glob("*.ttl") if path.name != READING)
    if not found:
        raise Problem(f"{shown(home.shapes)}: there are no shapes here, so nothing can be checked.")
    return found


def checked_graph(publication: Publication) -> Iterable[ox.Quad]:
    """Yield what the shapes are to see: all but the triples that a record's claim states of something else."""
    own = (q for q in publication.derived if q.subject == q.graph_name or not graph_of(q))
    return [*publication.reading.fixed, *publication.stated, *own]


def _reading_findings(reading: Reading, said: dict[str, str]) -> list[Finding]:
    found = []
    for misread in reading.faults:
        fault, rule = misread.fault, f"reading-{misread.fault.rule}"
        sentence = said[rule].replace("{value}", fault.value)
        found.append(Finding(misread.path, fault.line, misread.node, rule, sentence))
    return found


def _graph_findings(publication: Publication, results: Sequence[Result]) -> list[Finding]:
    """Give each result its place: in the record that it is about, or, for a rule over the whole, that it names."""
    reading = publication.reading
    expand = reading.context.expand
    owners = {expand(str(node.get("id", ""))): record for record in reading.records for node in record.nodes()}
    return [_finding(reading.context, owners, result) for result in results]


def _finding(context: Context, owners: dict[str, Record], result: Result) -> Finding:
    about = result.node if result.node in owners else result.value
    value = context.short(result.value) if result.path and about == result.node else ""
    node, key, rule = context.curie(about), context.short(result.path), result.rule.partition("#")[2]
    record = owners.get(about)
    if record is None:
        return Finding(Path(result.node), 1, node, rule, result.message)
    line = record.lines.find(node, key, value) or 1
    return Finding(
        record.path, line, node, rule, result.message + (f" It says `{key}: {value}`." if value.strip() else "")
    )


def within(report: Report, paths: Sequence[Path]) -> Report:
    """Return the report with the findings of these files and folders alone.

    All of them stay where no path is given, and where a file could not be read, for then the graph was not checked.
    """
    if not paths or report.publication is None:
        return report
    wanted = [path.resolve() for path in paths]
    kept = [f for f in report.findings if any(f.path.resolve().is_relative_to(path) for path in wanted)]
    return replace(report, findings=kept)
