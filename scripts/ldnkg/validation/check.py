"""Check a publication: its files, its names, and its graph against the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf.terms import get_graph, get_value
from ldnkg.validation.engines import REFERENCE, load_engine
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from ldnkg.paths import Home
    from ldnkg.publication.graph import Publication
    from ldnkg.records.loader import LoadedRecords
    from ldnkg.validation.findings import Finding, ValidationResult


class Report(NamedTuple):
    """The findings of a check, how much was checked, and the publication, if its graph could be built.

    `results` are the results of the SHACL engine. `findings` leaves out those that only follow from another one.
    """

    findings: list[Finding]
    rules: int
    nodes: int
    evaluations: int
    publication: Publication | None
    engine: str = REFERENCE
    results: Sequence[ValidationResult] = ()

    @property
    def clean(self) -> bool:
        """Whether rules were evaluated and there are no findings."""
        return not self.findings and self.evaluations > 0

    def __repr__(self) -> str:
        """Return one line, because the publication alone has thousands of quads."""
        count = len(self.findings)
        counts = f"{self.rules} rules, {self.nodes} nodes, {self.evaluations} evaluations"
        return f"<Report: {count} finding{'s' * (count != 1)}; {counts}; {self.engine}>"


def check(
    home: Home, more: Sequence[Path] = (), step: Callable[[str], None] = lambda _: None, engine_name: str = REFERENCE
) -> Report:
    """Check the publication of the home, together with more record files; `step` is called with each next step."""
    from ldnkg.publication.graph import build_publication
    from ldnkg.records.loader import load_records

    step("reading the records")
    inputs = load_records(home, more)
    rules = Rules(home.shapes)
    if not inputs.clean:
        return report_read_errors(inputs, rules, engine_name)
    step("making the graph")
    return check_graph(build_publication(home, inputs), rules, step, engine_name)


def report_read_errors(inputs: LoadedRecords, rules: Rules, engine_name: str = "") -> Report:
    """Return the report on records with errors, from which no graph can be built.

    With an engine, the rules about single records are checked too.
    """
    from ldnkg.validation.descriptions import Describer
    from ldnkg.validation.single_records import check_single_records

    describer = Describer(inputs, rules)
    results = check_single_records(inputs, rules, load_engine(engine_name)) if engine_name else []
    found = [describer.describe_error(error) for error in inputs.faults]
    found += [describer.describe_result(result) for result in results]
    return Report(sorted(set(found)), len(rules.of_reading), len(inputs.records), 0, None, engine_name or REFERENCE)


def check_graph(
    publication: Publication, rules: Rules, step: Callable[[str], None] = lambda _: None, engine_name: str = REFERENCE
) -> Report:
    """Check the graph of a publication whose records have no errors."""
    step("checking the graph against the shapes")
    # Counted first, because that reads the rules: a file that is not Turtle is reported with its line by every engine.
    size = count_evaluations(rules, publication.store, len(publication.inputs.records))
    results = load_engine(engine_name)(list(select_checked_quads(publication)), rules)
    return Report(_list_findings(publication, rules, results), *size, publication, engine_name, results)


def count_evaluations(rules: Rules, store: ox.Store, records: int) -> tuple[int, int, int]:
    """Return the number of rules, of nodes that they check, and of evaluations of a rule at a node."""
    evaluated = rules.evaluations(store)
    nodes = {node for _, node in evaluated}
    return len(rules.sentences), len(nodes), len(evaluated) + len(rules.of_reading) * records


def select_checked_quads(publication: Publication) -> Iterable[ox.Quad]:
    """Return the quads that the shapes check: all but the triples that a claim states about another node."""
    own = (q for q in publication.derived if get_graph(q) in ("", get_value(q.subject).partition("#")[0]))
    return [*publication.inputs.fixed, *publication.stated, *own]


def _list_findings(publication: Publication, rules: Rules, results: Sequence[ValidationResult]) -> list[Finding]:
    """Return the findings of the results, without those that only follow from another result."""
    if not results:
        return []
    from ldnkg.validation.consequences import drop_consequences
    from ldnkg.validation.descriptions import Describer
    from ldnkg.validation.hints import list_hints
    from ldnkg.validation.replaced import drop_replaced, find_replaced

    hints = list_hints(publication.store, publication.inputs.context.short)
    describer = Describer(publication.inputs, rules, hints)
    causes = drop_consequences(results, describer.owners)
    replaced = find_replaced(causes, describer.owners, describer.list_fitting)
    kept = drop_replaced(causes, describer.owners, replaced.values())
    return sorted({describer.describe_result(result, replaced.get(result, "")) for result in kept})


def filter_by_paths(report: Report, paths: Sequence[Path]) -> Report:
    """Return the report with only the findings in these files and folders.

    Return the whole report if no path is given, or if a file could not be read, because then the graph was not checked.
    """
    if not paths or report.publication is None:
        return report
    wanted = [path.resolve() for path in paths]
    kept = [f for f in report.findings if any(f.path.resolve().is_relative_to(path) for path in wanted)]
    return report._replace(findings=kept)
