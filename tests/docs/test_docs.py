"""CONTRIBUTING, CHANGELOG and the pages in docs/ agree with the code and the data."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import yaml

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from ldnkg.server.config import Limits
from support.paths import ROOT

if TYPE_CHECKING:
    from collections import Counter

WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
GRAPHS = {
    "docs/data-model.md": r"In the TriG file,[^.]+;",
    "docs/scale.md": r"In N-Quads and TriG[^.]+;",
    "docs/serve.md": r"[^.]+ has a named graph too",
}


def test_the_claim_in_contributing_is_a_published_claim() -> None:
    (shown,) = re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    name = re.findall(r"^id: claim:(.*)$", shown, re.MULTILINE)[0]
    assert shown == (ROOT / "data" / "claims" / f"{name}.yaml").read_text("utf-8")


def test_contributing_names_every_key_of_a_claim() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    keys = {key for path in (ROOT / "data" / "claims").iterdir() for key in yaml.safe_load(path.read_text("utf-8"))}
    assert [key for key in sorted(keys) if f"`{key}" not in text and f"\n{key}:" not in text] == []


def test_the_architecture_page_describes_every_package_and_gives_it_a_layer() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    place = ROOT / "scripts" / "ldnkg"
    root = {path.stem for path in place.glob("*.py") if not path.stem.startswith("__")}
    packages = {path.parent.name for path in place.glob("*/__init__.py")}
    layers = re.findall(r"^\|[^|]*\|(.*`.*)\|$", text, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(layers))) == root | packages
    assert set(re.findall(r"^\*\*`(\w+)`\*\*", text, re.MULTILINE)) == packages
    assert len(root) <= 6


def test_the_architecture_page_names_only_modules_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    described = text.partition("## The packages")[2].partition("## Beside")[0]
    found = {path.stem for path in (ROOT / "scripts" / "ldnkg").rglob("*.*")} | {
        path.name for path in (ROOT / "scripts" / "ldnkg").rglob("*") if path.is_dir()
    }
    names = {name.rstrip("/") for name in re.findall(r"`([a-z_]+/?)`", described)}
    assert sorted(names - found - {"shacl", "shapes", "queries", "ldnkg", "add_arguments", "run"}) == []


def test_all_files_give_the_same_version() -> None:
    found = {
        "pyproject.toml": r'^version = "(.*)"$',
        "CITATION.cff": r"^version: (.*)$",
        "CHANGELOG.md": r"^## (\S+) ",
        "ontology/ldn.ttl": r'owl:versionInfo "(.*)"',
        "ontology/dataset.ttl": r'owl:versionInfo "(.*)"',
    }
    versions = {
        name: re.findall(pattern, (ROOT / name).read_text("utf-8"), re.MULTILINE)[0] for name, pattern in found.items()
    }
    assert len(set(versions.values())) == 1, versions


def count(folder: str) -> int:
    """The number of entries, files or folders, in a folder."""
    return len(list((ROOT / folder).iterdir()))


def test_the_counts_in_the_changelog_are_correct(levels: Counter[str]) -> None:
    text = " ".join((ROOT / "CHANGELOG.md").read_text("utf-8").split())
    library = load_questions(Home(ROOT)).values()
    mappings = (ROOT / "data" / "mappings.sssom.tsv").read_text("utf-8").splitlines()
    (article,) = [path for path in (ROOT / "data" / "sources").iterdir() if "\nsentences:" in path.read_text("utf-8")]
    counts = {
        "{} claims": levels.total(),
        "in {} sentences": len(yaml.safe_load(article.read_text("utf-8"))["sentences"]),
        "{} regimens": count("data/regimens"),
        "{} mechanisms": count("data/mechanisms"),
        "{} cited works": count("data/sources") - 1,
        "{} mappings to other": len([row for row in mappings if not row.startswith("#")]) - 1,
        "has {} questions": len(library),
        "{} of them in Biolink's": len([question for question in library if "Biolink" in question.keywords]),
        "{} questions ask": len([question for question in library if question.federates]),
        "shows {} queries": count("queries/pitfalls"),
    }
    expected = [
        [words.format(number), words.format(dict(enumerate(WORDS)).get(number))] for words, number in counts.items()
    ]
    assert [forms for forms in expected if not any(form.lower() in text.lower() for form in forms)] == []


def test_the_pitfalls_guide_has_the_counts_of_the_answers() -> None:
    text = (ROOT / "docs" / "pitfalls.md").read_text("utf-8")
    answers = ROOT / "tests" / "data" / "answers" / "pitfalls" / "certainty-of-other-things"
    wrong, right = (
        sum(int(row["claims"]) for row in csv.DictReader((answers / f"{side}.csv").read_text("utf-8").splitlines()))
        for side in ("wrong", "right")
    )
    assert f"{wrong} instead of {right}." in text


@pytest.mark.parametrize("page", GRAPHS)
def test_a_page_names_every_kind_of_record_with_a_named_graph(page: str, files: dict[str, bytes]) -> None:
    quads = ox.parse(files["ldn-kg.trig"], format=ox.RdfFormat.TRIG)
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    kinds = {re.split(r"[/#]", graph.removeprefix("https://w3id.org/ldn-kg/"))[0] for graph in graphs}
    (sentence,) = re.findall(GRAPHS[page], (ROOT / page).read_text("utf-8"))
    named = set(re.findall(r"\b(\w+?)s?\b", sentence.lower()))
    assert kinds - named == set()


def test_the_page_of_the_server_shows_its_default_limits() -> None:
    rows = re.findall(r"^\| `--([a-z-]+)` \| ([\d,]+)", (ROOT / "docs" / "serve.md").read_text("utf-8"), re.MULTILINE)
    shown = {option.replace("-", "_"): float(number.replace(",", "")) for option, number in rows}
    assert shown == Limits()._asdict()
