"""Configure the server: the files to serve, the public URL and the limits of a query.

This module imports no other module of the server, so that the command, the server and the workers can share it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

RESOURCES = Path(__file__).with_name("resources")
RECORDS = "ldn-kg.trig"
DESCRIPTIONS = ("queries.ttl", "void.ttl")
# The Turtle files beside the graph; the server converts each to the other formats of RDF.
DOCUMENTS = ("ontology.ttl", "shapes.ttl", *DESCRIPTIONS, "alignments/*.ttl")
ROUTES = ("sparql", "graphs", "health", "metrics")


class Limits(NamedTuple):
    """The limits of a query.

    `seconds` limits its duration; `query`, `answer` and `memory` are in bytes, and `memory` applies to each worker
    process. `at_once` is the number of worker processes, and `waiting` the number of queries that may wait for one.
    """

    seconds: float = 10.0
    query: int = 100_000
    answer: int = 20_000_000
    memory: int = 1_000_000_000
    at_once: int = 2
    waiting: int = 32


class ServerConfig(NamedTuple):
    """The configuration of a server.

    `files` is the folder of the built files, `get_media_type` returns the media type of a file by its name, and
    `address` is the public URL if it differs from the URL of the request.
    """

    files: Path
    limits: Limits
    get_media_type: Callable[[str], str]
    address: str = ""


def find_documents(names: Iterable[str]) -> list[str]:
    """Return the names of the Turtle files beside the graph."""
    return sorted(name for name in names if any(fnmatchcase(name, pattern) for pattern in DOCUMENTS))
