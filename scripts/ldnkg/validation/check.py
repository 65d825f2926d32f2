"""Checks a publication: its files, its names, and its graph against the shapes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf.terms import get_graph, get_value
from ldnkg.validation.engines import REFERENCE, load_engine
from ldnkg.validation.findings import Finding
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyoxigraph as ox

    from ldnkg.paths import Home
    from ldnkg.publication.graph import Publication
    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.reader import Record
    from ldnkg.validation.findings import ValidationResult


class Report(NamedTuple):
    """What a check found, how much it looked at, and the publication where one was made."""

    findings: list[Finding]
    rules: int
    nodes: int
    evaluations: int
    publication: Publication | None
    engine: str = REFERENCE
    results: Sequence[ValidationResult] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing was found, by rules that were evaluated."""
        return not self.findings and self.evaluations > 0

    def __repr__(self) -> str:
        """Return one line, because the publication alone has thousands of quads."""
        counts = f"{self.rules} rules, {self.nodes} nodes, {self.evaluations} evaluations"
        return f"<Report: {len(self.findings)} findings; {counts}; {self.engine}>"


def check(
    home: Home, more: Sequence[Path] = (), step: Callable[[str], None] = lambda _: None, engine_name: str = REFERENCE
) -> Report:
    """Check the publication of the home, with more record files; `step` is told what comes next."""
    from ldnkg.publication.graph import build_publication
    from ldnkg.records.loader import load_records

    step("reading the records")
    inputs = load_records(home, more)
    rules = Rules(home.shapes)
    if not inputs.clean:
        return report_read_errors(inputs, rules)
    step("making the graph")
    return check_graph(build_publication(home, inputs), rules, step, engine_name)


def report_read_errors(inputs: LoadedRecords, rules: Rules) -> Report:
    """Return the report on records that have faults, for which there is no graph."""
    return Report(_list_read_findings(inputs, rules.of_reading), len(rules.of_reading), len(inputs.records), 0, None)


def check_graph(
    publication: Publication, rules: Rules, step: Callable[[str], None] = lambda _: None, engine_name: str = REFERENCE
) -> Report:
    """Check the graph of a publication that was read without a fault."""
    step("checking the graph against the shapes")
    # Counted first, because that reads the rules: a file that is not Turtle is reported with its line by every engine.
    size = count_evaluations(rules, publication.store, len(publication.inputs.records))
    results = load_engine(engine_name)(list(select_checked_quads(publication)), rules)
    findings = sorted(set(_list_graph_findings(publication, results)))
    return Report(findings, *size, publication, engine_name, results)


def count_evaluations(rules: Rules, store: ox.Store, records: int) -> tuple[int, int, int]:
    """Return how many rules there are, at how many nodes they look, and how often one of them was evaluated."""
    evaluated = rules.evaluations(store)
    nodes = {node for _, node in evaluated}
    return len(rules.sentences), len(nodes), len(evaluated) + len(rules.of_reading) * records


def select_checked_quads(publication: Publication) -> Iterable[ox.Quad]:
    """Yield what the shapes are to see: all but the triples that a record's claim states of something else."""
    own = (q for q in publication.derived if get_graph(q) in ("", get_value(q.subject).partition("#")[0]))
    return [*publication.inputs.fixed, *publication.stated, *own]


def _list_read_findings(inputs: LoadedRecords, said: dict[str, str]) -> list[Finding]:
    found = []
    for misread in inputs.faults:
        fault, rule = misread.fault, f"reading-{misread.fault.rule}"
        sentence = said[rule].replace("{value}", fault.value)
        found.append(Finding(misread.path, fault.line, misread.node, rule, sentence))
    return sorted(found)


def _list_graph_findings(publication: Publication, results: Sequence[ValidationResult]) -> list[Finding]:
    """Give each result its place: in the record that it is about, or, for a rule over the whole, that it names."""
    from ldnkg.records.yaml_reader import get_id

    inputs = publication.inputs
    expand = inputs.context.expand
    owners = {expand(get_id(node)): record for record in inputs.records for node in record.nodes}
    return [_locate_result(inputs.context, owners, result) for result in results]


def _locate_result(context: Context, owners: dict[str, Record], result: ValidationResult) -> Finding:
    about = result.node if result.node in owners else result.value
    value = context.short(result.value) if result.path and about == result.node else ""
    node, key, rule = context.curie(about), context.short(result.path), result.rule.partition("#")[2]
    record = owners.get(about)
    if record is None:
        return Finding(Path(result.node), 1, node, rule, result.message)
    line = record.lines.find(node, key, value)
    return Finding(
        record.path, line, node, rule, result.message + (f" It says `{key}: {value}`." if value.strip() else "")
    )


def filter_by_paths(report: Report, paths: Sequence[Path]) -> Report:
    """Return the report with the findings of these files and folders alone.

    All of them stay where no path is given, and where a file could not be read, for then the graph was not checked.
    """
    if not paths or report.publication is None:
        return report
    wanted = [path.resolve() for path in paths]
    kept = [f for f in report.findings if any(f.path.resolve().is_relative_to(path) for path in wanted)]
    return report._replace(findings=kept)
