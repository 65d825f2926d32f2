"""Checks a publication: its files, its names, and its graph against the shapes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.files import shown
from ldnkg.finding import Finding
from ldnkg.problem import Problem
from ldnkg.publication import Publication, publish, read
from ldnkg.shacl import Outcome, messages, read_shapes, to_rdflib, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyoxigraph as ox

    from ldnkg.paths import Home
    from ldnkg.publication import Reading

READING = "reading.ttl"


@dataclass(frozen=True)
class Report:
    """What a check found, how much it looked at, and the publication where one could be made."""

    findings: list[Finding]
    rules: int
    nodes: int
    evaluations: int
    publication: Publication | None

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
    findings = sorted(_graph_findings(publication, outcome))
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
    own = (q for q in publication.derived if q.subject == q.graph_name or not hasattr(q.graph_name, "value"))
    return [*publication.reading.fixed, *publication.stated, *own]


def _reading_findings(reading: Reading, said: dict[str, str]) -> list[Finding]:
    unread = [(m.path, "", m.fault) for m in reading.misread]
    unnamed = [(m.record.path, m.node, m.fault) for m in reading.misnamed]
    return [
        Finding(
            path,
            fault.line,
            node,
            f"reading-{fault.rule}",
            said[f"reading-{fault.rule}"].replace("{value}", fault.value),
        )
        for path, node, fault in [*unread, *unnamed]
    ]


def _graph_findings(publication: Publication, outcome: Outcome) -> list[Finding]:
    return [
        _located(publication, r.rule.partition("#")[2], r.node, r.path, r.value, r.message) for r in outcome.results
    ]


def _located(publication: Publication, rule: str, node: str, path: str, value: str, message: str) -> Finding:
    context = publication.reading.context
    places = {
        context.expand(str(part.get("id", ""))): record
        for record in publication.reading.records
        for part in record.nodes()
    }
    name, key = context.curie(node), context.short(path) if path else ""
    record = places.get(node) or places.get(value)
    if node not in places and value in places:
        name, key, value = context.curie(value), "", ""
    if record is None:
        return Finding(Path("ontology/dataset.ttl"), 1, name, rule, message)
    line = record.lines.find(name, key, context.short(value)) or record.lines.find(name, key, value) or 1
    found = f" Found: {context.short(value)}." if value and key else ""
    return Finding(record.path, line, name, rule, message + found)


def within(report: Report, paths: Sequence[Path]) -> Report:
    """Return the report with the findings of these files and folders alone; with all of them where none is given."""
    if not paths:
        return report
    wanted = [path.resolve() for path in paths]
    kept = [f for f in report.findings if any(f.path.resolve().is_relative_to(path) for path in wanted)]
    return replace(report, findings=kept)
