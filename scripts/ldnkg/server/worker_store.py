"""Holds the graph of a process that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is in the environment of a process that answers for long: memory in large pages, where glibc and Linux have them.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def filled(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store in memory that holds the quads.

    It chains the quads of a predicate, and keeps each where there was room when it came: so they come by predicate,
    and what a question reads in turn lies in turn.
    """
    store = ox.Store()
    store.bulk_extend(sorted(quads, key=_place))
    return store


def _place(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.predicate), str(quad.subject)
