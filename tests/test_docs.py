"""What the other pages show is what is there."""

from __future__ import annotations

import re

import yaml

from conftest import ROOT


def test_the_claim_shown_to_contributors_is_a_claim_of_ours() -> None:
    (shown,) = re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    name = re.findall(r"^id: claim:(.*)$", shown, re.MULTILINE)[0]
    assert shown == (ROOT / "data" / "claims" / f"{name}.yaml").read_text("utf-8")


def test_contributors_are_told_every_key_of_a_claim() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    keys = {key for path in (ROOT / "data" / "claims").iterdir() for key in yaml.safe_load(path.read_text("utf-8"))}
    assert [key for key in sorted(keys) if f"`{key}" not in text and f"\n{key}:" not in text] == []


def test_every_module_is_named_in_the_flow() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## The code")[2]
    helpers = {"__init__", "__main__", "paths", "problem", "files", "finding", "console", "summary", "curie"}
    modules = {path.stem for path in (ROOT / "scripts" / "ldnkg").rglob("*.py")} - helpers
    named = {"`to_<format>`" if name.startswith("to_") else f"`{name}`" for name in modules}
    assert [name for name in sorted(named) if name not in text] == []


def test_one_version_everywhere() -> None:
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
