"""Verify the trusty URI of a nanopublication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.exports.nanopubs.trusty_uris import compute_artifact_code, find_artifact_code, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable


class Changed(Exception):
    """The content does not match the trusty URI, or is not covered by it."""


def verified(quads: Iterable[ox.Quad]) -> str:
    """Return the artifact code in the graph names; raise Changed if it is not the code of their content."""
    listed = list(quads)
    if any(isinstance(term, ox.BlankNode) for quad in listed for term in quad.triple):
        raise Changed("a blank node")
    own = find_artifact_code(listed)
    if (found := compute_artifact_code(normalise(listed, own))) != own:
        raise Changed(f"{own} is {found} now")
    return own
