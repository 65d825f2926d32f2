"""The application: which request is answered by what."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ldnkg.files import read_bytes, read_text
from ldnkg.server import html_pages as shown
from ldnkg.server.answer_cache import Memory
from ldnkg.server.content_negotiation import GRAPHS, HTML, Unacceptable, best, chosen, wanted
from ldnkg.server.dereferencing import description, read_things
from ldnkg.server.disconnect import while_there
from ldnkg.server.metrics import Meter
from ldnkg.server.sparql_protocol import asked
from ldnkg.server.worker_pool import Pool, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from ldnkg.server.config import Site
    from ldnkg.server.dereferencing import Things
    from ldnkg.server.worker_pool import Answer


class Server:
    """What the requests of a site share: the processes that answer, and what is known of its addresses."""

    things: Things

    def __init__(self, site: Site, ready: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        self.site, self.pool, self._ready = site, Pool(site), ready

    @asynccontextmanager
    async def living(self, _: Starlette) -> AsyncIterator[None]:
        """Start what answers, and end it again."""
        await self.pool.open()
        self.things = await read_things(self.pool, self.site)
        telling = asyncio.create_task(self._ready(len(self.things.paths)))
        yield
        telling.cancel()
        await self.pool.close()

    async def sparql(self, request: Request) -> Response:
        """Answer a query; without one, describe the endpoint, or show people where to write one."""
        said = await asked(request, self.site.limits)
        accept = request.headers.get("accept", "")
        if said is not None:
            work = self.pool.ask(**said._asdict(), wanted=wanted(accept))
            return _response(await while_there(request, work))
        form = chosen(accept, [*GRAPHS, HTML])
        return shown.editor(self.site.folder) if form == HTML else _response(await self._service(request, form))

    async def _service(self, request: Request, form: str) -> Answer:
        text = read_text(self.site.folder / "service.rq")
        endpoint = urljoin(self._home(request), "sparql")
        return await self.pool.ask(service=f"BASE <{endpoint}>\n{text}", wanted=["", form])

    def _home(self, request: Request) -> str:
        return self.site.address or str(request.base_url)

    async def graph(self, request: Request) -> Response:
        """Return a graph by the SPARQL 1.1 Graph Store Protocol."""
        given = parse_qs(request.url.query, keep_blank_values=True)
        if ("default" in given) == ("graph" in given) or len(given.get("graph", [""])) != 1:
            raise Refused(400, "Name one graph: ?default, or ?graph= and its IRI.")
        name = urljoin(self.things.base, given["graph"][0]) if "graph" in given else ""
        return _response(await self.pool.ask(graph=name, wanted=wanted(request.headers.get("accept", ""))))

    async def thing(self, request: Request) -> Response:
        """Return a document, or say where a thing is described."""
        path = request.path_params["path"]
        if found := self.things.described(path):
            return _response(await description(self.pool, self.site, *found))
        if file := self.things.file(path):
            if _media(file.name) == HTML:
                return await run_in_threadpool(shown.built, file)
            return Response(await run_in_threadpool(read_bytes, file), media_type=_media(file.name))
        target = self.things.target(path, request.headers.get("accept", ""))
        return RedirectResponse(urljoin(self._home(request), target), 303, {"Vary": "Accept"})

    async def health(self, _: Request) -> Response:
        """Say whether the graph answers, at once: what answers others is not waited for."""
        said = {"answers": True, "busy": True} if self.pool.busy else {"answers": await self._answers()}
        return JSONResponse(said, 200 if said["answers"] else 503, {"Cache-Control": "no-store"})

    async def _answers(self) -> bool:
        try:
            answer = await self.pool.ask(query="ASK { ?s ?p ?o }", default=[], named=[], wanted=[_JSON, ""])
        except Refused:
            return False
        return answer.status == 200

    async def wrong(self, request: Request, error: Exception) -> Response:
        """Say what is wrong with a request, as a page to people and as a sentence to machines."""
        if isinstance(error, HTTPException):
            error = Refused(error.status_code, _READ_ONLY if error.status_code == 405 else error.detail)
        status, again = (error.status, error.again) if isinstance(error, Refused) else (406, 0)
        headers = {"Retry-After": str(again)} if again else {"Allow": _ALLOWED} if status == 405 else {}
        if best(request.headers.get("accept", "text/plain"), ["text/plain", HTML]) != HTML:
            return Response(f"{error}\n", status, headers, "text/plain")
        return shown.wrong(self.site.folder, status, headers, sentence=str(error), home=self._home(request))


_ALLOWED = "GET, HEAD, OPTIONS"
_READ_ONLY = "This can be read, and queries can be sent to /sparql by POST; nothing can be changed."
_JSON = "application/sparql-results+json"


def _media(name: str) -> str:
    form = {form.file_extension: media for media, form in GRAPHS.items()}
    return form.get(name.rpartition(".")[2]) or guess_type(name)[0] or "text/plain"


def _response(answer: Answer) -> Response:
    return Response(answer.content, answer.status, {"Vary": "Accept"}, answer.media)


def application(site: Site, ready: Callable[[int], Coroutine[Any, Any, None]]) -> ASGIApp:
    """Return the application that serves the site; `ready` is begun, once all is loaded, with how many things."""
    server = Server(site, ready)
    meter = Meter(server.pool)
    routes = [
        Route("/sparql", server.sparql, methods=["GET", "POST"]),
        Route("/graphs", server.graph, methods=["GET"]),
        Route("/health", server.health, methods=["GET"]),
        Route("/metrics", meter.metrics, methods=["GET"]),
        Route("/{path:path}", server.thing, methods=["GET"]),
    ]
    inner = Starlette(
        routes=routes,
        lifespan=server.living,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "POST"],
                allow_headers=["*"],
                expose_headers=["ETag"],
            ),
            Middleware(Memory),
            Middleware(GZipMiddleware, compresslevel=6),
        ],
        exception_handlers={Refused: server.wrong, Unacceptable: server.wrong, HTTPException: server.wrong},
    )
    return meter.around(inner)
