"""Sends messages between processes: JSON and bytes, each with its length before it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import StreamReader
    from typing import BinaryIO

SIZE = 8


def packed(head: dict[str, Any], content: bytes = b"") -> bytes:
    """Return a message as it is sent."""
    said = json.dumps(head).encode()
    return len(said).to_bytes(SIZE) + len(content).to_bytes(SIZE) + said + content


async def received(stream: StreamReader) -> tuple[dict[str, Any], bytes]:
    """Wait for a message; raise IncompleteReadError where the other side has ended."""
    sizes = await stream.readexactly(2 * SIZE)
    head = await stream.readexactly(int.from_bytes(sizes[:SIZE]))
    return json.loads(head), await stream.readexactly(int.from_bytes(sizes[SIZE:]))


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """Return the head of the next message, or nothing where there comes no more."""
    sizes = stream.read(2 * SIZE)
    if len(sizes) < 2 * SIZE:
        return None
    head = stream.read(int.from_bytes(sizes[:SIZE]))
    stream.read(int.from_bytes(sizes[SIZE:]))
    found: dict[str, Any] = json.loads(head)
    return found
