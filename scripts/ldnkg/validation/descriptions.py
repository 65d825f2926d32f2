"""Turn read errors and validation results into findings: where it is, what is wrong, what is allowed, what to do."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.records.names import get_texts
from ldnkg.records.yaml_reader import get_id
from ldnkg.validation.advice import advise_on_key, advise_on_name
from ldnkg.validation.allowed_values import AllowedValues
from ldnkg.validation.consequences import get_record
from ldnkg.validation.findings import IRI, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.reader import LocatedError, Record
    from ldnkg.records.yaml_reader import Mapping as Node
    from ldnkg.validation.findings import ValidationResult
    from ldnkg.validation.rules import Rules

LISTED = 5  # other places of an error that a message lists


class Describer:
    """Describes findings about the records of one publication; `hints` holds help by the IRIs of rule and record."""

    def __init__(self, inputs: LoadedRecords, rules: Rules, hints: Mapping[tuple[str, str], str] | None = None) -> None:
        self._context, self._rules, self._hints = inputs.context, rules, hints or {}
        self._allowed = AllowedValues(inputs, rules)
        self._records = inputs.records

    @cached_property
    def owners(self) -> dict[str, tuple[Record, Node]]:
        """The record and the node in it of each IRI."""
        return {self._context.expand(get_id(node)): (record, node) for record in self._records for node in record.nodes}

    def describe_error(self, error: LocatedError) -> Finding:
        """Return the finding of an error that was found while a file was read."""
        fault, rule = error.fault, f"reading-{error.fault.rule}"
        sentence = self._rules.of_reading[rule].replace("{value}", fault.value).replace("{key}", fault.key)
        return Finding(
            error.path, fault.line, error.node, rule, _join(sentence, self._advise(error), _list_also(error))
        )

    def _advise(self, error: LocatedError) -> str:
        """Return what is allowed if a key or a name is unknown, or a type is missing."""
        fault = error.fault
        _, node = self._allowed.nodes.get(error.node, (None, {}))
        if fault.rule == "key-unknown":
            return advise_on_key(self._allowed, node, fault.key)
        if fault.rule == "type-missing":
            return advise_on_name(self._allowed, node, "type", "")
        return advise_on_name(self._allowed, node, fault.key, fault.value) if fault.rule.startswith("name-") else ""

    def list_fitting(self, result: ValidationResult) -> set[str]:
        """Return the IRI of each name that fits the key of the result in the record that it concerns."""
        _, node = self.owners.get(get_record(result, self.owners), (None, {}))
        names = self._allowed.list_names(node, self._context.short(result.path)) if result.path else []
        return {self._context.expand(name) for name in names}

    def describe_result(self, result: ValidationResult, replaced: str = "") -> Finding:
        """Return the finding of a result, in the record that it concerns, with the entity that a value has replaced."""
        about = get_record(result, self.owners)
        name, key, rule = self._context.curie(about), self._context.short(result.path), result.rule.partition("#")[2]
        message = IRI.sub(lambda found: self._context.short(found[1]), result.message)
        if about not in self.owners:
            return Finding(Path(result.node), 1, name, rule, message)
        record, node = self.owners[about]
        value = self._find_value(result, about, node, key)
        line = record.lines.find(get_id(node), key, value)
        local = about == result.node
        found = self._describe_value(node, key, value, local=local) if result.path else ""
        unused = f"Unused: `{self._context.short(replaced)}`." if replaced else ""
        hint = self._hints.get((result.rule, about), "")
        return Finding(record.path, line, name, rule, _join(message, found, hint, unused))

    def _find_value(self, result: ValidationResult, about: str, node: Node, key: str) -> str:
        """Return the value that the result concerns, as the record writes it, or nothing if it concerns several."""
        if about == result.node:
            return self._context.short(result.value) if result.path else ""
        texts = get_texts(node.get(key, ""))
        return texts[0] if len(texts) == 1 else ""

    def _describe_value(self, node: Node, key: str, value: str, *, local: bool) -> str:
        """Return the value that was found, and what is allowed if its kind or (with `local`) its key is wrong."""
        if not value.strip():
            return advise_on_name(self._allowed, node, key, "") if key not in node else ""
        keys, needed = self._allowed.list_keys(node), self._allowed.get_needed_kinds(node, key)
        if local and keys and key not in keys:
            return _join(f"Found: `{key}: {value}`.", advise_on_key(self._allowed, node, key))
        if not needed or needed <= self._allowed.kinds.get(value, set()):
            return f"Found: `{key}: {value}`."
        given = ", ".join(self._list_types(value))
        kind = f", a record of type {given}" if given else ""
        what = f"Found: `{key}: {value}`{kind}. Needed: {' and '.join(sorted(needed))}."
        return _join(what, advise_on_name(self._allowed, node, key, value))

    def _list_types(self, name: str) -> list[str]:
        _, node = self.owners.get(self._context.expand(name), (None, {}))
        return get_texts(node.get("type", []))


def _list_also(error: LocatedError) -> str:
    also = error.fault.also
    more = f" and {len(also) - LISTED} more" if len(also) > LISTED else ""
    return f"Also used at {', '.join(also[:LISTED])}{more}." if also else ""


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
