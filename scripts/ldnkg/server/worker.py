"""Answer queries in a separate process, which the server kills if a query exceeds a limit.

The process reads messages from standard input and writes answers to standard output. After it has loaded the graph, it
confines itself: it can no longer open a file or a connection. All modules must therefore be imported before.
"""

from __future__ import annotations

import signal
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.querying.syntax_errors import explain_syntax_error
from ldnkg.rdf.guards import calls_service, refuse_depth, refuse_service
from ldnkg.rdf.serialization import normalise
from ldnkg.server.content_negotiation import GRAPH_FORMATS, ROW_FORMATS
from ldnkg.server.messages import HttpError, WorkerAnswer, pack_answer, read_message, unpack_files
from ldnkg.server.parent_process import end_with_parent
from ldnkg.server.served_data import load_data
from ldnkg.server.volatile_functions import calls_volatile_function

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STANDARD_STREAMS = 3
# A worker must have this memory left for answers.
SPARE_BYTES = 20_000_000


class SizeLimitedBuffer(BytesIO):
    """A buffer of at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: Any) -> int:  # noqa: ANN401
        """Append the bytes; raise HttpError if they exceed the limit."""
        if self.tell() + len(content) > self._limit:
            raise HttpError(422, f"The answer is larger than {self._limit:,} bytes. Reduce it, for example with LIMIT.")
        return super().write(content)


class Worker:
    """Answers messages from the data of the built files; an answer has at most `limit` bytes."""

    def __init__(self, files: Mapping[str, bytes], limit: int) -> None:
        self.data, self._limit = load_data(files), limit
        self._handlers = {
            "query": self._query,
            "graph": self._get_graph,
            "entity": self._describe_entity,
            "document": self._convert_document,
            "service": self._describe_service,
        }

    def answer(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the answer to a message; if it is refused, the answer has an error status and a sentence."""
        try:
            return next(handle for key, handle in self._handlers.items() if key in message)(message)
        except HttpError as error:
            return _refuse(error.status, str(error))
        except SyntaxError as error:
            return _refuse(
                400, explain_syntax_error(message.get("query", ""), str(error.msg or error), "", self.data.prefixes)
            )
        except MemoryError:
            return _refuse(
                422, "The query needs more memory than the limit of this server. Simplify it or reduce its result."
            )
        except (ValueError, OSError, RuntimeError) as error:
            return _refuse(400, f"The request cannot be answered: {error}")
        except BaseException as error:
            # Only a limit may end this process. A panic of pyoxigraph is not an Exception.
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            return _refuse(500, f"The request cannot be answered because of a fault in the server: {error!r}")

    def _query(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the answer to a query; if the message names no graphs, the query runs over the whole dataset."""
        _guard(message["query"])
        has_graphs = message["default"] or message["named"]
        result = self.data.store.query(
            message["query"],
            base_iri=message["base"],
            prefixes=self.data.prefixes,
            default_graph=[*_make_nodes(message["default"])] if has_graphs else None,
            named_graphs=[*_make_nodes(message["named"])] if has_graphs else None,
        )
        return self._serialise_result(result, *message["media_types"])._replace(
            volatile=calls_volatile_function(message["query"])
        )

    def _serialise_result(
        self, result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, rows: str, graph: str
    ) -> WorkerAnswer:
        if isinstance(result, ox.QueryTriples):
            return self._serialise(result, graph, self._limit)
        _require_format(rows, ROW_FORMATS)
        buffer = SizeLimitedBuffer(self._limit)
        result.serialize(buffer, format=ROW_FORMATS[rows])
        return WorkerAnswer(200, rows, buffer.getvalue())

    def _get_graph(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return a named graph, or the default graph if there is no name."""
        node = ox.DefaultGraph() if message["graph"] is None else ox.NamedNode(message["graph"])
        quads = list(self.data.dataset.quads_for_graph_name(node))
        if not quads:
            raise HttpError(404, f"There is no graph {message['graph']}.")
        return self._serialise((quad.triple for quad in quads), message["media_types"][1], self._limit)

    def _describe_entity(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the record of an entity, the triples that it is the subject of, and those of the query `context`."""
        node = ox.NamedNode(message["entity"])
        dataset = self.data.dataset
        quads = [*dataset.quads_for_graph_name(node), *dataset.quads_for_subject(node)]
        context = self.data.store.query(message["context"])
        assert isinstance(context, ox.QueryTriples)  # noqa: S101
        return self._serialise([*(quad.triple for quad in quads), *context], message["media_types"][1], self._limit)

    def _describe_service(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the service description with the library of questions; its size is not limited."""
        found = self.data.store.query(message["service"], base_iri=message["base"])
        assert isinstance(found, ox.QueryTriples)  # noqa: S101
        return self._serialise([*found, *self.data.descriptions], message["media_types"][1], sys.maxsize)

    def _convert_document(self, message: dict[str, Any]) -> WorkerAnswer:
        """Return the triples of a Turtle file beside the graph in another format; their size is not limited."""
        return self._serialise(self.data.documents[message["document"]], message["media_types"][1], sys.maxsize)

    def _serialise(self, triples: Iterable[ox.Triple], media_type: str, limit: int) -> WorkerAnswer:
        """Return the serialised triples, sorted and without duplicates, so that equal graphs give equal bytes."""
        _require_format(media_type, GRAPH_FORMATS)
        form, buffer = GRAPH_FORMATS[media_type], SizeLimitedBuffer(limit)
        ox.serialize(sorted(set(triples), key=str), buffer, format=form, prefixes=self.data.prefixes)
        return WorkerAnswer(200, media_type, normalise(buffer.getvalue(), form))


def _guard(query: str) -> None:
    """Raise HttpError if the query contains SERVICE or is nested too deeply."""
    try:
        refuse_service(query)
        refuse_depth(query)
    except LdnkgError as error:
        raise HttpError(403 if calls_service(query) else 400, str(error)) from error


def _require_format(media_type: str, formats: Iterable[str]) -> None:
    """Raise HttpError if the media type is none of the formats."""
    if media_type not in formats:
        raise HttpError(
            406, f"None of the accepted media types is available for this answer. Request one of {', '.join(formats)}."
        )


def _make_nodes(iris: list[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def _refuse(status: int, sentence: str) -> WorkerAnswer:
    return WorkerAnswer(status, "text/plain", sentence.encode())


def confine(memory: int) -> None:
    """Limit the memory of this process to `memory` bytes, and prevent it from opening files and connections.

    Only the three standard streams stay open. On a system without resource limits, this has no effect.
    """
    try:
        import resource
    except ModuleNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (STANDARD_STREAMS, STANDARD_STREAMS))


def limit_time(seconds: float) -> None:
    """Let the system kill this process after `seconds`, or cancel this with 0.

    The server kills a slow worker earlier. This is for a worker whose server has died or stopped.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def start(settings: dict[str, Any], content: bytes) -> tuple[Worker | None, WorkerAnswer]:
    """Return a confined worker and the answer that it is ready, or no worker and the reason."""
    try:
        worker = Worker(unpack_files(settings["files"], content), settings["answer"])
        confine(settings["memory"])
        bytearray(SPARE_BYTES)
    except LdnkgError as error:
        return None, _refuse(500, f"{error} Run `ldnkg build` again.")
    except (MemoryError, OSError, ValueError):
        sentence = "The graph needs more memory than --memory allows. Allow more, or leave the option out."
        return None, _refuse(500, sentence)
    return worker, WorkerAnswer(200, "", b"")


def main() -> None:
    """Load the graph of the first message, then answer messages until the end of standard input."""
    end_with_parent()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    first = read_message(requests)
    if first is None:
        return
    worker, ready = start(*first)
    answers.write(pack_answer(ready))
    answers.flush()
    while worker and (message := read_message(requests)) is not None:
        limit_time(first[0]["seconds"])
        answer = worker.answer(message[0])
        limit_time(0)
        answers.write(pack_answer(answer))
        answers.flush()


if __name__ == "__main__":
    main()
