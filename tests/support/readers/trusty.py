"""Holds the name of a nanopublication against what it says, as whoever fetched it would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.exports.nanopubs.trusty_uris import compute_artifact_code, find_artifact_code, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable


class Changed(Exception):
    """What a name does not cover, or no longer."""


def verified(quads: Iterable[ox.Quad]) -> str:
    """The code that the names of the graphs bear; raise Changed where it is not that of what they hold."""
    held = list(quads)
    if any(isinstance(term, ox.BlankNode) for quad in held for term in quad.triple):
        raise Changed("a blank node")
    own = find_artifact_code(held)
    if (found := compute_artifact_code(normalise(held, own))) != own:
        raise Changed(f"{own} is {found} now")
    return own
