"""Find the fault of a request that is too large or malformed, before other code parses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Scope

# Granian itself refuses a URL of 65,535 bytes, more than 100 header fields, and requests beyond BUFFER_BYTES.
HEADER_BYTES, PARSED_FIELD_BYTES, PATH_BYTES = 16_384, 2_048, 2_048
BUFFER_BYTES = 98_304
PARSED_FIELDS = {b"accept", b"accept-encoding", b"content-type", b"host"}
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class Fault(NamedTuple):
    """The status and the sentence with which a request is refused."""

    status: int
    sentence: str


_TARGET = Fault(400, "The request target is not the path of a resource. Send a path that starts with a slash.")
_ESCAPES = Fault(400, "The path has a % that is not followed by two hexadecimal digits. Write %25 for the character %.")
_CODING = Fault(400, "The URL is not UTF-8. Send it in percent-encoded UTF-8.")
_CONTROLS = Fault(404, "The path does not exist, because it has a control character. Remove it.")
_PATH = Fault(404, f"The path does not exist, because it is longer than {PATH_BYTES:,} bytes. Shorten it.")
_HEADERS = Fault(431, f"The header fields have more than {HEADER_BYTES:,} bytes. Send fewer or shorter fields.")


def find_fault(scope: Scope) -> Fault | None:
    """Return the fault of the headers or the path of a request, or None if they have none.

    >>> find_fault({"raw_path": b"*", "headers": []}).status
    400
    """
    target = b"" if scope.get("method") == "CONNECT" else scope.get("raw_path", b"/")
    return _check_headers(scope["headers"]) or _check_path(target)


def find_query_fault(query: bytes) -> Fault | None:
    """Return the fault of a query string, or None if it has none.

    >>> find_query_fault(b"format=%FF").status, find_query_fault(b"format=ttl")
    (400, None)
    """
    return None if _is_utf8(unquote_to_bytes(query)) else _CODING


def _check_headers(fields: Iterable[tuple[bytes, bytes]]) -> Fault | None:
    sizes: dict[bytes, int] = {}
    for name, value in fields:
        sizes[name.lower()] = sizes.get(name.lower(), 0) + len(name) + len(value)
    if sum(sizes.values()) > HEADER_BYTES:
        return _HEADERS
    long = next((name for name in sorted(PARSED_FIELDS) if sizes.get(name, 0) > PARSED_FIELD_BYTES), None)
    sentence = f"The header {{}} has more than {PARSED_FIELD_BYTES:,} bytes. Shorten it."
    return Fault(431, sentence.format(long.decode().title())) if long else None


def _check_path(path: bytes) -> Fault | None:
    if not path.startswith(b"/"):
        return _TARGET
    if len(path) > PATH_BYTES:
        return _PATH
    if _BAD_ESCAPE.search(path):
        return _ESCAPES
    decoded = unquote_to_bytes(path)
    if _CONTROL.search(decoded):
        return _CONTROLS
    return None if _is_utf8(decoded) else _CODING


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
