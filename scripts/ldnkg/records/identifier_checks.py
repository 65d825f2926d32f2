"""Compare every external identifier with the evidence for it: pattern, label, match, and refused identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.records.reader import LocatedError
from ldnkg.records.yaml_reader import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ldnkg.records.identifier_evidence import IdentifierEvidence
    from ldnkg.records.reader import Record
    from ldnkg.records.sssom import Mappings
    from ldnkg.records.tsv_reader import Row

NAMED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
WEAKER = {
    "exact": {"exact", "close", "broad", "narrow", "related"},
    "close": {"close", "broad", "narrow", "related"},
    "broad": {"broad", "related"},
    "narrow": {"narrow", "related"},
    "related": {"related"},
}


class IdentifierUse(NamedTuple):
    """One use of an identifier: its place, its entity, its label and where that was seen, and the kind of match."""

    path: Path
    line: int
    node: str
    entity: str
    kind: str
    curie: str
    label: str
    seen_in: str
    match: str
    justification: str = ""
    version: str = ""


def collect_uses(
    records: Sequence[Record], terms: Sequence[Record], mappings: Mappings
) -> tuple[list[IdentifierUse], list[LocatedError]]:
    """Return every use of an external identifier, and the errors of mappings with a wrong subject or predicate."""
    found = [_convert_term(term) for term in terms]
    named = {term.id: (term.slug, _get_kind(term), str(term.value["sourceLabel"])) for term in terms}
    named |= {record.id: (record.id, _get_kind(record), str(record.value.get("label"))) for record in records}
    faults = []
    for row in mappings.table.rows:
        use = _convert_mapping(row, named)
        if isinstance(use, IdentifierUse):
            found.append(use)
        else:
            faults.append(use)
    return found, faults


def _get_kind(record: Record) -> str:
    kinds = record.value.get("type", "")
    return str(kinds[-1]) if isinstance(kinds, list) else str(kinds)


def _convert_term(term: Record) -> IdentifierUse:
    label, seen_in = str(term.value["sourceLabel"]), str(term.value["seenIn"])
    line = term.lines.find(term.id)
    return IdentifierUse(term.path, line, term.id, term.slug, _get_kind(term), term.id, label, seen_in, "exact")


def _convert_mapping(row: Row, named: Mapping[str, tuple[str, str, str]]) -> IdentifierUse | LocatedError:
    subject, predicate = row.cells["subject_id"], row.cells["predicate_id"]
    match = predicate.removeprefix("skos:").removesuffix("Match")
    if subject not in named:
        return LocatedError(row.path, ReadError("mapping-subject-unknown", row.line, subject), subject)
    entity, kind, label = named[subject]
    if label != row.cells["subject_label"]:
        return LocatedError(row.path, ReadError("mapping-subject-label-wrong", row.line, label), subject)
    if match not in WEAKER or predicate == match:
        return LocatedError(row.path, ReadError("mapping-predicate-unknown", row.line, predicate), subject)
    curie, label, seen_in = (row.cells[column] for column in ("object_id", "object_label", "comment"))
    judged = row.cells["mapping_justification"], row.cells["object_source_version"]
    return IdentifierUse(row.path, row.line, subject, entity, kind, curie, label, seen_in, match, *judged)


def check_identifiers(
    uses: Sequence[IdentifierUse],
    found: Sequence[LocatedError],
    mappings: Mappings,
    prefixes: Mapping[str, str],
    proof: IdentifierEvidence,
) -> list[LocatedError]:
    """Return the errors in `found`, at most one error for each use of an identifier, and the errors of the tables.

    Unused evidence is reported only if there is no other error, because a wrong identifier leaves its evidence unused.
    """
    faults = [(use, _check_use(use, proof)) for use in uses]
    found = [*found, *(LocatedError(use.path, fault, use.node) for use, fault in faults if fault)]
    found += [
        *_check_shared(uses),
        *_check_repeated(mappings),
        *_check_prefixes(mappings, prefixes),
        *_check_evidence(proof),
    ]
    return found or list(_check_unused(uses, proof))


def _check_use(use: IdentifierUse, proof: IdentifierEvidence) -> ReadError | None:
    prefix, _, rest = use.curie.partition(":")
    refused = proof.refused.get(("", use.curie)) or proof.refused.get((use.entity, use.curie))
    if prefix not in proof.patterns:
        return ReadError("identifier-prefix-unknown", use.line, prefix)
    if not proof.patterns[prefix].fullmatch(rest):
        return ReadError("identifier-malformed", use.line, use.curie)
    if refused and (not refused.cells["entity"] or use.match == "exact"):
        return ReadError("identifier-refused", use.line, _format_refusal(refused))
    return _compare_with_evidence(use, proof.seen.get((use.entity, use.curie), []))


def _format_refusal(refused: Row) -> str:
    cells = refused.cells
    return f"{cells['curie']} ({cells['label']}) {cells['reason']}; {cells['instead'] or 'remove it'}"


def _compare_with_evidence(use: IdentifierUse, seen: Sequence[Row]) -> ReadError | None:
    """Return the error of a use that differs from the evidence."""
    if not seen:
        return ReadError("identifier-unseen", use.line, f"{use.curie} for {use.entity}")
    like = [row.cells for row in seen if row.cells["label"] == use.label]
    if not like:
        return ReadError("identifier-label-not-as-seen", use.line, seen[0].cells["label"])
    if use.seen_in not in {cells["seen_in"] for cells in like}:
        return ReadError("identifier-seen-elsewhere", use.line, like[0]["seen_in"])
    if not any(use.match in WEAKER.get(row.cells["match"], set()) for row in seen):
        return ReadError("identifier-surer-than-seen", use.line, seen[0].cells["match"])
    return _compare_with_judgement(use, [cells for cells in like if cells["seen_in"] == use.seen_in])


def _compare_with_judgement(use: IdentifierUse, judged: Sequence[Mapping[str, str]]) -> ReadError | None:
    """Return the error of a use that differs from how the evidence was judged."""
    alike = [cells for cells in judged if cells["used_as"] == use.match]
    if not alike:
        return ReadError("identifier-used-otherwise", use.line, judged[0]["used_as"] or "nothing")
    if use.justification not in {cells["justification"] for cells in alike}:
        return ReadError("mapping-justified-otherwise", use.line, alike[0]["justification"] or "nothing")
    if use.version not in {cells["version"] for cells in alike}:
        return ReadError("mapping-of-another-version", use.line, alike[0]["version"] or "none")
    return None


def _check_shared(uses: Sequence[IdentifierUse]) -> Iterator[LocatedError]:
    """Yield the later of two uses of an identifier as an exact match of two entities, or for entities of two kinds."""
    first: dict[str, IdentifierUse] = {}
    for use in sorted(uses, key=lambda use: use.match != "exact"):
        other = first.setdefault(use.curie, use)
        if other.entity == use.entity or use.match in {"broad", "related"}:
            continue
        exact = other.match == use.match == "exact"
        if exact or other.kind != use.kind:
            rule = "identifier-shared" if exact else "identifier-across-kinds"
            yield LocatedError(use.path, ReadError(rule, use.line, f"{use.curie} and {other.entity}"), use.node)


def _check_prefixes(mappings: Mappings, prefixes: Mapping[str, str]) -> Iterator[LocatedError]:
    """Yield each prefix of the mappings whose IRI in the head differs from the context, or is missing."""
    table = mappings.table
    used = {row.cells[column].partition(":")[0] for row in table.rows for column in NAMED}
    for prefix, iri in prefixes.items():
        if mappings.prefixes.get(prefix, "" if prefix in used else iri) != iri:
            yield LocatedError(table.path, ReadError("mappings-head-not-of-context", 1, f"{prefix}: {iri}"))


def _check_repeated(mappings: Mappings) -> Iterator[LocatedError]:
    first: set[tuple[str, str]] = set()
    for row in mappings.table.rows:
        pair = row.cells["subject_id"], row.cells["object_id"]
        if pair in first:
            yield LocatedError(row.path, ReadError("mapping-repeated", row.line, " and ".join(pair)), pair[0])
        first.add(pair)


def _check_evidence(proof: IdentifierEvidence) -> Iterator[LocatedError]:
    for row in proof.tables["evidence"].rows:
        if row.cells["match"] not in WEAKER:
            yield LocatedError(
                row.path, ReadError("evidence-match-unknown", row.line, row.cells["match"]), row.cells["curie"]
            )
        elif not row.cells["seen_in"].strip():
            yield LocatedError(row.path, ReadError("evidence-seen-in-blank", row.line), row.cells["curie"])


def _check_unused(uses: Sequence[IdentifierUse], proof: IdentifierEvidence) -> Iterator[LocatedError]:
    used = {(use.entity, use.curie) for use in uses}
    for row in proof.tables["evidence"].rows:
        name = row.cells["entity"], row.cells["curie"]
        if name not in used:
            yield LocatedError(row.path, ReadError("evidence-unused", row.line, " and ".join(name)), row.cells["curie"])
