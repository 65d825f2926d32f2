"""Read the built pages."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from pathlib import Path
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
    """Return each entry of the page by its anchor, as {key: [(text, link)]}."""
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


def break_page(page: bytes) -> bytes:
    """Return the page with a list that is closed in the wrong place."""
    assert b"</h1>" in page
    return page.replace(b"</h1>", b"</h1><p><dl></p>", 1)


def find_invalid(pages: dict[str, bytes], folder: Path) -> set[str]:
    """Return the names of the pages for which the HTML checker reports an error or a warning."""
    for name, content in pages.items():
        (folder / name).write_bytes(content)
    command = ["java", "-jar", VNU, "--stdout", "--format", "gnu", *(str(folder / name) for name in pages)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode in {0, 1}, ended.stderr
    found = {Path(re.findall(r'^"file:([^"]+)"', line)[0]).name for line in ended.stdout.splitlines()}
    assert found <= set(pages)
    return found
