"""The quads load in bulk into engines on disk, and the questions asked over HTTP have the rows written by hand."""

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
# The columns that hold names and labels, of which each copy has its own.
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
    """Each block of the sections: its language, and what it holds."""
    return [(one[1], one[2]) for title in titles for one in BLOCK.finditer(SECTIONS[title])]


def lines(found: list[tuple[str, str]]) -> list[str]:
    return [line for kind, text in found if kind == "sh" for line in text.splitlines()]


def typed(line: str, folder: Path) -> str:
    """What a line says that is typed in the folder; into a file, for a server goes on holding what it was given."""
    said = folder / "said"
    with said.open("w") as out:
        ended = subprocess.run(
            [str(BASH), "-c", line], cwd=folder, env={**os.environ, "PATH": BESIDE}, stdout=out, stderr=out, timeout=120
        )
    assert ended.returncode == 0, (line, said.read_text("utf-8"))
    return said.read_text("utf-8").replace("\r\n", "\n")


def follow(found: list[tuple[str, str]], folder: Path, servers: ExitStack) -> list[tuple[str, str]]:
    """Do what the blocks say, in the folder, and return each output that they show with the one that came."""
    compared: list[tuple[str, str]] = []
    said = ""
    for kind, text in found:
        if kind == "text":
            compared.append((text, said))
        elif kind in FILES:
            (folder / FILES[kind]).write_text(text, "utf-8")
        else:
            for line in [one for one in text.splitlines() if one != COPY and not one.startswith(INSTALLS)]:
                serves = line.startswith("oxigraph serve")
                said = servers.enter_context(serving(line, folder)) or "" if serves else typed(line, folder)
    return compared


@contextmanager
def stored(files: list[Path], folder: Path, *options: str) -> Iterator[str]:
    """Load the files into a store on disk by the command of Oxigraph, and serve it; yield the address of its query."""
    subprocess.run([str(OXIGRAPH), "load", "--location", "store", "--file", *files], cwd=folder, check=True)
    port = free_port()
    with serving(" ".join(["oxigraph serve-read-only --location store --bind", f"127.0.0.1:{port}", *options]), folder):
        yield f"http://127.0.0.1:{port}/query"


@pytest.fixture(scope="module")
def quads(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The N-Quads of the publication."""
    path = tmp_path_factory.mktemp("quads") / "ldn-kg.nq"
    path.write_bytes(write_nquads(publication))
    return path


def expected(name: str, expand: Expand) -> tuple[list[str], Rows]:
    """The rows of the publication and those of the copies, made from what was written by hand."""
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
def in_a_store_with_copies(quads: Path) -> Iterator[Ask]:
    """What asks a store on disk that holds the publication and three copies of it."""
    copies = f"ldn-kg-{TIMES}.nq"
    assert COPY in PAGE
    typed(COPY.replace("100", str(TIMES)), quads.parent)
    with stored([quads, quads.with_name(copies)], quads.parent, "--union-default-graph") as address:
        yield endpoint_over(address)


@pytest.mark.parametrize("name", ASKED)
def test_a_store_on_disk_with_copies_has_the_rows_of_each(
    name: str, in_a_store_with_copies: Ask, expand: Expand
) -> None:
    assert in_a_store_with_copies(HERE[name].sparql) == expected(name, expand)


@pytest.mark.external
@pytest.mark.skipif(not OXIGRAPH, reason="the server of Oxigraph is not installed")
def test_without_the_union_a_question_of_the_library_has_no_rows(quads: Path, tmp_path: Path, expand: Expand) -> None:
    with stored([quads], tmp_path) as address:
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


def test_what_two_graphs_say_is_counted_once_by_distinct_alone(quads: Path, files: dict[str, bytes]) -> None:
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
        ((shown, came),) = follow(elsewhere(blocks("The files", "Oxigraph")), tmp_path, servers)
    assert came == shown
    whole = (tmp_path / "ldn-kg" / "ldn-kg.nq").read_text("utf-8")
    assert len(list((tmp_path / "parts").iterdir())) == 4
    assert typed("gzip -dc parts/ldn-kg-*.nq.gz", tmp_path) == whole
    for part in (tmp_path / "parts").iterdir():
        assert list(ox.parse(typed(f"gzip -dc {part}", tmp_path), format=ox.RdfFormat.N_QUADS))


class Running(NamedTuple):
    """A Virtuoso that the page has started: its folder, what it showed and what came, and what asks it."""

    folder: Path
    compared: list[tuple[str, str]]
    isql: str
    ask: Ask


@pytest.fixture(scope="module", params=[pytest.param("virtuoso", marks=in_bulk)])
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Virtuoso, as the page has it loaded; ended as the page says, else by its id."""
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
            ended(folder / "virtuoso.lck")


def ended(lock: Path) -> None:
    """Wait until the server has taken its lock away, and end it by its id where it does not."""
    for _ in range(500):
        if not lock.exists():
            return
        time.sleep(0.02)
    os.kill(int(lock.read_text("utf-8").rpartition("=")[2]), signal.SIGKILL)


def answering(url: str) -> Ask:
    """What asks Virtuoso, whose answer to ASK is a table: a row for yes, none for no."""
    asked = endpoint_over(url)

    def ask(sparql: str) -> tuple[list[str], Rows]:
        head, rows = asked(sparql)
        return (head, rows) if head != ["__ASK_RETVAL"] else (["answer"], Counter([(str(bool(rows)).lower(),)]))

    return ask


def test_the_page_works_with_virtuoso(virtuoso: Running) -> None:
    ((shown, came),) = virtuoso.compared
    assert came == shown
    (listing,) = [line for line in lines(elsewhere(blocks("Virtuoso"))) if "load_list" in line]
    query = listing[listing.index("BANNER") :]
    assert typed(f"{virtuoso.isql} {query}", virtuoso.folder).strip() == ""
    assert "ldn-kg-01" in typed(f"{virtuoso.isql} {query.replace('<> 2', '= 2')}", virtuoso.folder)


@pytest.mark.parametrize(("name", "path"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_virtuoso_gives_the_rows_written_by_hand(name: str, path: Path, virtuoso: Running, expand: Expand) -> None:
    assert virtuoso.ask(HERE[name].asked(given(path, expand))) == by_hand(path, expand)


def test_virtuoso_still_takes_a_variable_of_values_for_any_thing(virtuoso: Running, expand: Expand) -> None:
    """Where this is no longer so, the page need not warn of it, nor `dose-of` say that a regimen is one."""
    path = ANSWERS / "dose-of--regimen=CHEBI_7465.csv"
    right = HERE["dose-of"].asked(given(path, expand))
    wrong = right.replace("?regimen a ldn:Regimen ;", "?regimen")
    assert wrong != right
    assert (len(virtuoso.ask(right)[1]), len(virtuoso.ask(wrong)[1])) == (0, 1)


def test_virtuoso_loads_nothing_without_a_name_for_the_graph(virtuoso: Running) -> None:
    named = virtuoso.folder / "parts" / "named"
    named.mkdir()
    shutil.copy(named.with_name("ldn-kg-01.nq.gz"), named)

    def registered() -> int:
        typed(f"""{virtuoso.isql} "EXEC=ld_dir('parts/named', '*.nq.gz', NULL);" """, virtuoso.folder)
        select = "EXEC=SELECT ll_graph FROM DB.DBA.load_list WHERE ll_file LIKE 'parts/named/%';"
        return typed(f'{virtuoso.isql} BANNER=OFF VERBOSE=OFF "{select}"', virtuoso.folder).count("https://w3id.org/")

    assert registered() == 0
    (named / "ldn-kg-01.nq.gz.graph").write_text("https://w3id.org/ldn-kg/\n")
    assert registered() == 0
    (named / "ldn-kg-01.nq.graph").write_text("https://w3id.org/ldn-kg/\n")
    assert registered() == 1
    forget = "EXEC=DELETE FROM DB.DBA.load_list WHERE ll_file LIKE 'parts/named/%';"
    typed(f'{virtuoso.isql} "{forget}"', virtuoso.folder)


def test_virtuoso_gives_a_row_for_each_graph(virtuoso: Running) -> None:
    twice = "GRAPH <urn:g1> { <urn:a> <urn:b> <urn:c> } GRAPH <urn:g2> { <urn:a> <urn:b> <urn:c> }"
    typed(f'{virtuoso.isql} "EXEC=SPARQL INSERT DATA {{ {twice} }};"', virtuoso.folder)
    assert virtuoso.ask("SELECT ?o { <urn:a> <urn:b> ?o }")[1] == Counter({("urn:c",): 2})
    assert virtuoso.ask("SELECT DISTINCT ?o { <urn:a> <urn:b> ?o }")[1] == Counter({("urn:c",): 1})


@pytest.mark.external
@pytest.mark.skipif(not QLEVER, reason="no command of QLever is named in LDNKG_QLEVER")
def test_the_command_of_qlever_would_load_each_part(quads: Path, tmp_path: Path) -> None:
    (tmp_path / "ldn-kg").mkdir()
    shutil.copy(quads, tmp_path / "ldn-kg")
    for line in lines(blocks("The files")):
        if line.startswith(("mkdir ", "split ")):
            typed(line, tmp_path)
    follow([block for block in blocks("QLever") if block[0] in FILES], tmp_path, ExitStack())
    loads, serves = (typed(f"{QLEVER} {what} --show", tmp_path) for what in ("index", "start"))
    streams = re.findall(r"-f <\(gzip -dc (\S+)\) -g - -F nq", loads)
    assert streams == [f"parts/ldn-kg-{number:02}.nq.gz" for number in range(1, 5)]
    assert " -p 7001 " in serves


SIZES = dict(re.findall(r"^\| (the publication|\d+ cop\w+) \| (.+) \|$", SECTIONS["The files"], re.MULTILINE))


def sizes(content: bytes) -> list[int]:
    """The bytes, the bytes gzipped, and the quads."""
    return [len(content), len(gzip.compress(content, mtime=0)), content.count(b"\n")]


def shown(what: str) -> list[int]:
    return [int(number.replace(",", "")) for number in SIZES[what].split(" | ")]


def test_the_sizes_on_the_page_are_those_of_the_files(quads: Path) -> None:
    """All but what is gzipped, which is near enough: that the library of compression decides, too."""
    assert list(SIZES) == ["the publication", "1 copy", "10 copies"]
    found = {"the publication": quads.read_bytes(), "1 copy": copied(1, quads), "10 copies": copied(10, quads)}
    for what, content in found.items():
        size, gzipped, number = shown(what)
        assert [size, pytest.approx(gzipped, rel=0.05), number] == sizes(content), what


def copied(times: int, beside: Path) -> bytes:
    """What the page's command writes for that many copies."""
    name = f"copies-{times}.nq"
    typed(COPY.replace("100 ", f"{times} ").replace("ldn-kg-100.nq", name), beside.parent)
    return beside.with_name(name).read_bytes()


def test_what_a_further_copy_adds_is_what_the_page_says() -> None:
    """The quads of 1 and of 10 copies, which the test above has counted, lead to those of 100."""
    one, ten = shown("1 copy")[2], shown("10 copies")[2]
    more, hundred = re.findall(r"further copy has ([\d,]+) quads.+ 100 copies have ([\d,]+)\.", PAGE)[0]
    assert (ten - one) % 9 == 0
    assert (more, hundred) == (f"{(ten - one) // 9:,}", f"{one + 11 * (ten - one):,}")


def test_what_is_not_run_is_said_to_be_so() -> None:
    shown = {title: [kind for kind, _ in blocks(title)] for title in SECTIONS}
    assert [title for title, kinds in shown.items() if "bash" in kinds] == ["QLever", "GraphDB", "Neptune"]
    assert [title for title, text in SECTIONS.items() if NOT_RUN in text] == ["QLever", "GraphDB", "Neptune"]
    assert [title for title, kinds in shown.items() if "sh" in kinds] == ["The files", "Oxigraph", "Virtuoso"]


def test_the_files_for_the_engines_that_are_not_run_can_be_read() -> None:
    (config,) = [text for kind, text in blocks("GraphDB") if kind == "turtle"]
    said = {
        quad.predicate.value.rpartition("#")[2]: quad.object for quad in ox.parse(config, format=ox.RdfFormat.TURTLE)
    }
    assert (said["repositoryID"], said["ruleset"]) == (ox.Literal("ldn-kg"), ox.Literal("empty"))
    (request,) = [text for kind, text in blocks("Neptune") if kind == "json"]
    assert json.loads(request)["format"] == "nquads"
    assert json.loads(request)["parserConfiguration"] == {"namedGraphUri": "https://w3id.org/ldn-kg/"}


def test_what_is_installed_for_the_page_is_what_it_says() -> None:
    kept = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = re.findall(r"^(?:pip|apt-get) install '?([^'\n]+)", PAGE, re.MULTILINE)
    assert wanted == ["oxigraph>=0.5.13,<0.6", "virtuoso-opensource-7-bin", "qlever>=0.6,<0.7"]
    assert [word for word in wanted if word not in kept] == []
