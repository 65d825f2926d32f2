"""Check the rules about single records when read errors prevent the graph from being built.

So all errors of a file are reported at once. Rules between records are checked only when the records have no errors,
because each missing record would break them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.publication.graph import convert_records
from ldnkg.rdf.terms import get_value
from ldnkg.records.yaml_reader import get_id
from ldnkg.validation.advice import find_closest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyoxigraph as ox

    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping, Value
    from ldnkg.validation.findings import ValidationResult
    from ldnkg.validation.rules import Rules

    Run = Callable[[Sequence[ox.Quad], Rules], list[ValidationResult]]
    Places = set[tuple[str, str]]

IN_PART = (
    "key-unknown",
    "key-repeated",
    "name-",
    "ledger-",
    "file-misnamed",
    "id-reserved",
    "character-",
    "letter-",
    "text-",
)


def check_single_records(inputs: LoadedRecords, rules: Rules, run: Run) -> list[ValidationResult]:
    """Return the results about single records that no read error explains."""
    if any(error.fault.rule.startswith("slug-") for error in inputs.faults):
        return []  # A wrong slug can replace a key of the context.
    records = _select_usable(inputs)
    try:
        quads = [*inputs.fixed, *convert_records(records, inputs.context)]
    except SyntaxError:  # An unknown name need not be an IRI that a parser accepts.
        return []
    expand = inputs.context.expand
    nodes = {expand(get_id(node)) for record in records for node in record.nodes}
    known = nodes | {get_value(quad.subject) for quad in inputs.fixed}
    wrong = _list_wrong_places(inputs)
    return [
        result
        for result in run(quads, rules)
        if result.node in nodes
        and (result.node, inputs.context.short(result.path)) not in wrong
        and (not result.value_is_node or (result.value in known and (result.value, "type") not in wrong))
    ]


def _select_usable(inputs: LoadedRecords) -> list[Record]:
    """Return the records without an error that prevents conversion, and without their unknown keys."""
    broken = {(e.path, e.node) for e in inputs.faults if not e.fault.rule.startswith(IN_PART)}
    paths = {path for path, _ in broken if path.suffix != ".tsv"}
    names = {node for _, node in broken}
    usable = [record for record in inputs.records if record.path not in paths and record.id not in names]
    unknown = {error.fault.key for error in inputs.faults if error.fault.rule == "key-unknown"}
    return [record._replace(value=_drop_keys(record.value, unknown)) for record in usable] if unknown else usable


def _drop_keys(node: Mapping, unknown: set[str]) -> Mapping:
    return {key: _drop_from_value(value, unknown) for key, value in node.items() if key not in unknown}


def _drop_from_value(value: Value, unknown: set[str]) -> Value:
    if isinstance(value, list):
        return [_drop_from_value(part, unknown) for part in value]
    return _drop_keys(value, unknown) if isinstance(value, dict) else value


def _list_wrong_places(inputs: LoadedRecords) -> Places:
    """Return each node and key with a read error, and each known key that an unknown key may stand for."""
    expand, keys = inputs.context.expand, inputs.context.keys
    found = {(expand(error.node), error.fault.key) for error in inputs.faults}
    for error in inputs.faults:
        if error.fault.rule == "key-unknown":
            found |= {(expand(error.node), near) for near in find_closest(error.fault.key, keys)}
    return found
