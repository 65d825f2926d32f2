"""Define the ASGI application: the routes and the handlers of requests."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ldnkg.files import read_text
from ldnkg.server.answer_cache import AnswerCache
from ldnkg.server.config import RESOURCES
from ldnkg.server.content_negotiation import (
    GRAPH_FORMATS,
    HTML,
    JSON,
    choose_media_type,
    negotiate,
    read_accept,
    read_format,
    require_media_type,
)
from ldnkg.server.dereferencing import describe_entity
from ldnkg.server.disconnect import run_until_disconnect
from ldnkg.server.html_pages import send_built_page, send_editor, send_error_page
from ldnkg.server.messages import HttpError
from ldnkg.server.request_fields import RequestFields
from ldnkg.server.sparql_protocol import parse_pairs, read_request
from ldnkg.server.threads import apply

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from ldnkg.server.config import ServerConfig
    from ldnkg.server.dereferencing import AddressBook
    from ldnkg.server.messages import WorkerAnswer
    from ldnkg.server.metrics import Metrics
    from ldnkg.server.worker_pool import WorkerPool

_ALLOWED = "GET, HEAD, OPTIONS"
_READ_ONLY = "The server is read-only. Use GET, or send a query to /sparql by POST."


class RequestHandlers:
    """The request handlers, with the worker pool and the address book that they share."""

    def __init__(self, config: ServerConfig, pool: WorkerPool, addresses: AddressBook) -> None:
        self.config, self.pool, self.addresses = config, pool, addresses

    async def answer_query(self, request: Request) -> Response:
        """Answer a query; without a query, return the service description, or the query editor if HTML is preferred."""
        query = await read_request(request, self.config.limits)
        if query is not None:
            media_types = negotiate(read_format(query.format, request.headers.get("accept", "")))
            work = self.pool.ask(**query._asdict(), base=self._get_endpoint(request), media_types=media_types)
            answer = await run_until_disconnect(request, work)
            return _make_response(answer)
        media_type = require_media_type(read_accept(request), [*GRAPH_FORMATS, HTML])
        if media_type != HTML:
            return _make_response(await self._describe_service(request, media_type))
        # The links of the editor are relative to the path without a slash.
        return self._redirect(request, "sparql", 308) if request.url.path.endswith("/") else send_editor()

    async def _describe_service(self, request: Request, media_type: str) -> WorkerAnswer:
        query = read_text(RESOURCES / "service_description.rq")
        return await self.pool.ask(service=query, base=self._get_endpoint(request), media_types=["", media_type])

    def _get_endpoint(self, request: Request) -> str:
        """Return the public URL of the SPARQL endpoint, against which the relative IRIs of a query are resolved."""
        return urljoin(self._get_home(request), "sparql")

    def _get_home(self, request: Request) -> str:
        """Return the public URL of the server."""
        return self.config.address or str(request.base_url)

    async def get_graph(self, request: Request) -> Response:
        """Return a graph as defined by the SPARQL 1.1 Graph Store Protocol."""
        pairs = await apply(parse_pairs, request.scope["query_string"])
        named = [value for name, value in pairs if name == "graph"]
        if ("default" in dict(pairs)) == bool(named) or len(named) > 1:
            raise HttpError(400, "Name one graph: ?default, or ?graph= with its IRI.")
        graph = self.addresses.resolve(named[0]) if named else None
        return _make_response(await self.pool.ask(graph=graph, media_types=negotiate(read_accept(request))))

    async def dereference(self, request: Request) -> Response:
        """Return a built file or the description of an entity, or redirect to one."""
        path = request.path_params["path"]
        if found := self.addresses.find_description(path):
            return _make_response(await describe_entity(self.pool, *found))
        if (content := self.addresses.find_file(path)) is not None:
            return await run_in_threadpool(self._send_file, request, path, content)
        if converted := self.addresses.find_document(path):
            document, media_type = converted
            return _make_response(await self.pool.ask(document=document, media_types=["", media_type]))
        if path.endswith("/") and self.addresses.exists(path.rstrip("/")):
            return self._redirect(request, path.rstrip("/"), 308)
        target = await run_in_threadpool(self.addresses.find_redirect, path, read_accept(request))
        return self._redirect(request, target, 303)

    def _send_file(self, request: Request, name: str, content: bytes) -> Response:
        media_type = self.config.get_media_type(name.rpartition("/")[2])
        if media_type == HTML:
            return send_built_page(content, partial(self.addresses.find_link, self._get_home(request)))
        return Response(content, media_type=media_type)

    def _redirect(self, request: Request, target: str, status: int) -> Response:
        """Redirect to a path, with status 308 to the same resource, which keeps the parameters."""
        parameters = request.scope["query_string"].decode("utf-8", "replace") if status == 308 else ""
        url = f"{self._get_home(request)}{target}{'?' if parameters else ''}{parameters}"
        return RedirectResponse(url, status, {"Vary": "Accept"})

    async def report_health(self, _: Request) -> Response:
        """Report whether queries are answered; if all workers are busy, report this at once instead of waiting."""
        health = {"answers": True, "busy": True} if self.pool.busy else {"answers": await self._can_answer()}
        return JSONResponse(health, 200 if health["answers"] else 503, {"Cache-Control": "no-store"})

    async def _can_answer(self) -> bool:
        try:
            message: dict[str, Any] = {"query": "ASK { ?s ?p ?o }", "base": None, "default": [], "named": []}
            answer = await self.pool.ask(**message, media_types=[JSON, ""])
        except HttpError:
            return False
        return answer.status == 200

    async def answer_error(self, request: Request, error: Exception) -> Response:
        """Return the response to a failed request: a page if HTML is preferred, else a sentence."""
        if isinstance(error, HTTPException):
            error = HttpError(error.status_code, _READ_ONLY if error.status_code == 405 else error.detail)
        assert isinstance(error, HttpError)  # noqa: S101
        retry = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
        headers = {"Allow": _ALLOWED} if error.status == 405 else retry
        if choose_media_type(request.headers.get("accept", "text/plain"), ["text/plain", HTML]) != HTML:
            return Response(f"{error}\n", error.status, headers, "text/plain")
        return send_error_page(error, headers, self._get_home(request))


def _make_response(answer: WorkerAnswer) -> Response:
    headers = {"Vary": "Accept", **({"Cache-Control": "no-store"} if answer.volatile else {})}
    return Response(answer.content, answer.status, headers, answer.media_type)


def build_application(config: ServerConfig, metrics: Metrics, pool: WorkerPool, addresses: AddressBook) -> ASGIApp:
    """Return the application that answers from the workers and the addresses of one snapshot."""
    handlers = RequestHandlers(config, pool, addresses)
    routes = [
        Route("/sparql", handlers.answer_query, methods=["GET", "POST"]),
        Route("/sparql/", handlers.answer_query, methods=["GET", "POST"]),
        Route("/graphs", handlers.get_graph, methods=["GET"]),
        Route("/health", handlers.report_health, methods=["GET"]),
        Route("/metrics", metrics.report, methods=["GET"]),
        Route("/{path:path}", handlers.dereference, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(RequestFields),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "POST"],
                allow_headers=["*"],
                expose_headers=["ETag"],
            ),
            Middleware(AnswerCache),
            Middleware(GZipMiddleware, compresslevel=6),
        ],
        exception_handlers={HttpError: handlers.answer_error, HTTPException: handlers.answer_error},
    )
