"""Judge mutants of the data: the checks, the article's text or the answers written by hand may find a mutant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.publication.graph import build_publication, convert_records
from ldnkg.rdf.sparql import select_rows
from ldnkg.records.loader import check_records, read_sources
from ldnkg.source_text.ledger import read_ledgers
from ldnkg.source_text.verify import verify
from ldnkg.validation.check import select_checked_quads
from ldnkg.validation.engines import load_engine
from ldnkg.validation.rules import Rules
from mutation.mutant import SURVIVED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from ldnkg.paths import Home
    from ldnkg.publication.graph import Publication
    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.loader import LoadedRecords, SourceFiles
    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping
    from mutation.data_mutants import DataMutant

FROZEN = Path(__file__).with_name("frozen.rq")
TEXT = "verify-source"
ANSWERS = "the answers written by hand"


@dataclass(frozen=True)
class Judge:
    """The unchanged publication and, if available, the text of its article."""

    home: Home
    text: bytes | None = field(repr=False)

    @cached_property
    def parts(self) -> SourceFiles:
        """The unchanged source files."""
        return read_sources(self.home)

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.home.shapes)

    @cached_property
    def _frozen(self) -> set[str]:
        return frozen(build_publication(self.home, self._inputs))

    def verdict(self, mutant: DataMutant) -> Verdict:
        """Return the verdict on a mutant."""
        return Verdict(mutant.place, mutant.change, self._found_by(mutant.parts))

    def _found_by(self, parts: SourceFiles) -> str:
        inputs = check_records(parts)
        if inputs.faults:
            return f"reading-{inputs.faults[0].fault.rule}"
        try:
            publication = build_publication(self.home, inputs, self._convert)
        except (LdnkgError, SyntaxError) as error:
            return f"an error: {str(error)[:60]}"
        results = load_engine("shacl")(list(select_checked_quads(publication)), self._rules)
        if results:
            return min(result.rule.partition("#")[2] for result in results)
        if self.text is not None and any(verify(self.text, ledger) for ledger in read_ledgers(parts.records)):
            return TEXT
        return ANSWERS if frozen(publication) != self._frozen else SURVIVED

    def _convert(self, records: Iterable[Record], context: Context) -> Iterable[ox.Quad]:
        """Convert the records of a mutant; quads of records that did not change are reused."""
        if context.entries != self._inputs.context.entries:
            return convert_records(records, context)
        quads: list[ox.Quad] = []
        changed: list[Record] = []
        for record in records:
            value, converted = self._converted.get(record.id, (None, []))
            if value == record.value:
                quads += converted
            else:
                changed.append(record)
        return [*quads, *convert_records(changed, context)]

    @cached_property
    def _inputs(self) -> LoadedRecords:
        return check_records(self.parts)

    @cached_property
    def _converted(self) -> dict[str, tuple[Mapping, list[ox.Quad]]]:
        """The value and the quads of each record of the unchanged publication, by id."""
        records, context = self._inputs.records, self._inputs.context
        return {record.id: (record.value, list(convert_records([record], context))) for record in records}

    def verdicts(self, mutants: Iterable[DataMutant]) -> list[Verdict]:
        """Return the verdict on each mutant."""
        return [self.verdict(mutant) for mutant in mutants]


def frozen(publication: Publication) -> set[str]:
    """Return the facts of the publication that the answers written by hand fix."""
    return {str(row) for row in select_rows(publication.store, FROZEN, ("about", "key", "value"))}
