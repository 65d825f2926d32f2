"""Views of the graph in other vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib

from ldnkg.exports.views.writer import construct_view, find_view, load_with_alignments, serialise_view
from ldnkg.paths import Home
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]
LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")
BIOLINK = rdflib.Namespace("https://w3id.org/biolink/vocab/")
NEEDED = ("knowledge_level", "agent_type", "primary_knowledge_source", "publications", "has_evidence_of_type")


def viewed(name: str) -> rdflib.Graph:
    built = load_with_alignments(Home(ROOT))
    text = serialise_view(construct_view(built, find_view(name)), "ttl", built)
    return rdflib.Graph().parse(data=text, format="turtle")
