"""Reads the paths as a user of DrugMechDB does: the links are what it says, the comment is a remark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from facts import Facts

STATES_NO_FACT = True
RELATIONS = {
    "antagonise": "antagonises",
    "block": "blocks",
    "decrease": "decreases",
    "increase": "increases",
    "inhibit": "inhibits",
    "produce": "produces",
}
HEDGED = re.compile(r"(?:whose \w+ )?is (hypothesised|associated|supported|unknown) to (\w+)")
COMPOSITION = "is the ingredient of"


def paths(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [yaml.safe_load(content) for content in files.values()]


def blocks(path: dict[str, Any]) -> list[dict[str, str]]:
    """The comment: what it says of the path, then of each step."""
    found: list[dict[str, str]] = [{}]
    for line in path["comment"].splitlines():
        key, _, value = line.partition(": ")
        if key == "position":
            found.append({})
        found[-1][key] = value
    return found


def steps(files: Mapping[str, bytes]) -> Iterator[tuple[dict[str, Any], dict[str, str], dict[str, str]]]:
    """Each step, as its link and as its remark, with the path."""
    for path in paths(files):
        links = [link for link in path["links"] if link["key"] != COMPOSITION]
        for link, said in zip(links, blocks(path)[1:], strict=True):
            yield path, link, said


def many(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def facts(files: Mapping[str, bytes]) -> Facts:
    found: Facts = {aspect: set() for aspect in ("certainty", "hedge", "dose", "span", "order", "qualifiers")}
    for name, content in files.items():
        head = blocks(yaml.safe_load(content))[0]
        if "dose" in head:
            regimen, dose, _, unit = head["dose"].split(" ")
            found["dose"].add((regimen, *dose.split("-"), unit))
        for _, link, said in steps({name: content}):
            hedged = HEDGED.fullmatch(link["key"])
            assert hedged is None or hedged[1] == said["certainty"]
            found["certainty"].add((said["claim"], said["certainty"]))
            found["hedge"] |= {(said["claim"], hedge) for hedge in many(said.get("hedge", ""))}
            found["order"].add((f"mechanism:{name[11:-5]}", int(said["position"]), said["claim"]))
            found["qualifiers"] |= {(said["claim"], "manner", held) for held in many(said.get("manner", ""))}
            for sentence in many(said["sentence"]):
                place, _, span = sentence.partition(" ")
                start, end = map(int, span.split("-"))
                found["span"].add((said["claim"], place, start, end))
    return found


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """The claims of links whose key does not hold back, and, where the disease is named flatly, of drug and disease."""
    flat = {said["claim"] for _, link, said in steps(files) if not HEDGED.fullmatch(link["key"])}
    pairs = {blocks(path)[0]["effect"] for path in paths(files) if "(effect " not in path["graph"]["disease"]}
    return flat | pairs


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    """What each step states: of what stands before it in the path, or, by a key that names an event, of that step."""
    found = {}
    before = ""
    for _, link, said in steps(files):
        event = link["key"].startswith("whose ")
        subject, target = (end.replace("UniProt:", "UniProtKB:") for end in (link["source"], link["target"]))
        found[said["claim"]] = (before if event else subject, RELATIONS[link["key"].rpartition(" ")[2]], target)
        before = said["claim"]
    return found


def counts(files: Mapping[str, bytes]) -> dict[str, int]:
    found = facts(files)
    return {"steps": len(found["order"]), "regimens with dose": len(found["dose"])}
