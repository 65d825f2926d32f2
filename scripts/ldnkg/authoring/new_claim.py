"""Drafts a new claim from answers, enters it in the ledger, and has it checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from ldnkg.errors import LdnkgError, suggest
from ldnkg.files import display_path, read_text
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import SourceFiles, check_records, read_sources
from ldnkg.records.name_checks import get_texts
from ldnkg.records.reader import Record
from ldnkg.records.yaml_reader import parse_record
from ldnkg.validation.check import Report, check_graph, report_read_errors
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ldnkg.paths import Home
    from ldnkg.records.yaml_reader import Value

POINTER = "# yaml-language-server: $schema=../../dist/schemas/claims.json\n"
ASKED = ("label", "subject", "relation", "object", "certainty", "sentence", "evidence")
HEDGE, CERTAIN = "hedge", "established"


@dataclass(frozen=True)
class Draft:
    """A claim that is not written yet: the files that it touches, by their paths, and what a check says of them."""

    files: dict[Path, str]
    report: Report = field(repr=False)


class _Indented(yaml.SafeDumper):
    """Writes lists as the records have them, two spaces in."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def list_missing(answers: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the keys that a claim needs and that have no answer yet."""
    needed = [*ASKED, *([HEDGE] if answers.get("certainty", [CERTAIN]) != [CERTAIN] else [])]
    return [key for key in needed if not answers.get(key)]


def draft_claim(
    home: Home, slug: str, answers: Mapping[str, Sequence[str]], mentions: Sequence[str], engine: str
) -> Draft:
    """Draft the claim; raise LdnkgError where its name is taken, or a sentence is none of the ledger."""
    parts = read_sources(home)
    name = f"claim:{slug}"
    if any(record.id == name for record in parts.records):
        raise LdnkgError(f"There is a claim '{slug}' already. Give the new one a name of its own.")
    value = {"id": name, "type": "Claim", **{key: _unwrap(held) for key, held in answers.items() if held}}
    value["sentence"] = _unwrap([_find_sentence(parts, asked) for asked in answers["sentence"]])
    text = POINTER + yaml.dump(value, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=2**20)
    files = {
        home.data / "claims" / f"{slug}.yaml": text,
        **_enter_in_ledger(parts, name, get_texts(value["sentence"]), mentions),
    }
    return Draft(files, _check_draft(home, parts, files, engine))


def _unwrap(held: Sequence[str]) -> Value:
    return held[0] if len(held) == 1 else list(held)


def _find_sentence(parts: SourceFiles, asked: str) -> str:
    """Return the id of a sentence, which may be asked for by its number."""
    sentences = {str(node["id"]): node for record in parts.records for node in record.nodes if "number" in node}
    if asked in sentences:
        return asked
    numbered = [name for name, node in sentences.items() if node["number"] == asked]
    if len(numbered) != 1:
        raise LdnkgError(f"There is no sentence '{asked}'. {suggest(asked, sentences)}Give its id, or its number.")
    return numbered[0]


def _enter_in_ledger(
    parts: SourceFiles, claim: str, sentences: Sequence[str], mentions: Sequence[str]
) -> dict[Path, str]:
    """Return the text of each ledger with the claim listed under its sentences, and what the first of them mentions."""
    found: dict[Path, str] = {}
    for number, sentence in enumerate(sentences):
        record = next(r for r in parts.records if any(node.get("id") == sentence for node in r.nodes))
        text = found.get(record.path) or read_text(record.path)
        for name in mentions if number == 0 else ():
            text = add_to_list(text, sentence, "mentions", name)
        found[record.path] = add_to_list(text, sentence, "claims", claim)
    return found


def add_to_list(text: str, node: str, key: str, name: str) -> str:
    """Return the text of a ledger with a name more in a list of one of its sentences; all else stays as it is."""
    lines = text.split("\n")
    start = lines.index(f"  - id: {node}")
    ends = (n for n, line in enumerate(lines[start + 1 :], start + 1) if not line.startswith("    "))
    end = next(ends, len(lines))
    item = f"      - {name}"
    if f"    {key}:" not in lines[start:end]:
        before = next((n for n in range(start, end) if lines[n] == "    claims:"), end)
        return "\n".join([*lines[:before], f"    {key}:", item, *lines[before:]])
    at = lines.index(f"    {key}:", start)
    last = next(n for n in range(at + 1, end + 1) if n == end or not lines[n].startswith("      - "))
    return text if item in lines[at:last] else "\n".join([*lines[:last], item, *lines[last:]])


def _check_draft(home: Home, parts: SourceFiles, files: Mapping[Path, str], engine: str) -> Report:
    """Check the publication as it would be with these files."""
    drafted = [Record(path, *parse_record(text)) for path, text in files.items()]
    kept = [record for record in parts.records if record.path not in files]
    inputs = check_records(parts._replace(records=[*kept, *drafted]))
    rules = Rules(home.shapes)
    return (
        check_graph(build_publication(home, inputs), rules, engine_name=engine)
        if inputs.clean
        else report_read_errors(inputs, rules)
    )


def list_written_files(draft: Draft) -> list[str]:
    """Return the files of a draft as a person would type them."""
    return [display_path(path) for path in draft.files]
