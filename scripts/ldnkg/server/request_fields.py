"""Refuse malformed requests and combine the repeated header fields of the others, before other code reads them."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from ldnkg.server.request_checks import Fault, find_fault, find_query_fault
from ldnkg.server.threads import apply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

    Fields = list[tuple[bytes, bytes]]

# The authority of an HTTP URL, as defined in RFC 3986, section 3.2, without user information.
_HOST = re.compile(r"(?:\[(?P<ipv6>[^\]]*)\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(?::(?P<port>\d{0,9}))?", re.ASCII)
LAST_PORT = 65535
_REFUSED = Fault(400, "The Host header is invalid. Send one, with a host name or an address and, if needed, a port.")


class RequestFields:
    """An ASGI middleware that refuses malformed requests, and combines repeated fields of the others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer status 4xx if the request is malformed; otherwise pass it on, each field with all its values."""
        scope = {**scope, "headers": _drop_missing_host(scope)}
        fault = _check_host(scope["headers"]) or find_fault(scope)
        if fault := fault or await apply(find_query_fault, scope["query_string"]):
            await PlainTextResponse(f"{fault.sentence}\n", fault.status)(scope, receive, send)
            return
        await self._app({**scope, "headers": combine_fields(scope["headers"])}, receive, send)


def _drop_missing_host(scope: Scope) -> Fields:
    """Return the fields without the empty Host that Granian adds to a request of HTTP/1.0 without one."""
    dropped = (b"host", b"") if scope.get("http_version") in {"1", "1.0"} else None
    return [field for field in scope["headers"] if field != dropped]


def _check_host(fields: Fields) -> Fault | None:
    hosts = [value.decode("latin-1") for name, value in fields if name == b"host"]
    return None if not hosts or (len(hosts) == 1 and is_valid_host(hosts[0])) else _REFUSED


def is_valid_host(host: str) -> bool:
    """Return whether the value of a Host header is a host with an optional port.

    >>> is_valid_host("graph.example:8080"), is_valid_host("[::1]"), is_valid_host("a%zz"), is_valid_host("a:99999")
    (True, True, False, False)
    """
    found = _HOST.fullmatch(host)
    if not found or int(found["port"] or 0) > LAST_PORT:
        return False
    with suppress(ValueError):
        return found["ipv6"] is None or IPv6Address(found["ipv6"]).scope_id is None
    return False


def combine_fields(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    """Return each field once, with its values as one list in their order, as in RFC 9110, section 5.3.

    >>> combine_fields([(b"accept", b"text/csv"), (b"host", b"x"), (b"accept", b"text/html")])
    [(b'accept', b'text/csv, text/html'), (b'host', b'x')]
    """
    values: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    return [(name, b", ".join(found)) for name, found in values.items()]
