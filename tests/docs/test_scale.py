"""The quads load in bulk into engines on disk, and queries over HTTP return the rows that were written by hand."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest

from ldnkg.exports.rdf.writer import write_nquads
from support.guides import read_pins
from support.paths import ROOT
from support.programs import BESIDE, BLOCK, OXIGRAPH, elsewhere, serving
from support.querying import by_hand, endpoint_over, given
from support.questions import ANSWERS, HERE, cases
from support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.publication.graph import Publication
    from support.querying import Rows

    Ask = Callable[[str], tuple[list[str], Rows]]
    Expand = Callable[[str], str]

PAGE = (ROOT / "docs" / "scale.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
NOT_RUN = "**Not run**"
FILES = {"sparql": "question.rq", "ini": "virtuoso.ini", "Qleverfile": "Qleverfile"}
INSTALLS = ("pip install ", "apt-get install ")
COPY, TIMES = "python -m bench.quads 100 ldn-kg-100.nq", 3
HEADLINE = "drug-receptor-mechanism-condition-citation"
# The columns with names and labels, which are different in each copy.
ASKED = {
    HEADLINE: {"drug", "regimen", "receptor", "mechanism", "condition"},
    "weakest-steps": {"name", "says", "claim", "mechanism"},
    "is-a-fact-without-claim": set[str](),
}
BASH = shutil.which("bash")
VIRTUOSO = shutil.which("virtuoso-t") and shutil.which("isql-vt")
QLEVER = os.environ.get("LDNKG_QLEVER")
on_disk = [
    pytest.mark.external,
    pytest.mark.skipif(not OXIGRAPH, reason="the server of Oxigraph is not installed"),
]
in_bulk = [
    pytest.mark.external,
    pytest.mark.skipif(not (VIRTUOSO and shutil.which("curl")), reason="Virtuoso, or curl, is not installed"),
]


def blocks(*titles: str) -> list[tuple[str, str]]:
    """Return the language and the content of each block of the sections."""
    return [(one[1], one[2]) for title in titles for one in BLOCK.finditer(SECTIONS[title])]


def lines(found: list[tuple[str, str]]) -> list[str]:
    return [line for kind, text in found if kind == "sh" for line in text.splitlines()]


def run_line(line: str, folder: Path) -> str:
    """Return the output of a shell line; it goes to a file because a server would keep a pipe open."""
    output = folder / "output"
    with output.open("w") as out:
        ended = subprocess.run(
            [str(BASH), "-c", line], cwd=folder, env={**os.environ, "PATH": BESIDE}, stdout=out, stderr=out, timeout=120
        )
    assert ended.returncode == 0, (line, output.read_text("utf-8"))
    return output.read_text("utf-8").replace("\r\n", "\n")


def follow(found: list[tuple[str, str]], folder: Path, servers: ExitStack) -> list[tuple[str, str]]:
    """Run the blocks in the folder, and return each output that they show with the actual output."""
    compared: list[tuple[str, str]] = []
    actual = ""
    for kind, text in found:
        if kind == "text":
            compared.append((text, actual))
        elif kind in FILES:
            (folder / FILES[kind]).write_text(text, "utf-8")
        else:
            for line in [one for one in text.splitlines() if one != COPY and not one.startswith(INSTALLS)]:
                serves = line.startswith("oxigraph serve")
                actual = servers.enter_context(serving(line, folder)) or "" if serves else run_line(line, folder)
    return compared


@contextmanager
def serve_store(files: list[Path], folder: Path, *options: str) -> Iterator[str]:
    """Load the files into a store on disk with the command `oxigraph`, serve it, and yield its query endpoint."""
    subprocess.run([str(OXIGRAPH), "load", "--location", "store", "--file", *files], cwd=folder, check=True)
    port = free_port()
    with serving(" ".join(["oxigraph serve-read-only --location store --bind", f"127.0.0.1:{port}", *options]), folder):
        yield f"http://127.0.0.1:{port}/query"


@pytest.fixture(scope="module")
def quads(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the N-Quads of the publication."""
    path = tmp_path_factory.mktemp("quads") / "ldn-kg.nq"
    path.write_bytes(write_nquads(publication))
    return path


def expected(name: str, expand: Expand) -> tuple[list[str], Rows]:
    """Return the rows of the publication, which were written by hand, and the same rows for each copy."""
    head, rows = by_hand(ANSWERS / f"{name}.csv", expand)
    copied = [
        tuple(
            renamed(value, number) if column in ASKED[name] else value for column, value in zip(head, row, strict=True)
        )
        for number in range(TIMES if ASKED[name] else 0)
        for row in rows.elements()
    ]
    return head, rows + Counter(copied)


def renamed(value: str, number: int) -> str:
    return value and value + (f"-{number}" if value.startswith("http") else f" {number}")


@pytest.fixture(scope="module", params=[pytest.param("oxigraph", marks=on_disk)])
def store_with_copies(quads: Path) -> Iterator[Ask]:
    """Yield a function that queries a store on disk with the publication and three copies of it."""
    copies = f"ldn-kg-{TIMES}.nq"
    assert COPY in PAGE
    run_line(COPY.replace("100", str(TIMES)), quads.parent)
    with serve_store([quads, quads.with_name(copies)], quads.parent, "--union-default-graph") as address:
        yield endpoint_over(address)


@pytest.mark.parametrize("name", ASKED)
def test_a_store_with_copies_returns_the_rows_of_each_copy(name: str, store_with_copies: Ask, expand: Expand) -> None:
    assert store_with_copies(HERE[name].sparql) == expected(name, expand)


@pytest.mark.external
@pytest.mark.skipif(not OXIGRAPH, reason="the server of Oxigraph is not installed")
def test_without_the_union_a_question_of_the_library_has_no_rows(quads: Path, tmp_path: Path, expand: Expand) -> None:
    with serve_store([quads], tmp_path) as address:
        head, rows = by_hand(ANSWERS / f"{HEADLINE}.csv", expand)
        assert endpoint_over(address)(HERE[HEADLINE].sparql) == (head, Counter())
        assert endpoint_over(f"{address}?union-default-graph")(HERE[HEADLINE].sparql) == (head, rows)


def test_the_union_of_the_named_graphs_alone_is_not_enough(quads: Path) -> None:
    store = ox.Store()
    store.load(path=quads, format=ox.RdfFormat.N_QUADS)
    named = [graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]

    def rows(*outside: ox.DefaultGraph) -> int:
        answer = store.query(HERE[HEADLINE].sparql, default_graph=[*named, *outside])
        assert isinstance(answer, ox.QuerySolutions)
        return len(list(answer))

    assert (rows(), rows(ox.DefaultGraph())) == (0, 3)


def test_no_triple_stands_in_two_graphs(quads: Path) -> None:
    triples = Counter(quad.triple for quad in ox.parse(path=quads, format=ox.RdfFormat.N_QUADS))
    assert [str(triple) for triple, times in triples.items() if times > 1] == []


def test_only_distinct_counts_a_triple_in_two_graphs_once(quads: Path, files: dict[str, bytes]) -> None:
    store = ox.Store()
    store.load(path=quads, format=ox.RdfFormat.N_QUADS)
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://example.org/again"))
    claims = "PREFIX ldn: <https://w3id.org/ldn-kg/ontology#> SELECT ({} AS ?n) {{ ?claim a ldn:Claim }}"

    def counted(what: str) -> int:
        answer = store.query(claims.format(what), use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        return int(next(answer)["n"].value)

    assert counted("COUNT(?claim)") == 2 * counted("COUNT(DISTINCT ?claim)") > 0


@pytest.mark.external
@pytest.mark.skipif(not (OXIGRAPH and shutil.which("curl")), reason="the server of Oxigraph, or curl, is not installed")
def test_the_page_works_with_oxigraph(tmp_path: Path) -> None:
    with ExitStack() as servers:
        ((shown, actual),) = follow(elsewhere(blocks("The files", "Oxigraph")), tmp_path, servers)
    assert actual == shown
    whole = (tmp_path / "ldn-kg" / "ldn-kg.nq").read_text("utf-8")
    assert len(list((tmp_path / "parts").iterdir())) == 4
    assert run_line("gzip -dc parts/ldn-kg-*.nq.gz", tmp_path) == whole
    for part in (tmp_path / "parts").iterdir():
        assert list(ox.parse(run_line(f"gzip -dc {part}", tmp_path), format=ox.RdfFormat.N_QUADS))


class Running(NamedTuple):
    """A Virtuoso server started with the commands of the page: its folder, the outputs, and how to query it."""

    folder: Path
    compared: list[tuple[str, str]]
    isql: str
    ask: Ask


@pytest.fixture(scope="module", params=[pytest.param("virtuoso", marks=in_bulk)])
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start and load Virtuoso with the commands of the page; stop it with its command, or else by process id."""
    folder = tmp_path_factory.mktemp("virtuoso")
    question = [block for block in blocks("Oxigraph") if block[0] == "sparql"]
    *found, last = elsewhere(blocks("The files") + question + blocks("Virtuoso"))
    (settings,) = [text for kind, text in found if kind == "ini"]
    sql, http = re.findall(r"127\.0\.0\.1:\d+", settings)
    with ExitStack() as servers:
        try:
            compared = follow(found, folder, servers)
            yield Running(folder, compared, f"isql-vt {sql} dba dba", answering(f"http://{http}/sparql"))
            follow([last], folder, servers)
        finally:
            wait_for_end(folder / "virtuoso.lck")


def wait_for_end(lock: Path) -> None:
    """Wait until the server removes its lock file, or else kill the server by its process id."""
    for _ in range(500):
        if not lock.exists():
            return
        time.sleep(0.02)
    os.kill(int(lock.read_text("utf-8").rpartition("=")[2]), signal.SIGKILL)


def answering(url: str) -> Ask:
    """Return a function that queries Virtuoso, which answers ASK with a table: one row for true, none for false."""
    asked = endpoint_over(url)

    def ask(sparql: str) -> tuple[list[str], Rows]:
        head, rows = asked(sparql)
        return (head, rows) if head != ["__ASK_RETVAL"] else (["answer"], Counter([(str(bool(rows)).lower(),)]))

    return ask


def test_the_page_works_with_virtuoso(virtuoso: Running) -> None:
    ((shown, actual),) = virtuoso.compared
    assert actual == shown
    (listing,) = [line for line in lines(elsewhere(blocks("Virtuoso"))) if "load_list" in line]
    query = listing[listing.index("BANNER") :]
    assert run_line(f"{virtuoso.isql} {query}", virtuoso.folder).strip() == ""
    assert "ldn-kg-01" in run_line(f"{virtuoso.isql} {query.replace('<> 2', '= 2')}", virtuoso.folder)


@pytest.mark.parametrize(("name", "path"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_virtuoso_gives_the_rows_written_by_hand(name: str, path: Path, virtuoso: Running, expand: Expand) -> None:
    assert virtuoso.ask(HERE[name].asked(given(path, expand))) == by_hand(path, expand)


def test_virtuoso_still_matches_any_node_with_a_variable_of_values(virtuoso: Running, expand: Expand) -> None:
    """If this fails, the page no longer needs its warning, and `dose-of` no longer needs the type of the regimen."""
    path = ANSWERS / "dose-of--regimen=CHEBI_7465.csv"
    right = re.sub(r"  OPTIONAL \{.*?\n  \}\n", "", HERE["dose-of"].asked(given(path, expand)), flags=re.DOTALL)
    wrong = right.replace("?regimen a ldn:Regimen ;", "?regimen")
    assert wrong != right
    assert (len(virtuoso.ask(right)[1]), len(virtuoso.ask(wrong)[1])) == (0, 1)


def test_virtuoso_loads_nothing_without_a_graph_name(virtuoso: Running) -> None:
    named = virtuoso.folder / "parts" / "named"
    named.mkdir()
    shutil.copy(named.with_name("ldn-kg-01.nq.gz"), named)

    def registered() -> int:
        run_line(f"""{virtuoso.isql} "EXEC=ld_dir('parts/named', '*.nq.gz', NULL);" """, virtuoso.folder)
        select = "EXEC=SELECT ll_graph FROM DB.DBA.load_list WHERE ll_file LIKE 'parts/named/%';"
        return run_line(f'{virtuoso.isql} BANNER=OFF VERBOSE=OFF "{select}"', virtuoso.folder).count(
            "https://w3id.org/"
        )

    assert registered() == 0
    (named / "ldn-kg-01.nq.gz.graph").write_text("https://w3id.org/ldn-kg/\n")
    assert registered() == 0
    (named / "ldn-kg-01.nq.graph").write_text("https://w3id.org/ldn-kg/\n")
    assert registered() == 1
    forget = "EXEC=DELETE FROM DB.DBA.load_list WHERE ll_file LIKE 'parts/named/%';"
    run_line(f'{virtuoso.isql} "{forget}"', virtuoso.folder)


def test_virtuoso_returns_one_row_per_graph(virtuoso: Running) -> None:
    twice = "GRAPH <urn:g1> { <urn:a> <urn:b> <urn:c> } GRAPH <urn:g2> { <urn:a> <urn:b> <urn:c> }"
    run_line(f'{virtuoso.isql} "EXEC=SPARQL INSERT DATA {{ {twice} }};"', virtuoso.folder)
    assert virtuoso.ask("SELECT ?o { <urn:a> <urn:b> ?o }")[1] == Counter({("urn:c",): 2})
    assert virtuoso.ask("SELECT DISTINCT ?o { <urn:a> <urn:b> ?o }")[1] == Counter({("urn:c",): 1})


@pytest.mark.external
@pytest.mark.skipif(not QLEVER, reason="no command of QLever is named in LDNKG_QLEVER")
def test_the_qlever_command_would_load_each_part(quads: Path, tmp_path: Path) -> None:
    (tmp_path / "ldn-kg").mkdir()
    shutil.copy(quads, tmp_path / "ldn-kg")
    for line in lines(blocks("The files")):
        if line.startswith(("mkdir ", "split ")):
            run_line(line, tmp_path)
    follow([block for block in blocks("QLever") if block[0] in FILES], tmp_path, ExitStack())
    loads, serves = (run_line(f"{QLEVER} {what} --show", tmp_path) for what in ("index", "start"))
    streams = re.findall(r"-f <\(gzip -dc (\S+)\) -g - -F nq", loads)
    assert streams == [f"parts/ldn-kg-{number:02}.nq.gz" for number in range(1, 5)]
    assert " -p 7001 " in serves


SIZES = dict(re.findall(r"^\| (the publication|\d+ cop\w+) \| (.+) \|$", SECTIONS["The files"], re.MULTILINE))


def sizes(content: bytes) -> list[int]:
    """Return the number of bytes, of gzipped bytes and of quads."""
    return [len(content), len(gzip.compress(content, mtime=0)), content.count(b"\n")]


def shown(what: str) -> list[int]:
    return [int(number.replace(",", "")) for number in SIZES[what].split(" | ")]


def test_the_sizes_on_the_page_are_those_of_the_files(quads: Path) -> None:
    """The gzipped sizes may differ a little, because they depend on the compression library."""
    assert list(SIZES) == ["the publication", "1 copy", "10 copies"]
    found = {"the publication": quads.read_bytes(), "1 copy": copied(1, quads), "10 copies": copied(10, quads)}
    for what, content in found.items():
        size, gzipped, number = shown(what)
        assert [size, pytest.approx(gzipped, rel=0.05), number] == sizes(content), what


def copied(times: int, beside: Path) -> bytes:
    """Return the file that the command of the page writes for this number of copies."""
    name = f"copies-{times}.nq"
    run_line(COPY.replace("100 ", f"{times} ").replace("ldn-kg-100.nq", name), beside.parent)
    return beside.with_name(name).read_bytes()


def test_the_page_gives_the_quads_of_a_further_copy_and_of_100_copies() -> None:
    """The counts of 1 and of 10 copies, which another test checks, determine those of 100."""
    one, ten = shown("1 copy")[2], shown("10 copies")[2]
    more, hundred = re.findall(r"further copy has ([\d,]+) quads.+ 100 copies have ([\d,]+)\.", PAGE)[0]
    assert (ten - one) % 9 == 0
    assert (more, hundred) == (f"{(ten - one) // 9:,}", f"{one + 11 * (ten - one):,}")


def test_sections_that_the_tests_do_not_run_say_so() -> None:
    shown = {title: [kind for kind, _ in blocks(title)] for title in SECTIONS}
    assert [title for title, kinds in shown.items() if "bash" in kinds] == ["QLever", "GraphDB", "Neptune"]
    assert [title for title, text in SECTIONS.items() if NOT_RUN in text] == ["QLever", "GraphDB", "Neptune"]
    assert [title for title, kinds in shown.items() if "sh" in kinds] == ["The files", "Oxigraph", "Virtuoso"]


def test_the_configurations_of_engines_that_are_not_run_are_well_formed() -> None:
    (config,) = [text for kind, text in blocks("GraphDB") if kind == "turtle"]
    settings = {
        quad.predicate.value.rpartition("#")[2]: quad.object for quad in ox.parse(config, format=ox.RdfFormat.TURTLE)
    }
    assert (settings["repositoryID"], settings["ruleset"]) == (ox.Literal("ldn-kg"), ox.Literal("empty"))
    (request,) = [text for kind, text in blocks("Neptune") if kind == "json"]
    assert json.loads(request)["format"] == "nquads"
    assert json.loads(request)["parserConfiguration"] == {"namedGraphUri": "https://w3id.org/ldn-kg/"}


def test_the_tests_install_the_versions_on_the_page() -> None:
    pinned = (ROOT / ".ci" / "run").read_text("utf-8") + read_pins()
    wanted = re.findall(r"^(?:pip|apt-get) install '?([^'\n]+)", PAGE, re.MULTILINE)
    assert wanted == ["oxigraph>=0.5.13,<0.6", "virtuoso-opensource-7-bin", "qlever>=0.6,<0.7"]
    assert [word for word in wanted if word not in pinned] == []
