"""Every figure on a page equals a count that is made here, and every link of a page leads to a file and an anchor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import rdflib
from rdflib.namespace import RDF, VOID

from ldnkg.writing.folder import write_files
from support.html import lines, parsed, text, tree
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

PAGES = ("index.html", "ontology.html", "questions.html")
BASE = "https://w3id.org/ldn-kg/"
LDN = rdflib.Namespace(f"{BASE}ontology#")
DATASET = rdflib.URIRef(BASE)
# Figures that the graph states of an entity itself; any other figure is a count.
STATED = re.compile(
    r"rank|direction of effect|net (effect|polarity)|position|number|start|end|length|white ?space|year|pmid|version|"
    r"publi[sc]|date|minimum|maximum|dose"
)


def files_to_count() -> list[Path]:
    return [path for path in (ROOT / "queries").rglob("*.rq") if path.parent.parent.name != "pitfalls"]


def count(name: str, entry: str, key: str, published: rdflib.Graph) -> int | None:
    """Return the count that a key of an entry states, or nothing if the key states no count."""
    claims = set(published.subjects(RDF.type, LDN.Claim))
    if key == "questions":
        return len([path for path in files_to_count() if entry in {"", path.parent.name}])
    if key == "triples":
        return len(published)
    if key.endswith("with this relation"):
        kind = LDN.CuratorClaim if "curators" in key else LDN.SourceClaim if "sources" in key else LDN.Claim
        return len(
            [
                claim
                for claim in published.subjects(RDF.type, kind)
                if published.value(claim, RDF.predicate) == LDN[entry]
            ]
        )
    if key in {"claims at this level", "number of claims"} and name != "index.html":
        return len([claim for claim in claims if published.value(claim, LDN.certainty) == LDN[entry]])
    if key.startswith(("claims of ", "number of claims of ")):
        kind = LDN.CuratorClaim if "curators" in key else LDN.SourceClaim
        of_kind = [claim for claim in claims if (claim, RDF.type, kind) in published]
        if name == "index.html":
            return len(of_kind)
        return len([claim for claim in of_kind if published.value(claim, LDN.certainty) == LDN[entry]])
    if key == "number of claims":
        return len(claims)
    if key == "number of entities":
        ends = {published.value(claim, end) for claim in claims for end in (RDF.subject, RDF.object)}
        return len(ends - claims)
    return None


def figures(page: Element) -> dict[tuple[str, str], str]:
    """Return each value of the page that is a whole number, by entry and key."""
    found = {}
    for node in page.iter("article"):
        for key, values in lines(node).items():
            if len(values) == 1 and re.fullmatch(r"-?[\d,]+", values[0][0]):
                found[node.get("id", ""), key] = values[0][0]
    return found


def find_wrong_figures(page: Element, name: str, published: rdflib.Graph) -> dict[tuple[str, str], str]:
    wrong = {}
    for (entry, key), value in figures(page).items():
        short = "" if entry in {"about", "query/prefixes"} else entry.rpartition("/")[2]
        expected = count(name, short, key, published)
        if str(expected) != value and not (expected is None and STATED.search(key)):
            wrong[entry, key] = value
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_a_count_of_the_graph(files: dict[str, bytes], published: rdflib.Graph, name: str) -> None:
    assert find_wrong_figures(parsed(files, name), name, published) == {}


def test_a_wrong_figure_is_detected(files: dict[str, bytes], published: rdflib.Graph) -> None:
    number = len(files_to_count())
    spoilt = files["questions.html"].replace(f"<dd>{number}</dd>".encode(), f"<dd>{number * 25}</dd>".encode())
    wrong = find_wrong_figures(tree(spoilt), "questions.html", published)
    assert list(wrong.values()) == [str(number * 25)]


@pytest.mark.parametrize("name", PAGES)
def test_the_numbers_of_sections_and_lists_are_those_of_their_entries(files: dict[str, bytes], name: str) -> None:
    page = parsed(files, name)
    sections = {text(next(part.iter("h2"))): len(list(part.iter("article"))) for part in page.iter("section")}
    shown = dict(
        re.findall(
            r"^(.*) \((\d+)\)$", "\n".join(text(item) for item in next(page.iter("nav")).iter("li")), re.MULTILINE
        )
    )
    assert {title: int(number) for title, number in shown.items()} == sections
    folded = [(text(next(part.iter("summary"))), len(list(part.iter("li")))) for part in page.iter("details")]
    assert [number for number, _ in folded] == [str(length) for _, length in folded]
    assert folded or name == "index.html"


SECTIONS = {"Claims": "Claim", "Mechanisms": "Mechanism", "Regimens": "Regimen", "Own concepts": "Concept"}


def test_the_sections_have_every_entity_of_the_graph(files: dict[str, bytes], published: rdflib.Graph) -> None:
    page = parsed(files, "index.html")
    sections = {text(next(part.iter("h2"))): len(list(part.iter("article"))) for part in page.iter("section")}
    kinds = SECTIONS | {"Sentences": "Sentence", "Hedges": "Hedge", "Steps of the mechanisms": "MechanismStep"}
    assert {title: sections[title] for title in kinds} == {
        title: len(set(published.subjects(RDF.type, LDN[kind]))) for title, kind in kinds.items()
    }
    assert int(str(published.value(DATASET, VOID.triples))) == len(published)


# --- links, followed on the disk


@pytest.fixture(scope="module")
def folders(
    files: dict[str, bytes], files_by_format: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A folder with a build, and one with a build and every export."""
    exported = {name: content for form in files_by_format.values() for name, content in form.items()}
    made = {name: tmp_path_factory.mktemp(name) for name in ("built", "exported")}
    write_files(files, made["built"])
    write_files(files | exported, made["exported"])
    return made


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", ["built", "exported"])
def test_every_relative_link_leads_to_a_file_and_an_anchor(folders: dict[str, Path], kind: str, name: str) -> None:
    links = read_links(folders[kind] / name)
    assert len(links) > 100
    assert {link for link in links if not leads(folders[kind] / name, link)} == set()
    for wrong in ("no-such-file.ttl", "index.html#no-such-anchor", "#no-such-anchor", "kgx/"):
        assert not leads(folders[kind] / name, wrong)


@pytest.mark.parametrize("name", PAGES)
def test_every_address_of_the_publication_is_a_file_or_is_described(
    folders: dict[str, Path], published: rdflib.Graph, files: dict[str, bytes], name: str
) -> None:
    """An absolute address is one of a file that a build or an export writes, or of an entity of the graph."""
    known = set(map(str, published.subjects())) | set(map(str, published.objects(None, VOID.sparqlEndpoint)))
    for page in (
        "ontology.ttl",
        "queries.ttl",
        "shapes.ttl",
        *(name for name in files if name.startswith("alignments/")),
    ):
        known |= {str(node) for triple in rdflib.Graph().parse(data=files[page], format="turtle") for node in triple}
    links = {link for link in read_links(folders["built"] / name) if link.startswith(BASE)}
    unknown = {link for link in links - known if not (folders["exported"] / link.removeprefix(BASE)).is_file()}
    assert unknown - WRITTEN_LATER == set()


# Written by the commands `build` and `export` themselves, beside the files of the formats.
WRITTEN_LATER = {f"{BASE}{name}" for name in ("SHA256SUMS.export", "losses.tsv")}


def read_links(page: Path) -> set[str]:
    elements = tree(page.read_bytes()).iter()
    return {value for element in elements for key in ("href", "src") if (value := element.get(key))}


def leads(page: Path, link: str) -> bool:
    """Return whether a link, resolved against the address of the page on the disk, leads to something."""
    if urlsplit(link).scheme:
        return True
    path, fragment = urldefrag(link)
    target = page.parent / unquote(path) if path else page
    if not target.is_file():
        return False
    anchors = {element.get("id") for element in tree(target.read_bytes()).iter()} if target.suffix == ".html" else set()
    return not fragment or unquote(fragment) in anchors
