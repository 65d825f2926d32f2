"""Shortens IRIs by prefixes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Shortener:
    """Turns IRIs into CURIEs by the longest prefix that fits; of two prefixes for one namespace, the first is taken."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = {start: name for name, start in reversed(list(prefixes.items()))}
        self._lengths = sorted({len(start) for start in self._names}, reverse=True)
        self._known: dict[str, str] = {}

    def __call__(self, iri: str) -> str:
        """Return the CURIE of an IRI, or the IRI itself where no prefix fits."""
        if iri not in self._known:
            self._known[iri] = self._found(iri)
        return self._known[iri]

    def _found(self, iri: str) -> str:
        for length in self._lengths:
            if length < len(iri) and (name := self._names.get(iri[:length])):
                return f"{name}:{iri[length:]}"
        return iri
