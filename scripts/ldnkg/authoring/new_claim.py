"""Draft the record of a new claim and its entry in the ledger, and check both before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from ldnkg.authoring.ledger_edit import add_to_list
from ldnkg.errors import LdnkgError, suggest
from ldnkg.files import display_path, read_text
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import SourceFiles, check_records, read_sources
from ldnkg.records.names import RESERVED, SLUG, get_texts
from ldnkg.records.reader import LocatedError, Record
from ldnkg.records.yaml_reader import ReadError, parse_record
from ldnkg.validation.check import Report, check_graph, report_read_errors
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ldnkg.paths import Home
    from ldnkg.records.yaml_reader import Value

POINTER = "# yaml-language-server: $schema=../../dist/schemas/claims.json\n"
NEEDED = ("label", "subject", "relation", "object", "certainty", "sentence", "evidence")
HEDGE, CERTAIN = "hedge", "established"


class Draft(NamedTuple):
    """A claim that is not written yet: the text of each file after and before, none for a new file, and the report."""

    files: dict[Path, str]
    before: dict[Path, str | None]
    report: Report


class _Indented(yaml.SafeDumper):
    """Indents lists by two spaces, as the records do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def list_missing(answers: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the keys that a claim needs and that have no answer.

    >>> list_missing({"label": ["A label"], "certainty": ["supported"], "sentence": ["6"], "subject": ["naltrexone"]})
    ['relation', 'object', 'evidence', 'hedge']
    """
    needed = [*NEEDED, *([HEDGE] if answers.get("certainty", [CERTAIN]) != [CERTAIN] else [])]
    return [key for key in needed if not answers.get(key)]


def refuse_slug(home: Home, slug: str) -> None:
    """Raise LdnkgError if the slug is malformed or reserved, or if another claim has it."""
    if not SLUG.fullmatch(slug):
        raise LdnkgError(
            f"'{slug}' is no name for a claim. Use lower-case letters, digits and single hyphens, "
            "as in naltrexone-is-taken-orally."
        )
    if slug in RESERVED:
        raise LdnkgError(
            f"'{slug}' is reserved for a file that the exports write, or for a device of Windows. "
            "Give the claim another name."
        )
    if (home.data / "claims" / f"{slug}.yaml").exists():
        raise LdnkgError(f"The claim '{slug}' exists already. Give the new claim another name.")


def draft_claim(
    home: Home, slug: str, answers: Mapping[str, Sequence[str]], entries: Mapping[str, Sequence[str]], engine: str
) -> Draft:
    """Return the draft of a claim, checked with the rest of the publication.

    `entries` are names to add to the lists of the first sentence, by the key of the ledger. Raise LdnkgError if the
    slug is malformed or taken, or if a sentence is not in a ledger.
    """
    refuse_slug(home, slug)
    sources = read_sources(home)
    name = f"claim:{slug}"
    value = {"id": name, "type": "Claim", **{key: _unwrap(values) for key, values in answers.items() if values}}
    value["sentence"] = _unwrap([_find_sentence(sources, typed) for typed in answers["sentence"]])
    text = POINTER + yaml.dump(value, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=2**20)
    path = home.data / "claims" / f"{slug}.yaml"
    ledgers = _enter_in_ledger(sources, name, get_texts(value["sentence"]), entries)
    before: dict[Path, str | None] = {path: None, **{ledger: read_text(ledger) for ledger in ledgers}}
    files = {path: text, **ledgers}
    return Draft(files, before, _check_draft(home, sources, files, engine))


def refuse_changed(draft: Draft) -> None:
    """Raise LdnkgError if a file of the draft is not any more as it was when the draft was made."""
    for path, text in draft.before.items():
        if (read_text(path) if path.exists() else None) != text:
            raise LdnkgError(
                f"{display_path(path)}: was changed while the claim was checked. Nothing was written; run it again.", 1
            )


def _unwrap(values: Sequence[str]) -> Value:
    return values[0] if len(values) == 1 else list(values)


def _find_sentence(sources: SourceFiles, typed: str) -> str:
    """Return the id of a sentence that is given by its id or by its number."""
    nodes = [node for record in sources.records for node in record.nodes if "number" in node]
    names = [str(node["id"]) for node in nodes]
    if typed in names:
        return typed
    numbered = [str(node["id"]) for node in nodes if node["number"] == typed]
    if len(numbered) != 1:
        raise LdnkgError(f"There is no sentence '{typed}'. {suggest(typed, names)}Give its id or its number.")
    return numbered[0]


def _enter_in_ledger(
    sources: SourceFiles, claim: str, sentences: Sequence[str], entries: Mapping[str, Sequence[str]]
) -> dict[Path, str]:
    """Return the text of each ledger with the claim under its sentences and the entries under the first of them."""
    found: dict[Path, str] = {}
    for place, sentence in enumerate(sentences):
        record = next(r for r in sources.records if any(node.get("id") == sentence for node in r.nodes))
        text = found.get(record.path) or read_text(record.path)
        for key, names in entries.items() if place == 0 else ():
            for name in names:
                text = add_to_list(text, sentence, key, name)
        found[record.path] = add_to_list(text, sentence, "claims", claim)
    return found


def _check_draft(home: Home, sources: SourceFiles, files: Mapping[Path, str], engine: str) -> Report:
    """Check the publication as it would be with these files."""
    drafted, misread = [], list(sources.misread)
    for path, text in files.items():
        try:
            drafted.append(Record(path, *parse_record(text)))
        except ReadError as fault:
            misread.append(LocatedError(path, fault))
    kept = [record for record in sources.records if record.path not in files]
    inputs = check_records(sources._replace(records=[*kept, *drafted], misread=misread))
    rules = Rules(home.shapes)
    if not inputs.clean:
        return report_read_errors(inputs, rules, engine)
    return check_graph(build_publication(home, inputs), rules, engine_name=engine)


def list_written_files(draft: Draft) -> list[str]:
    """Return the paths of the files of a draft, relative to the working folder if they are below it."""
    return [display_path(path) for path in draft.files]
