"""The mechanism map shows each step as an event, at the certainty of its claim, and no box covers another."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ldnkg.exports.mechanism_map.layout import CHARACTER, SIDE, Drawing, Start, Step, arrange
from ldnkg.exports.mechanism_map.writer import NAME

if TYPE_CHECKING:
    import rdflib

SVG = "{http://www.w3.org/2000/svg}"
# Written from the article: each lane with its events, in order of the sentences.
LANES = {
    "1. antagonism of Toll-like receptor 4": [
        "receptor Toll-like receptor 4 ↓ antagonised",
        "process production of pro-inflammatory cytokines ↓ inhibited",
    ],
    "2. opioid rebound": [
        "process opioid receptor signalling ↓ blocked",
        "process production of endogenous opioids ↑ increased",
    ],
    "3. microglial inhibition": ["cell type microglial cell ↓ inhibited", "process neuroprotection ↑ produced"],
}
SIDES = ["regimen low-dose naltrexone 1–5 mg/d", "condition neuroinflammatory pain ↓ decreased"]
UNCLEAR = {"claim/mechanism-of-analgesia-is-unclear", "claim/mechanism-of-anti-inflammation-is-unclear"}


@pytest.fixture(scope="module")
def picture(files: dict[str, bytes]) -> ET.Element:
    return ET.fromstring(files[NAME])  # noqa: S314


def read_boxes(picture: ET.Element, shape: str) -> list[str]:
    """The words of each box of a shape, in order."""
    groups = [group for group in picture.iter(f"{SVG}g") if group[0].get("class") == shape]
    return [" ".join(text.text or "" for text in group.iter(f"{SVG}text")) for group in groups]


def read_arrows(picture: ET.Element) -> dict[str, tuple[str, str, str]]:
    """For each claim that an arrow links to: the rank in its style, its sentences and its certainty in words."""
    arrows = {}
    for link in picture.iter(f"{SVG}a"):
        path = link.find(f"{SVG}path")
        if path is not None:
            sentences, certainty, *origin = (text.text or "" for text in link.iter(f"{SVG}text"))
            rank = re.sub(r"\D", "", path.get("class") or "")
            arrows[(link.get("href") or "").partition("#")[2]] = (rank, sentences, " ".join([certainty, *origin]))
    return arrows


def test_the_events_of_each_lane_are_those_of_the_article(picture: ET.Element) -> None:
    names = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "name"]
    assert names == list(LANES)
    assert read_boxes(picture, "box") == [event for events in LANES.values() for event in events]
    assert read_boxes(picture, "side") == SIDES


def find_wrong_arrows(picture: ET.Element, graph: rdflib.Graph) -> set[str]:
    """The claims whose arrow has another rank, certainty or sentence than the graph."""
    query = """
        PREFIX ldn: <https://w3id.org/ldn-kg/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?claim ?rank ?word ?number {
            ?step ldn:stepClaim ?claim . ?claim ldn:certainty ?level ; prov:wasDerivedFrom/ldn:number ?number .
            ?level ldn:rank ?rank ; rdfs:label ?certainty
            BIND (CONCAT(?certainty, IF(EXISTS { ?claim a ldn:CuratorClaim }, " our inference", "")) AS ?word) }"""
    expected: dict[str, tuple[str, set[str], str]] = {}
    for claim, rank, word, number in graph.query(query):  # type: ignore[misc]
        name = str(claim).partition("/ldn-kg/")[2]
        expected.setdefault(name, (str(rank), set(), str(word)))[1].add(f"s{number}")
    drawn = {name: (rank, set(said.split(", ")), word) for name, (rank, said, word) in read_arrows(picture).items()}
    assert len(expected) == 9
    return {name for name in expected | drawn if expected.get(name) != drawn.get(name)}


def test_each_arrow_has_the_certainty_and_the_sentences_of_its_claim(
    picture: ET.Element, published: rdflib.Graph
) -> None:
    assert find_wrong_arrows(picture, published) == set()


def test_an_arrow_of_another_certainty_is_found(files: dict[str, bytes], published: rdflib.Graph) -> None:
    surer = files[NAME].replace(b"arrow rank-2", b"arrow rank-5", 1)
    bare = files[NAME].replace(b">hypothesised</text></a>", b">established</text></a>", 1)
    for altered in (surer, bare):
        wrong = find_wrong_arrows(ET.fromstring(altered), published)  # noqa: S314
        assert wrong == {"claim/low-dose-naltrexone-antagonises-tlr4"}


def test_exactly_the_steps_of_curators_are_marked_as_inferences(picture: ET.Element) -> None:
    marked = {name for name, (_, _, words) in read_arrows(picture).items() if words.endswith(" our inference")}
    assert marked == {
        "claim/lower-cytokine-production-decreases-neuroinflammatory-pain",
        "claim/endogenous-opioid-increase-decreases-neuroinflammatory-pain",
    }


def test_what_is_unclear_stands_below_the_map(picture: ET.Element) -> None:
    links = {(link.get("href") or "").partition("#")[2] for link in picture.iter(f"{SVG}a")}
    assert links >= UNCLEAR


def test_each_link_leads_to_an_entry_of_the_index(picture: ET.Element, files: dict[str, bytes]) -> None:
    ids = set(re.findall(r'id="([^"]+)"', files["index.html"].decode()))
    links = [(link.get("href") or "").partition("#") for link in picture.iter(f"{SVG}a")]
    assert {page for page, _, _ in links} == {"index.html"}
    assert {anchor for _, _, anchor in links} - ids == set()


def make_chain(name: str, length: int, start: str = "start", end: str = "end") -> list[Step]:
    """A mechanism of so many steps with labels of several words."""
    label = "a process with a rather long name"
    row = {"name": name, "start": start, "end": end, "says": "", "entity": "", "label": label, "kind": "process"}
    return [
        Step(mechanism=name, position=str(number), claim=f"{name}-{number}", event="increased", direction="1", rank="2",
             certainty="hypothesised", origin="", sentences="s1", **row)
        for number in range(1, length + 1)
    ]  # fmt: skip


def check_places(drawing: Drawing) -> None:
    """Boxes of a lane follow each other without overlap, each arrow joins two boxes, and words fit their box."""
    for lane in drawing.lanes:
        edges = [(box.x, box.x + box.width) for box in lane.boxes]
        assert all(left[1] < right[0] for left, right in pairwise(edges))
        assert all(lane.y <= box.y and box.y + box.height <= lane.y + lane.height for box in lane.boxes)
        ends = {drawing.sides[0].x + SIDE, *(end for _, end in edges)}
        assert {arrow.x for arrow in lane.arrows} == ends
        assert all(arrow.x + arrow.width <= drawing.width for arrow in lane.arrows)
        words = [(line, box.width) for box in lane.boxes for line in box.lines]
        assert all(len(line) * CHARACTER <= width for line, width in words)
    tops = [(lane.y, lane.y + lane.height) for lane in drawing.lanes]
    assert all(above[1] < below[0] for above, below in pairwise(tops))


@pytest.mark.parametrize("lengths", [[1], [2], [6], [1, 4, 2]], ids=str)
def test_mechanisms_of_any_length_are_placed_without_overlap(lengths: list[int]) -> None:
    steps = [step for number, length in enumerate(lengths) for step in make_chain(f"m{number}", length)]
    drawing = arrange(steps, [Start("start", "a drug", "drug", "")])
    assert [len(lane.arrows) for lane in drawing.lanes] == lengths
    assert [len(lane.boxes) for lane in drawing.lanes] == [length - 1 for length in lengths]
    check_places(drawing)


def test_neighbouring_mechanisms_share_a_side_only_if_it_is_the_same() -> None:
    steps = [*make_chain("a", 2), *make_chain("b", 2, end="other"), *make_chain("c", 2, end="other")]
    drawing = arrange(steps, [Start("start", "a drug", "drug", "")])
    assert len(drawing.sides) == 3
    check_places(drawing)


def test_a_box_that_covers_another_is_seen() -> None:
    drawing = arrange(make_chain("a", 3), [Start("start", "a drug", "drug", "")])
    lane = drawing.lanes[0]
    moved = lane.boxes[1]._replace(x=lane.boxes[0].x)
    with pytest.raises(AssertionError):
        check_places(drawing._replace(lanes=[lane._replace(boxes=[lane.boxes[0], moved])]))
