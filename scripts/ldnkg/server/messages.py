"""Define the messages, answers and errors that the server and its worker processes exchange.

A message is a JSON object and bytes, each preceded by its length.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

LENGTH_BYTES = 8


class HttpError(Exception):
    """A refused request: the HTTP status, and a sentence that says what is wrong and what to do.

    `retry_after` is the time in seconds after which the client may repeat the request, or 0. `links` has the paths that
    the client may have meant, each with its label or an empty string.
    """

    def __init__(self, status: int, sentence: str, retry_after: int = 0, links: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(sentence)
        self.status, self.retry_after, self.links = status, retry_after, links


class WorkerAnswer(NamedTuple):
    """The answer of a worker process: the HTTP status, the media type and the content.

    `volatile` says that the query calls a function whose value differs each time.
    """

    status: int
    media_type: str
    content: bytes
    volatile: bool = False


def pack_message(head: dict[str, Any], content: bytes = b"") -> bytes:
    """Return a message as bytes."""
    text = json.dumps(head).encode()
    return len(text).to_bytes(LENGTH_BYTES) + len(content).to_bytes(LENGTH_BYTES) + text + content


def pack_answer(answer: WorkerAnswer) -> bytes:
    """Return an answer as the bytes of a message."""
    head = answer._asdict()
    return pack_message(head, head.pop("content"))


async def receive_answer(stream: StreamReader) -> WorkerAnswer:
    """Return the next answer; raise IncompleteReadError if the worker process ends before the answer is complete."""
    lengths = await stream.readexactly(2 * LENGTH_BYTES)
    head = json.loads(await stream.readexactly(int.from_bytes(lengths[:LENGTH_BYTES])))
    return WorkerAnswer(**head, content=await stream.readexactly(int.from_bytes(lengths[LENGTH_BYTES:])))


def read_message(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Return the JSON object and the bytes of the next message, or None at the end of the stream."""
    lengths = stream.read(2 * LENGTH_BYTES)
    if len(lengths) < 2 * LENGTH_BYTES:
        return None
    head: dict[str, Any] = json.loads(stream.read(int.from_bytes(lengths[:LENGTH_BYTES])))
    return head, stream.read(int.from_bytes(lengths[LENGTH_BYTES:]))


def pack_files(files: Mapping[str, bytes]) -> tuple[list[tuple[str, int]], bytes]:
    """Return the name and the size of each file, and the contents one after the other.

    >>> pack_files({"a": b"12", "b": b"3"})
    ([('a', 2), ('b', 1)], b'123')
    """
    return [(name, len(content)) for name, content in files.items()], b"".join(files.values())


def unpack_files(sizes: Iterable[tuple[str, int]], content: bytes) -> dict[str, bytes]:
    """Return the files from what `pack_files` returned.

    >>> unpack_files([("a", 2), ("b", 1)], b"123")
    {'a': b'12', 'b': b'3'}
    """
    stream = BytesIO(content)
    return {name: stream.read(size) for name, size in sizes}
