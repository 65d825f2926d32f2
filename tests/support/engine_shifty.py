"""Run the rules in pyshifty, a third engine that only the tests use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import shifty

from ldnkg.validation.engine_pyshacl import results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldnkg.validation.findings import ValidationResult
    from ldnkg.validation.rules import Rules


def run(data: Sequence[ox.Quad], rules: Rules) -> list[ValidationResult]:
    """Return the sorted results."""
    text = ox.serialize((quad.triple for quad in data), format=ox.RdfFormat.N_TRIPLES) or b""
    _, report, _ = shifty.validate(text, rules.text.encode(), graph_mode="data")
    return results(report)
