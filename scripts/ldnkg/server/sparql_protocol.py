"""Read a query from a request as defined by the SPARQL 1.1 Protocol.

See https://www.w3.org/TR/sparql11-protocol/.
"""

from __future__ import annotations

import asyncio
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

from ldnkg.server.messages import HttpError
from ldnkg.server.threads import apply

if TYPE_CHECKING:
    from starlette.requests import Request

    from ldnkg.server.config import Limits

_UPDATE_REFUSED = "SPARQL Update is refused: the server is read-only."
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
# UTF-8, and the part of it that ASCII is.
_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}
# The parameters that a client may put into the URL although it sends the query in a form.
_OUTSIDE_FORM = {"default-graph-uri", "named-graph-uri", "format"}


class SparqlRequest(NamedTuple):
    """A query, the IRIs of its default and named graphs, and the requested format.

    Without graphs, the query runs over the whole dataset. Without a format, the Accept header decides.
    """

    query: str
    default: list[str]
    named: list[str]
    format: str


async def read_request(request: Request, limits: Limits) -> SparqlRequest | None:
    """Return the query of a request, or None for GET without a query; raise HttpError if the request is invalid."""
    if request.method == "POST":
        return await _read_post(request, limits)
    if len(request.scope["query_string"]) > 3 * limits.query:
        raise HttpError(414, _describe_length(limits))
    pairs = await apply(parse_pairs, request.scope["query_string"])
    return _parse_request(pairs, limits) if any(name in {"query", "update"} for name, _ in pairs) else None


async def _read_post(request: Request, limits: Limits) -> SparqlRequest:
    media_type = _read_content_type(request.headers.get("content-type", ""))
    if media_type == UPDATE:
        raise HttpError(403, _UPDATE_REFUSED)
    if media_type not in {FORM, QUERY}:
        raise HttpError(415, f"The Content-Type is not supported. Send the query as {QUERY}, or as query=… in {FORM}.")
    body = await _read_body(request, limits, escaped=media_type == FORM)
    if media_type == FORM:
        outside = [pair for pair in await apply(parse_pairs, request.scope["query_string"]) if pair[0] in _OUTSIDE_FORM]
        return _parse_request([*outside, *await apply(parse_pairs, body)], limits)
    return _parse_request([*await apply(parse_pairs, request.scope["query_string"]), ("query", _decode(body))], limits)


def _read_content_type(content_type: str) -> str:
    """Return the media type of a Content-Type header in lower case; raise HttpError if its charset is not UTF-8."""
    field = Message()
    field["Content-Type"] = content_type
    charset = field.get_content_charset("utf-8")
    if charset not in _CHARSETS:
        raise HttpError(415, f"The charset {charset} is not supported. Send the query as UTF-8.")
    return field.get_content_type() if content_type else ""


async def _read_body(request: Request, limits: Limits, *, escaped: bool) -> bytes:
    """Return the body; a percent-encoded body may be three times as long as the query."""
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                body += part
                if len(body) > (3 if escaped else 1) * limits.query:
                    raise HttpError(413, _describe_length(limits))
    except TimeoutError as error:
        raise HttpError(408, f"The query was not received within {limits.seconds:g} s. Send it again.") from error
    except ClientDisconnect as error:
        raise HttpError(400, "The request ended before its body was complete. Send it again.") from error
    return bytes(body)


def parse_pairs(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a query string or a form."""
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise HttpError(
            400, "The parameters are invalid. Send name=value pairs in UTF-8 or percent-encoded UTF-8."
        ) from error


def _describe_length(limits: Limits) -> str:
    return f"The query is longer than {limits.query:,} bytes, the limit of this server. Shorten or split it."


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HttpError(400, "The query is not UTF-8 text. Send it as UTF-8.") from error


def _parse_request(pairs: list[tuple[str, str]], limits: Limits) -> SparqlRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise HttpError(403, _UPDATE_REFUSED)
    queries = values.get("query", [])
    if len(queries) != 1:
        raise HttpError(400, f"The request has {len(queries)} queries. Send exactly one.")
    if len(queries[0].encode()) > limits.query:
        raise HttpError(413, _describe_length(limits))
    default, named = ([*filter(None, values.get(f"{kind}-graph-uri", []))] for kind in ("default", "named"))
    return SparqlRequest(queries[0], default, named, values.get("format", [""])[-1])
