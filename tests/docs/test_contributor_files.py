"""Issue forms, the CI workflow, the pre-commit hooks and CONTRIBUTING agree with the repository."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from ldnkg.paths import Home
from ldnkg.querying.engine import warn_if_stale
from support.paths import ROOT

GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")
ELEMENTS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}
NOTICES = ("medical advice", "Do not paste sentences of the article")
PLACEHOLDER = re.compile(r"[<*]")


def read_yaml(path: Path) -> dict[Any, Any]:
    found = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def fields(form: dict[Any, Any]) -> dict[str, dict[str, Any]]:
    """The fields of an issue form, by id."""
    return {element["id"]: element for element in form["body"] if element["type"] != "markdown"}


# --- issue forms


def form_errors(form: dict[Any, Any]) -> list[str]:
    """What GitHub or this project would reject in an issue form."""
    elements = form.get("body", [])
    ids = [element.get("id") for element in elements if element.get("type") != "markdown"]
    intro = " ".join(element["attributes"].get("value", "") for element in elements)
    return [
        *(f"no {key}" for key in ("name", "description", "body") if not form.get(key)),
        *(f"unknown element {element.get('type')}" for element in elements if element.get("type") not in ELEMENTS),
        *(
            f"no label: {element.get('id')}"
            for element in elements
            if not {"label", "value"} & {*element["attributes"]}
        ),
        *(f"no options: {e['id']}" for e in elements if e.get("type") == "dropdown" and not e["attributes"]["options"]),
        *(["an id is missing or repeated"] if None in ids or len(set(ids)) < len(ids) else []),
        *(f"no notice '{words}'" for words in NOTICES if words not in " ".join(intro.split())),
    ]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_valid_and_has_the_notices(path: Path) -> None:
    assert form_errors(read_yaml(path)) == []


def test_there_is_a_form_for_corrections_claims_and_questions() -> None:
    assert [path.stem for path in FORMS] == ["claim", "correction", "question"]
    assert read_yaml(GITHUB / "ISSUE_TEMPLATE" / "config.yml")["blank_issues_enabled"] is True


def test_a_fault_in_an_issue_form_is_found() -> None:
    form = read_yaml(FORMS[0])
    assert form_errors({**form, "name": ""}) == ["no name"]
    assert form_errors({**form, "body": [*form["body"], form["body"][1]]}) == ["an id is missing or repeated"]
    assert form_errors({**form, "body": form["body"][1:]}) == [f"no notice '{words}'" for words in NOTICES]


def required_keys() -> set[str]:
    """The keys that every claim has, without its id and type."""
    claims = [read_yaml(path) for path in (ROOT / "data" / "claims").iterdir()]
    return set.intersection(*(set(claim) for claim in claims)) - {"id", "type"}


def missing_keys(form: dict[Any, Any]) -> set[str]:
    """The required keys of a claim for which the form has no required field."""
    return {key for key in required_keys() if not fields(form).get(key, {}).get("validations", {}).get("required")}


def test_the_form_for_a_claim_asks_for_every_required_key() -> None:
    form = read_yaml(GITHUB / "ISSUE_TEMPLATE" / "claim.yml")
    assert len(required_keys()) == 7
    assert missing_keys(form) == set()
    assert {"hedge", "dose"} <= fields(form).keys()
    without = {**form, "body": [element for element in form["body"] if element.get("id") != "evidence"]}
    assert missing_keys(without) == {"evidence"}


@pytest.mark.parametrize("name", ["claim", "correction"])
def test_a_form_offers_every_level_of_certainty_in_order(name: str) -> None:
    ranks = rdflib.Graph().parse(ROOT / "ontology" / "ldn.ttl").subject_objects(LDN["rank"])
    levels = [str(level).partition("#")[2] for level, _ in sorted(ranks, key=lambda pair: -int(str(pair[1])))]
    options = fields(read_yaml(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml"))["certainty"]["attributes"]["options"]
    assert [option for option in options if option != "no change"] == levels
    assert len(levels) == 5


def test_the_form_for_a_claim_offers_every_kind_of_evidence() -> None:
    rows = csv.DictReader((ROOT / "data" / "terms.tsv").read_text("utf-8").splitlines(), delimiter="\t")
    options = fields(read_yaml(GITHUB / "ISSUE_TEMPLATE" / "claim.yml"))["evidence"]["attributes"]["options"]
    assert sorted(options) == sorted(row["slug"] for row in rows if row["kind"] == "EvidenceCode")


def test_the_template_of_pull_requests_has_the_notices() -> None:
    text = (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text("utf-8")
    assert "medical advice" in text
    assert "No sentence of the article" in text


# --- the workflow


def test_the_workflow_runs_all_checks_with_least_permissions() -> None:
    workflow = read_yaml(GITHUB / "workflows" / "ci.yml")
    (job,) = workflow["jobs"].values()
    assert workflow[True] == {"pull_request": None, "push": {"branches": ["main"]}}  # YAML 1.1 reads `on` as true.
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    assert job["timeout-minutes"] == 60
    assert [step["run"] for step in job["steps"] if step.get("run", "").startswith(".ci/")] == [".ci/run"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_workflow_pins_actions_by_major_version() -> None:
    used = re.findall(r"uses: (\S+)", (GITHUB / "workflows" / "ci.yml").read_text("utf-8"))
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/\w+@v\d+", action)] == []


def test_the_variables_that_the_workflow_sets_are_read() -> None:
    workflow = (GITHUB / "workflows" / "ci.yml").read_text("utf-8")
    read = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "scripts/mutation/parts.py").read_text("utf-8")
    names = set(re.findall(r"LDNKG_\w+", workflow))
    assert names == {"LDNKG_ARTICLE", "LDNKG_SKIP_MUTATION"}
    assert all(name in read for name in names)


# --- the hooks

HOOKS = {hook["id"]: hook for hook in read_yaml(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]}
COMMANDS = {"ruff-format": "ruff format", "ruff-check": "ruff check", "mypy": "mypy", "ldnkg-check": "ldnkg check"}


def test_every_hook_is_local_and_runs_a_program_of_the_virtual_environment() -> None:
    repos = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}
    assert {name: hook["entry"] for name, hook in HOOKS.items()} == {
        name: f".venv/bin/{command}" for name, command in COMMANDS.items()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_of_a_hook_exists(name: str) -> None:
    program, *arguments = COMMANDS[name].split()
    command = [str(Path(sys.executable).with_name(program)), *arguments, "--help"]
    assert subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    ("name", "folders", "suffix"),
    [("mypy", ("scripts", "tests"), ".py"), ("ldnkg-check", ("data", "ontology", "shapes"), "")],
)
def test_the_pattern_of_a_hook_matches_the_files_that_it_checks(
    name: str, folders: tuple[str, ...], suffix: str
) -> None:
    places = ("data", "docs", "ontology", "queries", "scripts", "shapes", "tests")
    files = [path.relative_to(ROOT).as_posix() for place in places for path in (ROOT / place).rglob(f"*{suffix}")]
    expected = {file for file in files if file.startswith(tuple(f"{folder}/" for folder in folders))}
    assert len(expected) > 30
    assert {file for file in files if re.search(HOOKS[name]["files"], file)} == expected


@pytest.mark.parametrize("name", ["ruff-format", "ruff-check"])
def test_the_hooks_of_ruff_get_python_files(name: str) -> None:
    assert (HOOKS[name]["types"], HOOKS[name].get("pass_filenames", True)) == (["python"], True)


# --- CONTRIBUTING


def named_paths(text: str) -> set[str]:
    """The paths in backquotes, without those that have a placeholder and without built files."""
    names = re.findall(r"`([\w.<>*-]+/[\w./<>*-]*)`", text)
    return {name for name in names if not PLACEHOLDER.search(name) and not name.startswith("dist/")}


def test_every_path_in_contributing_exists() -> None:
    names = named_paths((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(names) > 20
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []
    assert named_paths("`data/x.tsv` `data/claims/<name>.yaml`") == {"data/x.tsv"}


def test_contributing_is_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) < 200


def test_a_change_of_the_readme_of_the_data_needs_no_new_build(copy: Path) -> None:
    built = copy / "dist" / "ldn-kg.ttl"
    built.parent.mkdir()
    built.write_text("", "utf-8")
    os.utime(built, (1000, 1000))
    warnings: list[str] = []
    (copy / "data" / "README.md").write_text("# Data\n", "utf-8")
    warn_if_stale(Home(copy), warnings.append)
    assert warnings == []
    os.utime(copy / "data" / "terms.tsv", (2000, 2000))
    warn_if_stale(Home(copy), warnings.append)
    assert len(warnings) == 1


def test_the_readme_of_the_data_names_every_file_and_folder() -> None:
    text = (ROOT / "data" / "README.md").read_text("utf-8")
    names = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "data").iterdir()}
    assert names - set(re.findall(r"`([^`]+)`", text)) == {"README.md"}
