"""Read each format as a user would, with one module per format, so that tests can compare it with the records."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ldnkg.exports.rdf.writer import ENDINGS


def find_reader(name: str) -> Any:  # noqa: ANN401
    """Return the module that reads a format; one module reads every format of RDF 1.1."""
    return import_module(f"support.readers.{'rdf' if name in ENDINGS else name.replace('-', '_')}")
