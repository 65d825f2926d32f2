"""Shortens IRIs by prefixes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the CURIE of an IRI by the longest fitting prefix, or the IRI itself where none fits."""
    fits = [(len(start), name) for name, start in prefixes.items() if iri.startswith(start) and iri != start]
    if not fits:
        return iri
    length, name = max(fits)
    return f"{name}:{iri[length:]}"
