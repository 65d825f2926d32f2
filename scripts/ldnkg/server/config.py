"""What is served, and within which limits."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

RESOURCES = Path(__file__).with_name("resources")


ROUTES = ("sparql", "graphs", "health", "metrics")


class Limits(NamedTuple):
    """What a request may take: seconds, bytes of the query, of the answer and of memory, queries at once, and waiting.

    `memory` is that of one process that answers; there is one for each query at once.
    """

    seconds: float = 10.0
    query: int = 100_000
    answer: int = 20_000_000
    memory: int = 1_000_000_000
    at_once: int = 2
    waiting: int = 32


class Site(NamedTuple):
    """What is served: the folder of the built files, that of what serving takes, the limits, and the public address."""

    files: Path
    limits: Limits
    address: str = ""
    folder: Path = RESOURCES
