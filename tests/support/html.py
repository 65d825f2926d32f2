"""Read the built pages."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import html5rdf

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    Nodes = dict[str, dict[str, list[tuple[str, str]]]]
VNU = os.environ.get("LDNKG_VNU", "")


@cache
def tree(content: bytes) -> Element:
    page: Element = html5rdf.parse(content.decode(), namespaceHTMLElements=False)
    return page


def parsed(files: dict[str, bytes], name: str) -> Element:
    return tree(files[name])


def text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def shown(files: dict[str, bytes], name: str) -> Nodes:
    """Return each entry of the page by its anchor: its values by key, each with its text and its link."""
    return {node.get("id", ""): lines(node) for node in parsed(files, name).iter("article")}


def lines(node: Element) -> dict[str, list[tuple[str, str]]]:
    listed = node.find("dl")
    assert listed is not None
    found: dict[str, list[tuple[str, str]]] = {}
    for line in listed:
        if line.tag == "dt":
            values = found.setdefault(text(line), [])
        else:
            parts = list(line.iter("li")) or [line]
            values += [(text(part), next((a.get("href", "") for a in part.iter("a")), "")) for part in parts]
    return found
