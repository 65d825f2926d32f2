"""Run an Oxigraph server on loopback with given data."""

from __future__ import annotations

import http.client
from contextlib import contextmanager
from typing import TYPE_CHECKING

from support.programs import serving
from support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
TYPES = {".ttl": "text/turtle", ".trig": "application/trig"}


@contextmanager
def holding(data: bytes, kind: str, folder: Path) -> Iterator[str]:
    """Serve the data on loopback from memory, and yield the server's host and port."""
    place = f"127.0.0.1:{free_port()}"
    with serving(f"oxigraph serve --bind {place}", folder):
        sent(place, "PUT", "/store" + ("?default" if kind == TYPES[".ttl"] else ""), data, {"Content-Type": kind})
        yield place


def sent(place: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> str:
    connection = http.client.HTTPConnection(place, timeout=60)
    connection.request(method, path, body, headers)
    with connection.getresponse() as answer:
        text = answer.read().decode("utf-8")
    connection.close()
    assert answer.status < 300, text
    return text
