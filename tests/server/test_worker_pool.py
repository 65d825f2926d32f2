"""The limits of a query, and the replacement of workers that exceed them."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import quote

from support.servers import CRAWLING, REGIMENS, Served, read_metric, served, wait_until, worker_pids, works

if TYPE_CHECKING:
    from pathlib import Path

    from support.servers import Reply


def ask_at_once(server: Served, number: int, comment: str = "") -> list[Reply]:
    """The answers to several simultaneous slow queries, which differ in a comment so that none is in the cache."""
    with ThreadPoolExecutor(number) as many:
        return list(many.map(lambda count: server.query(f"{CRAWLING} # {comment} {count}"), range(number)))


def test_a_query_that_takes_too_long_is_stopped_and_its_worker_is_replaced(server: Served) -> None:
    wait_until(lambda: len(worker_pids(server)) == 2)
    before = worker_pids(server)
    for reply in ask_at_once(server, 2, "stopped"):
        assert reply.status == 504
        assert "stopped after 1 s." in reply.text
    assert works(server)
    wait_until(lambda: len(worker_pids(server)) == 2)
    assert before.isdisjoint(worker_pids(server))


def test_queries_are_refused_if_too_many_wait(server: Served) -> None:
    replies = ask_at_once(server, 8, "waiting")
    statuses = [reply.status for reply in replies]
    assert set(statuses) == {503, 504}
    assert statuses.count(503) >= 2
    refused = next(reply for reply in replies if reply.status == 503)
    assert refused.headers["retry-after"] == "1"
    assert works(server)


def test_a_waiting_query_is_refused_after_the_time_limit_of_a_query(built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path / "log", "--seconds", "1", "--at-once", "1") as server:
        replies = ask_at_once(server, 3)
        assert {503, 504} == {reply.status for reply in replies}
        late = next(reply for reply in replies if reply.status == 503)
        assert ("No worker became free within 1 s." in late.text, late.headers["retry-after"]) == (True, "1")


def test_a_query_ends_if_its_client_disconnects(built: Path, tmp_path: Path) -> None:
    """Two queries run and two wait; all four end with their connections, long before the time limit."""
    with served(built, tmp_path / "log", "--seconds", "600") as server:
        with ExitStack() as clients:
            for number in range(4):
                client = clients.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                request = f"GET /sparql?query={quote(f'{CRAWLING} # {number}')} HTTP/1.1\r\nHost: x\r\n\r\n"
                client.sendall(request.encode())
            wait_until(lambda: read_metric(server, "ldnkg_queries_waiting") == 2)
        assert works(server)
        wait_until(lambda: server.log.read_text("utf-8").count("GET sparql 499") == 4)
        assert "Traceback" not in server.log.read_text("utf-8")


def recovers(server: Served) -> bool:
    """Whether the server answers a query after the stopped workers are replaced."""
    return any(server.query(REGIMENS).status == 200 for _ in range(20))


def test_health_is_reported_while_all_workers_are_busy(server: Served) -> None:
    with ThreadPoolExecutor(2) as many:
        slow = [many.submit(server.query, f"{CRAWLING} # health {number}") for number in range(2)]
        seen = set()
        while not all(reply.done() for reply in slow):
            seen.add(server.ask("/health").text)
        assert {reply.result().status for reply in slow} <= {503, 504}
    assert '{"answers":true,"busy":true}' in seen
    assert recovers(server)


def test_an_answer_that_is_too_large_is_refused(server: Served) -> None:
    for query in ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        reply = server.query(query, "application/n-triples, application/json")
        assert reply.status == 422
        assert "larger than 300,000 bytes" in reply.text
    assert works(server)


def test_a_query_that_takes_too_much_memory_is_refused(built: Path, tmp_path: Path) -> None:
    greedy = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    limits = ("--seconds", "60", "--memory", "150000000", "--at-once", "1")
    with served(built, tmp_path / "log", *limits) as server:
        reply = server.query(greedy)
        assert reply.status == 422
        assert "memory" in reply.text
        assert works(server)
