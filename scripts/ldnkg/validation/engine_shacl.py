"""Run the rules with `shacl`, a fast and optional engine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import shacl

from ldnkg.errors import LdnkgError
from ldnkg.validation.findings import ValidationResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldnkg.validation.rules import Rules


def run(data: Sequence[ox.Quad], rules: Rules) -> list[ValidationResult]:
    """Return the results, sorted; nothing is inferred and nothing is fetched."""
    text = ox.serialize((quad.triple for quad in data), format=ox.RdfFormat.N_TRIPLES) or b""
    try:
        report = _compile(rules.text).validate_text(text.decode(), format="ntriples")
    except ValueError as error:
        raise LdnkgError(f"The shapes cannot be run: {error}") from error
    return sorted(_result(found) for found in report.results)


@lru_cache(maxsize=1)
def _compile(shapes: str) -> shacl.Shapes:
    return shacl.Shapes.from_text(shapes)


def _result(found: shacl.Result) -> ValidationResult:
    path = found.path or ""
    simple = _plain(path) if path.startswith("<") else ""
    value, message = found.value or "", found.message or ""
    is_node, typed = value.startswith("<"), value.rpartition('"')[2]
    plain = found.value_plain or ""
    rule, node = _plain(found.root_shape), _plain(found.focus_node)
    return ValidationResult(rule, node, simple, plain, message, is_node, "" if is_node else typed)


def _plain(term: str | None) -> str:
    return (term or "").removeprefix("<").removesuffix(">")
