"""Judge mutants of the rules: a mutant is found if it and its rule give different results for some example."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

import shacl

from mutation.mutant import SURVIVED, Verdict
from mutation.rule_mutants import Shapes, mutants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdflib import URIRef

Hits: TypeAlias = "set[tuple[str, str]]"
BROKEN = "an engine that cannot read it"


@dataclass(frozen=True)
class RuleJudge:
    """The rules, and the graphs of the examples as N-Triples by name, as `graphs` returns them."""

    shapes: Shapes
    graphs: Mapping[str, str] = field(repr=False)

    def verdicts(self, rules: Iterable[URIRef]) -> list[Verdict]:
        """Return the verdict on each mutant of these rules."""
        return [verdict for rule in rules for verdict in self._of_rule(rule)]

    def _of_rule(self, rule: URIRef) -> list[Verdict]:
        compiled = shacl.Shapes.from_text(self.shapes.alone(rule).serialize(format="turtle"))
        expected = cache(partial(self._hits, compiled, rule))
        names = self._nearest_first(rule)
        found = ((mutant, self._found_by(mutant.text, rule, names, expected)) for mutant in mutants(self.shapes, rule))
        return [Verdict(mutant.rule, mutant.change, found_by) for mutant, found_by in found]

    def _nearest_first(self, rule: URIRef) -> list[str]:
        """Return the names of the examples in the order of trial: those of the rule, the good ones, all others."""
        of_rule = str(rule).partition("#")[2]
        return sorted(self.graphs, key=lambda name: (not name.startswith(f"{of_rule} "), " " in name, name))

    def _found_by(self, text: str, rule: URIRef, names: list[str], expected: Callable[[str], Hits]) -> str:
        try:
            compiled = shacl.Shapes.from_text(text)
            return next((name for name in names if self._hits(compiled, rule, name) != expected(name)), SURVIVED)
        except ValueError:
            return BROKEN

    def _hits(self, compiled: shacl.Shapes, rule: URIRef, name: str) -> Hits:
        report = compiled.validate_text(self.graphs[name], format="ntriples")
        of_rule = f"<{rule}>"
        found = (result for result in report.results if of_rule in (result.source_shape, result.root_shape))
        return {(result.focus_node, result.value or "") for result in found}
