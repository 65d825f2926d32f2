"""Configure the server: the files to serve, the public URL and the limits of a request.

This module imports nothing of the server, so that the command, the server and its worker processes can share it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

RESOURCES = Path(__file__).with_name("resources")
RECORDS = "ldn-kg.trig"
DESCRIPTIONS = ("queries.ttl", "void.ttl")
ROUTES = ("sparql", "graphs", "health", "metrics")


class Limits(NamedTuple):
    """What a request may use.

    `seconds` limits the duration of a query; `query`, `answer` and `memory` are in bytes, `memory` for each worker
    process. `at_once` is the number of worker processes, and `waiting` the number of queries that may wait for one.
    """

    seconds: float = 10.0
    query: int = 100_000
    answer: int = 20_000_000
    memory: int = 1_000_000_000
    at_once: int = 2
    waiting: int = 32


class ServerConfig(NamedTuple):
    """What to serve: the folder of the built files, the limits, and the public URL if it is not that of the request."""

    files: Path
    limits: Limits
    address: str = ""
