"""Answer queries in a process of its own, which the server kills if a query exceeds its limits.

The process reads messages from standard input and writes answers to standard output. After it has loaded the graph it
confines itself: it can open no file and no connection. So every module must be imported before.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.paths import GRAPH
from ldnkg.querying.guards import calls_service, refuse_nesting, refuse_service
from ldnkg.querying.syntax_errors import explain_syntax_error
from ldnkg.rdf.serialization import sort_prefixes
from ldnkg.server.config import DESCRIPTIONS, RECORDS
from ldnkg.server.content_negotiation import GRAPH_FORMATS, ROW_FORMATS
from ldnkg.server.messages import HttpError, WorkerAnswer, pack_answer, read_message

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDARD_STREAMS = 3


class SizeLimitedBuffer(BytesIO):
    """A buffer that accepts a limited number of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: Any) -> int:  # noqa: ANN401
        """Append the bytes; raise HttpError if they exceed the limit."""
        if self.tell() + len(content) > self._limit:
            raise HttpError(422, f"The answer is larger than {self._limit:,} bytes. Ask for less, as with LIMIT.")
        return super().write(content)


class Worker:
    """The served graph: the whole of it in the default graph, each record with its inferences in a named graph.

    `store` answers queries. It writes some numbers in another lexical form, so whole graphs are taken from `dataset`,
    which keeps the form of the built files. The descriptions, of the questions and the counts, are in neither: they
    are part of the description of the endpoint. An answer has at most `limit` bytes.
    """

    def __init__(self, folder: str, limit: int) -> None:
        parser = ox.parse(path=f"{folder}/{GRAPH}", format=ox.RdfFormat.TURTLE)
        records = ox.parse(path=f"{folder}/{RECORDS}", format=ox.RdfFormat.TRIG)
        quads = [*parser, *(quad for quad in records if isinstance(quad.graph_name, ox.NamedNode))]
        self.store, self.dataset, self._limit = fill_store(quads), ox.Dataset(quads), limit
        self.prefixes = dict(parser.prefixes)
        self._descriptions = [quad.triple for name in DESCRIPTIONS for quad in ox.parse(path=f"{folder}/{name}")]
        self._handlers = {
            "query": self._query,
            "graph": self._get_graph,
            "entity": self._describe_entity,
            "service": self._describe_service,
        }

    def answer(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the answer to a message, or the HTTP status and a sentence if it is refused."""
        try:
            return next(handle for key, handle in self._handlers.items() if key in message)(message)
        except HttpError as error:
            return _refuse(error.status, str(error))
        except SyntaxError as error:
            return _refuse(400, explain_syntax_error(message["query"], str(error.msg or error), "", self.prefixes))
        except MemoryError:
            return _refuse(422, "This takes more memory than a query may have. Ask for less.")
        except (ValueError, OSError, RuntimeError) as error:
            return _refuse(400, f"This cannot be answered: {error}")

    def _query(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the answer to a query; without graphs in the message, it is asked of the whole dataset."""
        _guard(message["query"])
        has_graphs = message["default"] or message["named"]
        result = self.store.query(
            message["query"],
            prefixes=self.prefixes,
            default_graph=[*_make_nodes(message["default"])] if has_graphs else None,
            named_graphs=[*_make_nodes(message["named"])] if has_graphs else None,
        )
        rows, graph = message["media_types"]
        if isinstance(result, ox.QueryTriples):
            return self._serialise(result, graph, self._limit)
        _require_format(rows, ROW_FORMATS)
        buffer = SizeLimitedBuffer(self._limit)
        result.serialize(buffer, format=ROW_FORMATS[rows])
        return WorkerAnswer(200, rows, buffer.getvalue())

    def _get_graph(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return a named graph, or the default graph if the name is empty."""
        node = ox.NamedNode(message["graph"]) if message["graph"] else ox.DefaultGraph()
        quads = list(self.dataset.quads_for_graph_name(node))
        if not quads:
            raise HttpError(404, f"There is no graph {message['graph']}.")
        return self._serialise((quad.triple for quad in quads), message["media_types"][1], self._limit)

    def _describe_entity(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the record of an entity, or the statements about it, and the triples of the query `context`."""
        node = ox.NamedNode(message["entity"])
        quads = [*self.dataset.quads_for_graph_name(node), *self.dataset.quads_for_subject(node)]
        context = self.store.query(message["context"])
        assert isinstance(context, ox.QueryTriples)  # noqa: S101
        return self._serialise([*(quad.triple for quad in quads), *context], message["media_types"][1], self._limit)

    def _describe_service(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the description of the endpoint, with the questions of the library; its size is not limited."""
        found = self.store.query(message["service"])
        assert isinstance(found, ox.QueryTriples)  # noqa: S101
        return self._serialise([*found, *self._descriptions], message["media_types"][1], sys.maxsize)

    def _serialise(self, triples: Iterable[ox.Triple], media_type: str, limit: int) -> WorkerAnswer:
        """Return the triples without duplicates and sorted, so that equal graphs have equal bytes."""
        _require_format(media_type, GRAPH_FORMATS)
        form, buffer = GRAPH_FORMATS[media_type], SizeLimitedBuffer(limit)
        ox.serialize(sorted(set(triples), key=str), buffer, format=form, prefixes=self.prefixes)
        return WorkerAnswer(200, media_type, sort_prefixes(buffer.getvalue(), form))


def fill_store(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store in memory that holds the quads.

    The store keeps the quads of a predicate as a linked list in the order of insertion. So they are inserted sorted
    by predicate and subject, and what a query reads in sequence is adjacent in memory.
    """
    store = ox.Store()
    store.bulk_extend(sorted(quads, key=lambda quad: (str(quad.predicate), str(quad.subject))))
    return store


def _guard(query: str) -> None:
    """Raise HttpError if the query calls a SERVICE or is nested too deeply."""
    try:
        refuse_service(query)
        refuse_nesting(query)
    except LdnkgError as error:
        raise HttpError(403 if calls_service(query) else 400, str(error)) from error


def _require_format(media_type: str, formats: Iterable[str]) -> None:
    """Raise HttpError if the media type is none of the formats."""
    if media_type not in formats:
        raise HttpError(406, f"There is no such form of this answer. Ask with Accept: {', '.join(formats)}.")


def _make_nodes(iris: list[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def _refuse(status: int, sentence: str) -> WorkerAnswer:
    return WorkerAnswer(status, "text/plain", sentence.encode())


def confine(memory: int) -> None:
    """Limit the memory of the process to so many bytes, and forbid it to open any file or connection.

    Only the three standard streams stay open. On a system without resource limits, nothing happens.
    """
    try:
        import resource
    except ModuleNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (STANDARD_STREAMS, STANDARD_STREAMS))


def main() -> None:
    """Load the graph as the first message says, then answer each further message until standard input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    settings = read_message(requests)
    if settings is None:
        return
    worker = Worker(settings["files"], settings["answer"])
    confine(settings["memory"])
    answers.write(pack_answer(WorkerAnswer(200, "", b"")))
    answers.flush()
    while (message := read_message(requests)) is not None:
        answers.write(pack_answer(worker.answer(message)))
        answers.flush()


if __name__ == "__main__":
    main()
