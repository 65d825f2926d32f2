"""Say in words what a source states, what our claims state, and how the two differ and were compared."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.files import read_json
from ldnkg.merge.places import name_record
from ldnkg.merge.reference import RESOURCES
from ldnkg.merge.relation_table import read_relation_labels
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ldnkg.merge.claim_index import Claim
    from ldnkg.merge.conflicts import Conflict
    from ldnkg.merge.joins import Join
    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.places import SourceLabels
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.statements import Statement

LONGEST = 200  # characters of a label in a sentence
_WORD = re.compile(r"[a-z]+(?:[A-Z_][a-z]*)*")
_CHANGE = {
    (True, True): "{direction} {aspect} of the {end}",
    (True, False): "{end} {direction}",
    (False, True): "{aspect} of the {end}",
}


def read_texts() -> Mapping[str, Any]:
    """Return the headings and sentences of the report."""
    found: Mapping[str, Any] = read_json(RESOURCES / "report.json")
    return found


class Wording:
    """Names entities and relations by their labels and CURIEs, and says statements in words."""

    def __init__(self, result: MergeResult, reference: ReferenceIndex, labels: SourceLabels) -> None:
        self._graphs, self._labels, self._texts = result.graphs, labels.first, read_texts()
        self._reference, self._resolver = reference, reference.resolver
        self.canonicalise = reference.resolver.canonicalise
        self._replaced = {found.replacement: self._resolver.canonicalise(found.iri) for found in result.quarantined}
        self._bases = {source.name: source.iri for source in result.sources}

    def format(self, iri: str) -> str:
        """Return the name of one of our terms, else the CURIE, else the IRI."""
        if iri in self._replaced:
            return f"{self._resolver.shorten(self._replaced[iri])} (quarantined)"
        if iri.startswith("http"):
            return self._reference.graph.format_term(ox.NamedNode(iri))
        return self._resolver.shorten(iri)

    def format_value(self, value: str) -> str:
        """Return a value of a comparison, which may be an IRI."""
        return self.format(value) if ":" in value else value

    def name_our(self, iri: str) -> str:
        """Return the label and the CURIE of one of our entities."""
        return _join_label(self._find_our_label(iri), self.format(iri))

    def name(self, iri: str, source: str, graph: str = "") -> str:
        """Return the label that the named graph, or else the source, gives an entity, and its CURIE or local name."""
        label = self._labels.get((graph, iri)) or self._labels.get((source, iri)) or self._find_our_label(iri)
        local = name_record(iri, self._bases.get(source, " ")) if iri not in self._replaced else ""
        return _join_label(label, local or self.format(iri).replace(" (quarantined)", ", refused"))

    def say_relation(self, iri: str) -> str:
        """Return a relation in words, such as `decreases activity of`."""
        if iri in self._relations:
            return self._relations[iri]
        curie = self.format(iri)
        name = curie.rpartition(":")[2] if "//" not in curie else ""
        return _split_words(name) if _WORD.fullmatch(name) else curie

    def say_statement(self, statement: Statement) -> str:
        """Return the statement with the labels of its source, what it changes, and its level."""
        source = self._graphs[statement.graph]
        subject, object_ = (self.name(end, source, statement.graph) for end in (statement.subject, statement.object))
        said = f"{subject} {self.say_relation(statement.predicate)} {object_}"
        details = [*_list_changes(statement.qualifiers), *(["negated"] if statement.negated else [])]
        return f"{said}: {'; '.join(details)}" if details else said

    def say_level(self, value: str) -> str:
        """Return a certainty or a knowledge level in words."""
        return str(self._texts["levels"].get(value, self.format_value(value).replace("_", " ")))

    def say_claim(self, claim: Claim) -> str:
        """Return the label of one of our claims, its certainty and the sentences of the article."""
        label, numbers = self._claims.get(claim.claim, ("", []))
        listed = " and ".join(map(str, sorted(set(numbers))))
        sentences = f"sentence{'s' * (len(numbers) > 1)} {listed}" if numbers else ""
        details = ", ".join(filter(None, [self.format(claim.certainty), sentences, self.format(claim.claim)]))
        return f"{label} ({details})"

    def say_difference(self, conflict: Conflict) -> str:
        """Return in what the statement and the claim of a conflict differ."""
        ours, source = (self._say_value(conflict.kind, value) for value in (conflict.our_value, conflict.source_value))
        return self.say_values(conflict.kind, ours, source)

    def say_values(self, kind: str, ours: str, source: str) -> str:
        """Return in what two values differ."""
        return str(self._texts["kinds"][kind]["difference"]).format(ours=ours, source=source)

    def say_join(self, join: Join, iri: str) -> str:
        """Return how an identifier was joined, such as `our mapping`."""
        if join.match == "same" and iri != join.entity:
            return "the same identifier in another notation"
        return str(self._texts["joins"][join.match]).format(by=self._say_link(join), entity=self.name_our(join.entity))

    def say_compared(self, join: Join) -> str:
        """Return as which of our entities an end of a statement was compared, and by which link."""
        said = self.say_join(join, join.entity)
        entity = self.name_our(join.entity)
        return said if entity in said else f"{entity} by {said}"

    def _say_link(self, join: Join) -> str:
        """Return the link of the source, with the relation as a CURIE, or the identifier."""
        return " ".join(map(self.format, join.by.split(" ")))

    def _say_value(self, kind: str, value: str) -> str:
        if kind == "certainty":
            return self.say_level(value)
        if kind == "polarity":
            return str(self._texts["changes"][f"{int(value)}"])
        return self.name_our(value) if kind in {"dose", "direction"} else self.say_relation(value)

    def _find_our_label(self, iri: str) -> str:
        if iri in self._replaced:
            return ""
        return next(iter(self._reference.entities.find_labels(iri).values()), "")

    @cached_property
    def _claims(self) -> dict[str, tuple[str, list[int]]]:
        found: dict[str, tuple[str, list[int]]] = {}
        for row in select_rows(self._reference.graph.store, RESOURCES / "claim_texts.rq", ("claim", "label", "number")):
            label, number = get_value(row["label"]), int(get_value(row["number"]))
            found.setdefault(get_value(row["claim"]), (label, []))[1].append(number)
        return found

    @cached_property
    def _relations(self) -> dict[str, str]:
        return read_relation_labels(RESOURCES, self._resolver)


def _join_label(label: str, curie: str) -> str:
    """Return a label and a CURIE in one text.

    >>> _join_label("naltrexone", "CHEBI:7465"), _join_label("", "CHEBI:7465")
    ('naltrexone (CHEBI:7465)', 'CHEBI:7465')
    """
    short = label if len(label) <= LONGEST else f"{label[:LONGEST]}…"
    return f"{short} ({curie})" if label and label != curie else curie


def _split_words(name: str) -> str:
    """Return the words of the local name of a relation.

    >>> _split_words("decreases_activity_of"), _split_words("studiedIn")
    ('decreases activity of', 'studied in')
    """
    return re.sub(r"(?=[A-Z])", " ", name.replace("_", " ")).lower()


def _list_changes(qualifiers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield what changes at each end of a statement, and the mechanism.

    >>> list(_list_changes([("object_direction", "increased"), ("object_aspect", "expression")]))
    ['increased expression of the object']
    """
    values: dict[str, list[str]] = {}
    for name, value in qualifiers:
        values.setdefault(name, []).append(value.replace("_", " "))
    texts = {name: " or ".join(listed) for name, listed in values.items()}
    for end in ("subject", "object"):
        direction, aspect = (texts.get(f"{end}_{name}", "") for name in ("direction", "aspect"))
        if direction or aspect:
            yield _CHANGE[bool(direction), bool(aspect)].format(direction=direction, aspect=aspect, end=end)
    if "mechanism" in texts:
        yield f"mechanism: {texts['mechanism']}"
