"""Format the report of a check for machines: SARIF for code review, or a SHACL validation report."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
from rdflib.namespace import RDF, SH

from ldnkg.rdf.serialization import serialise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ldnkg.validation.check import Report
    from ldnkg.validation.findings import Finding, ValidationResult
    from ldnkg.validation.rules import Rules

SARIF = "2.1.0"


def _count(report: Report) -> dict[str, int]:
    return {"rules": report.rules, "focusNodes": report.nodes, "evaluations": report.evaluations}


def format_sarif(report: Report, rules: Rules) -> str:
    """Return the findings in SARIF 2.1.0, each with its line, and the message of every rule."""
    described = [{"id": name, "shortDescription": {"text": text}} for name, text in sorted(rules.sentences.items())]
    run = {
        "tool": {"driver": {"name": "ldnkg", "rules": described}},
        "invocations": [{"executionSuccessful": True}],
        "results": [_format_sarif_result(finding, rules.folder.parent) for finding in report.findings],
        "properties": {**_count(report), "engine": report.engine},
    }
    return json.dumps({"version": SARIF, "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _format_uri(path: Path, home: Path) -> str:
    """Return the URI of a file, relative to the working folder or else to the home if the file is below one of them."""
    below = next((path.relative_to(top) for top in (Path.cwd(), home) if path.is_relative_to(top)), None)
    return path.absolute().as_uri() if below is None else quote(os.fsencode(below.as_posix()))


def _format_sarif_result(finding: Finding, home: Path) -> dict[str, object]:
    place = {"artifactLocation": {"uri": _format_uri(finding.path, home)}, "region": {"startLine": finding.line}}
    logical = [{"fullyQualifiedName": finding.record}] if finding.record else []
    return {
        "ruleId": finding.rule,
        "level": "error",
        "message": {"text": finding.sentence},
        "locations": [{"physicalLocation": place, "logicalLocations": logical}],
    }


def format_turtle(report: Report, rules: Rules) -> str:
    """Return the SHACL validation report as Turtle."""
    triples = [ox.Triple(subject, ox.NamedNode(path), value) for subject, path, value in _list_triples(report, rules)]
    return serialise(triples, ox.RdfFormat.TURTLE, {"sh": str(SH)}).decode().rstrip("\n") + "\n"


def _list_triples(
    report: Report, rules: Rules
) -> Iterator[tuple[ox.BlankNode, str, ox.NamedNode | ox.BlankNode | ox.Literal]]:
    """Yield the triples of the report; an error found while files are read has no focus node."""
    whole = ox.BlankNode("report")
    yield whole, str(RDF.type), ox.NamedNode(str(SH.ValidationReport))
    yield whole, str(SH.conforms), ox.Literal(report.clean)
    for name, number in _count(report).items():
        yield whole, f"{rules.namespace}{name}", ox.Literal(number)
    for number, (rule, message, result) in enumerate(_list_results(report, rules), 1):
        node = ox.BlankNode(f"result{number}")
        yield whole, str(SH.result), node
        yield node, str(RDF.type), ox.NamedNode(str(SH.ValidationResult))
        yield node, str(SH.resultSeverity), ox.NamedNode(str(SH.Violation))
        yield node, str(SH.sourceShape), ox.NamedNode(rule)
        yield node, str(SH.resultMessage), ox.Literal(message)
        if result is not None:
            yield from ((node, key, value) for key, value in _describe_result(result))


def _list_results(report: Report, rules: Rules) -> Iterator[tuple[str, str, ValidationResult | None]]:
    if report.publication is None:
        yield from ((rules.namespace + finding.rule, finding.sentence, None) for finding in report.findings)
    yield from ((result.rule, result.message, result) for result in report.results)


def _describe_result(result: ValidationResult) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    yield str(SH.focusNode), ox.NamedNode(result.node)
    if result.path:
        yield str(SH.resultPath), ox.NamedNode(result.path)
    if result.value:
        yield str(SH.value), ox.NamedNode(result.value) if result.value_is_node else _make_literal(result)


def _make_literal(result: ValidationResult) -> ox.Literal:
    if result.typed.startswith("@"):
        return ox.Literal(result.value, language=result.typed[1:])
    datatype = result.typed.removeprefix("^^<").removesuffix(">")
    return ox.Literal(result.value, datatype=ox.NamedNode(datatype) if datatype else None)


REPORTS: dict[str, Callable[[Report, Rules], str]] = {
    "sarif": format_sarif,
    "ttl": format_turtle,
}
