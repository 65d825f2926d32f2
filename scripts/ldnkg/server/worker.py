"""Answers queries in a process of its own, so that one that takes too long, or too much, is ended with it."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

import ldnkg.querying.syntax_errors  # noqa: F401  what explains a query that cannot be read: later no file can be opened
from ldnkg.errors import LdnkgError
from ldnkg.querying.guards import Elsewhere, refuse_nesting, refuse_service
from ldnkg.querying.syntax_errors import explain_syntax_error
from ldnkg.rdf.serialization import sort_prefixes
from ldnkg.server.content_negotiation import GRAPHS, ROWS
from ldnkg.server.messages import packed, read
from ldnkg.server.worker_store import filled

if TYPE_CHECKING:
    from collections.abc import Iterable

    Answer = tuple[dict[str, Any], bytes]


WHOLE, RECORDS, ABOUT = "ldn-kg.ttl", "ldn-kg.trig", ("queries.ttl", "void.ttl")
STREAMS = 3


class TooLarge(Exception):
    """An answer that is larger than it may be."""


class Bounded(BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, content: Any) -> int:  # noqa: ANN401
        """Take the bytes, or raise TooLarge."""
        self._left -= len(content)
        if self._left < 0:
            raise TooLarge
        return super().write(content)


class Worker:
    """The graph: in the default graph all of it, in the named ones each record with what follows from it.

    `store` answers queries; it writes some numbers in another way, so whole graphs are taken from `written`.
    The library of questions and the counts are no part of the graph: they stand in the description of the endpoint.
    """

    def __init__(self, folder: str, most: int) -> None:
        parser = ox.parse(path=f"{folder}/{WHOLE}", format=ox.RdfFormat.TURTLE)
        records = ox.parse(path=f"{folder}/{RECORDS}", format=ox.RdfFormat.TRIG)
        quads = [*parser, *(quad for quad in records if isinstance(quad.graph_name, ox.NamedNode))]
        self.store, self.written, self.most = filled(quads), ox.Dataset(quads), most
        self.prefixes = dict(parser.prefixes)
        self._about = [quad.triple for name in ABOUT for quad in ox.parse(path=f"{folder}/{name}")]
        kinds = {"query": self._query, "graph": self._graph, "thing": self._thing, "service": self._service}
        self._kinds = kinds.items()

    def answer(self, asked: dict[str, Any]) -> Answer:
        """Return the answer to a message, or what is wrong with it: `status` is that of HTTP."""
        try:
            return next(answer for kind, answer in self._kinds if kind in asked)(asked)
        except SyntaxError as error:
            return _wrong(400, explain_syntax_error(asked["query"], str(error.msg or error), "", self.prefixes))
        except Elsewhere as problem:
            return _wrong(403, str(problem))
        except LdnkgError as problem:
            return _wrong(400, str(problem))
        except TooLarge:
            return _wrong(422, f"The answer is larger than {self.most:,} bytes. Ask for less, as with LIMIT.")
        except MemoryError:
            return _wrong(422, "This takes more memory than a query may have. Ask for less.")
        except (ValueError, OSError, RuntimeError) as error:
            return _wrong(400, f"This cannot be answered: {error}")

    def _query(self, asked: dict[str, Any]) -> Answer:
        refuse_service(asked["query"])
        refuse_nesting(asked["query"])
        chosen = asked["default"] or asked["named"]
        found = self.store.query(
            asked["query"],
            prefixes=self.prefixes,
            default_graph=[*_nodes(asked["default"])] if chosen else None,
            named_graphs=[*_nodes(asked["named"])] if chosen else None,
        )
        if isinstance(found, ox.QueryTriples):
            return self._in_form(found, asked["wanted"][1])
        if asked["wanted"][0] not in ROWS:
            return _unacceptable(list(ROWS))
        held = Bounded(self.most)
        found.serialize(held, format=ROWS[asked["wanted"][0]])
        return _made(asked["wanted"][0], held.getvalue())

    def _graph(self, asked: dict[str, Any]) -> Answer:
        node = ox.NamedNode(asked["graph"]) if asked["graph"] else ox.DefaultGraph()
        quads = list(self.written.quads_for_graph_name(node))
        if not quads:
            return _wrong(404, f"There is no graph {asked['graph']}.")
        return self._in_form((quad.triple for quad in quads), asked["wanted"][1])

    def _thing(self, asked: dict[str, Any]) -> Answer:
        """Return the record of a thing, or what is said of it alone, and what a query finds beside it."""
        node = ox.NamedNode(asked["thing"])
        own = [*self.written.quads_for_graph_name(node), *self.written.quads_for_subject(node)]
        beside = self.store.query(asked["beside"])
        assert isinstance(beside, ox.QueryTriples)  # noqa: S101
        return self._in_form([*(quad.triple for quad in own), *beside], asked["wanted"][1])

    def _service(self, asked: dict[str, Any]) -> Answer:
        """Return the description of the endpoint, with the questions that it can be asked; no limit is set to it."""
        found = self.store.query(asked["service"])
        assert isinstance(found, ox.QueryTriples)  # noqa: S101
        return self._in_form([*found, *self._about], asked["wanted"][1], sys.maxsize)

    def _in_form(self, triples: Iterable[ox.Triple], media: str, most: int = 0) -> Answer:
        """Return the triples, each once, in order, so that the same question has the same bytes for an answer."""
        if media not in GRAPHS:
            return _unacceptable(list(GRAPHS))
        held = Bounded(most or self.most)
        ox.serialize(sorted(set(triples), key=str), held, format=GRAPHS[media], prefixes=self.prefixes)
        return _made(media, sort_prefixes(held.getvalue(), GRAPHS[media]))


def _nodes(iris: list[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def _made(media: str, content: bytes) -> Answer:
    return {"status": 200, "media": media}, content


def _wrong(status: int, sentence: str) -> Answer:
    return {"status": status, "media": "text/plain"}, sentence.encode()


def _unacceptable(offered: list[str]) -> Answer:
    return _wrong(406, f"There is no such form of this answer. Ask with Accept: {', '.join(offered)}.")


def _confine(memory: int) -> None:
    """Let the process have no more memory than this, and open no file and no connection, where the system sees to it.

    Only standard input, output and error stay open.
    """
    try:
        import resource
    except ModuleNotFoundError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (STREAMS, STREAMS))


def main() -> None:
    """Answer message after message, from standard input to standard output; the first says what to load."""
    inward, outward = sys.stdin.buffer, sys.stdout.buffer
    told = read(inward)
    if told is None:
        return
    worker = Worker(told["files"], told["answer"])
    _confine(told["memory"])
    outward.write(packed({"status": 200}))
    outward.flush()
    while (asked := read(inward)) is not None:
        outward.write(packed(*worker.answer(asked)))
        outward.flush()


if __name__ == "__main__":
    main()
