"""Confine a worker in this process, send it a message of each kind, and print its answers and what it opened.

`python confined_worker.py FOLDER ADDRESS` prints JSON: the HTTP status of each answer; the files, modules and
sockets that were opened after the confinement; and the errors for opening a file and for SERVICE at the address.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ldnkg.server.content_negotiation import GRAPH_FORMATS, ROW_FORMATS
from ldnkg.server.snapshot import read_snapshot
from ldnkg.server.worker import Worker, confine

if TYPE_CHECKING:
    from collections.abc import Callable

ENTITY = "https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"
DESCRIBE = f"DESCRIBE <{ENTITY}>"
WRONG = (
    "SELECT",
    "CLEAR ALL",
    "SELECT * WHERE { ?s ?p }",
    "SELECT * WHERE { ?s x:p ?o }",
    "SELECT ('a' AS ?x",
    "SELECT (<x:f>(1) AS ?r) {}",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "ASK { ) }",
    "ASK { ?s ?p 'x }",
    "ASK { ?s ?p <x }",
    "ASK { ?s é:p 1 }",
    "ASK { SERVICE <x:y> {} }",
    "ASK { \\u0053ERVICE <x:y> {} }",
    "ASK " + "{" * 5000 + "}" * 5000,
)


def ask(query: str, rows: str = "text/csv", graph: str = "text/turtle") -> dict[str, Any]:
    return {"query": query, "base": "http://127.0.0.1/sparql", "default": [], "named": [], "media_types": [rows, graph]}


MESSAGES = [
    *(ask("SELECT * WHERE { ?s a ?kind } LIMIT 9", rows=media_type) for media_type in ["", *ROW_FORMATS]),
    *(ask(DESCRIBE, graph=media_type) for media_type in ["", *GRAPH_FORMATS]),
    *({"graph": ENTITY, "media_types": ["", media_type]} for media_type in GRAPH_FORMATS),
    {"graph": "x:nowhere", "media_types": ["", "text/turtle"]},
    {"graph": "no IRI", "media_types": ["", "text/turtle"]},
    {"entity": ENTITY, "context": DESCRIBE, "media_types": ["", "text/turtle"]},
    {"service": "CONSTRUCT { <> ?p ?o } WHERE { ?s ?p ?o }", "base": "x:y", "media_types": ["", "text/turtle"]},
    *({"document": "ontology.ttl", "media_types": ["", media_type]} for media_type in GRAPH_FORMATS),
    {"service": "nonsense", "base": "http://a%zz/", "media_types": ["", "text/turtle"]},
    {"document": "nowhere.ttl", "media_types": ["", "text/turtle"]},
    *map(ask, WRONG),
]


def main(folder: str, address: str) -> None:
    worker = Worker(read_snapshot(Path(folder)), 100_000)
    opened: list[list[str]] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"import", "open"} or event.startswith(("socket.", "subprocess.", "os.")):
            opened.append([event, str(arguments[0]) if arguments else ""])

    confine(10**10)
    sys.addaudithook(note)
    statuses = [worker.answer(message).status for message in MESSAGES]
    found = {"statuses": statuses, "opened": list(opened)}
    found["file"] = find_error(lambda: open(__file__))  # noqa: PTH123, SIM115
    found["service"] = find_error(
        lambda: bool(worker.data.store.query(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
    )
    sys.stdout.write(json.dumps(found))


def find_error(work: Callable[[], object]) -> str:
    """The class of the OSError that the work raises, or an empty string."""
    try:
        work()
    except OSError as error:
        return type(error).__name__
    return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
