"""Reads what a request asks, by the SPARQL 1.1 Protocol.

See https://www.w3.org/TR/sparql11-protocol/ for it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

from ldnkg.server.worker_pool import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from ldnkg.server.config import Limits

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


class Asked(NamedTuple):
    """A query, and the graphs that are to be its default graph and its named graphs; without any, all that there is."""

    query: str
    default: list[str]
    named: list[str]


async def asked(request: Request, limits: Limits) -> Asked | None:
    """Return what the request asks, or nothing where it is a GET without a query; raise Refused where it is wrong."""
    if request.method == "POST":
        return await _posted(request, limits)
    most = limits.query
    if len(request.scope["query_string"]) > 3 * most:
        raise Refused(414, f"The query is longer than {most:,} bytes. Ask it in parts.")
    pairs = _pairs(request.scope["query_string"])
    return _read(pairs, most) if any(name in {"query", "update"} for name, _ in pairs) else None


async def _posted(request: Request, limits: Limits) -> Asked:
    most = limits.query
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == UPDATE:
        raise Refused(403, "Nothing can be changed here: updates are refused.")
    if kind not in {FORM, QUERY}:
        raise Refused(415, f"POST a query as {QUERY}, or as query=… in {FORM}.")
    body = await _body(request, limits, escaped=kind == FORM)
    if kind == FORM:
        return _read(_pairs(body), most)
    return _read([*_pairs(request.scope["query_string"]), ("query", _text(body))], most)


async def _body(request: Request, limits: Limits, *, escaped: bool) -> bytes:
    """Return the body; what is escaped by percent may be three times as long."""
    body = b""
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                body += part
                if len(body) > (3 if escaped else 1) * limits.query:
                    raise Refused(413, f"The query is longer than {limits.query:,} bytes. Ask it in parts.")
    except TimeoutError as error:
        raise Refused(408, f"The query did not come within {limits.seconds:g} seconds. Send it again.") from error
    except ClientDisconnect as error:
        raise Refused(400, "The request ended before its body did. Send it whole.") from error
    return body


def _pairs(said: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(said.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise Refused(400, "What was sent is no form in UTF-8. Encode it as name=value pairs, by percent.") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "The query is not UTF-8 text. Send it as UTF-8.") from error


def _read(pairs: list[tuple[str, str]], most: int) -> Asked:
    held: dict[str, list[str]] = {}
    for name, value in pairs:
        held.setdefault(name, []).append(value)
    if "update" in held:
        raise Refused(403, "Nothing can be changed here: updates are refused.")
    queries = held.get("query", [])
    if len(queries) != 1:
        raise Refused(400, f"Give one query: there are {len(queries)}.")
    if len(queries[0].encode()) > most:
        raise Refused(413, f"The query is longer than {most:,} bytes. Ask it in parts.")
    return Asked(queries[0], held.get("default-graph-uri", []), held.get("named-graph-uri", []))
