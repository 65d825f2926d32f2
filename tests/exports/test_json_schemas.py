"""The JSON Schemas agree with the SHACL rules: good records are valid, and bad records are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from ldnkg.exports.build import combine_for_pages
from ldnkg.exports.json_schemas.writer import make_schemas
from ldnkg.exports.query_library.writer import QueryLibrary
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records
from ldnkg.records.yaml_reader import parse_record
from mutation.examples_home import Example, build, examples
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"article", "claim", "concept", "hedge", "mechanism", "regimen", "sentence", "step", "work"}
# Rules about several keys, the calendar or other records. The schema of a single record cannot express them.
BEYOND = {
    "article-date-malformed",
    "concept-kind-missing",
    "mechanism-end-not-a-condition",
    "regimen-dose-incomplete",
    "regimen-drug-missing",
    "work-accessed-malformed",
    "work-updated-malformed",
}
RECORDS = sorted((ROOT / "data").glob("*/*.yaml"))
BAD = [e for e in examples("bad") if e.path.parent.name in KINDS and e.path.suffix == ".yaml"]


@pytest.fixture(scope="module")
def schemas(files: dict[str, bytes]) -> dict[str, object]:
    return {name: json.loads(text) for name, text in files.items() if name.startswith("schemas/")}


@pytest.fixture(scope="module")
def of_examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    home = build(tmp_path_factory.mktemp("examples"))
    made = make_schemas(combine_for_pages(build_publication(home, load_records(home)), QueryLibrary(home)))
    return {name: json.loads(text) for name, text in made.items()}


def faults(schema: object, text: str) -> list[str]:
    """Return the errors of a record, read by our YAML reader with every scalar as text."""
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(parse_record(text)[0])]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_record_points_to_its_schema_and_fits_it(schemas: dict[str, object], path: Path) -> None:
    text = path.read_text("utf-8")
    name = f"schemas/{path.parent.name}.json"
    assert text.startswith(f"# yaml-language-server: $schema=../../dist/{name}\n")
    assert faults(schemas[name], text) == []
    as_editors_read = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert list(jsonschema.Draft202012Validator(schemas[name]).iter_errors(as_editors_read)) == []


@pytest.mark.parametrize("name", ["claims", "concepts", "mechanisms", "regimens", "sources"])
def test_the_schema_is_valid_json_schema(schemas: dict[str, object], name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas[f"schemas/{name}.json"])


def test_every_good_example_fits(of_examples: dict[str, object]) -> None:
    good = [example for example in examples("good") if not example.is_term and example.path.parent.name in KINDS]
    assert len(good) > 20
    for example in good:
        assert faults(of_examples[_schema(example)], example.text.decode()) == [], example.path


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.path.stem)
def test_a_bad_example_is_invalid_unless_only_a_rule_can_detect_it(
    of_examples: dict[str, object], bad: Example
) -> None:
    assert (faults(of_examples[_schema(bad)], bad.text.decode()) == []) == (bad.rule in BEYOND)


def _schema(example: Example) -> str:
    return f"schemas/{example.place.partition('/')[0]}.json"
