"""Keep KGX offline: it gets the Biolink Model from its own installation, and any connection raises an error.

Python imports this module at start-up if its folder is on PYTHONPATH.
"""

from __future__ import annotations

import json
import socket
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, NoReturn

import bmt.toolkit
import requests


def refuse(*arguments: object, **_: object) -> NoReturn:
    """Raise an error instead of opening a connection."""
    raise AssertionError(f"The network was touched: {arguments}")


def answer(url: str, **_: object) -> Any:  # noqa: ANN401
    """Return the content of the two addresses that KGX requests; the mapping of predicates is empty."""
    name = url.rpartition("/")[2]
    if name == "context.jsonld":
        prefixes = files("biolink_model").joinpath("prefixmaps/biolink_model_prefix_map.json").read_text("utf-8")
        return SimpleNamespace(json=lambda: {"@context": json.loads(prefixes)})
    if name == "predicate_mapping.yaml":
        return SimpleNamespace(text="{}")
    return refuse(url)


socket.socket.connect = refuse  # type: ignore[method-assign]
requests.get = answer  # type: ignore[assignment]
bmt.toolkit.Toolkit.__init__.__defaults__ = (
    str(files("biolink_model").joinpath("schema/biolink_model.yaml")),
    "predicate_mapping.yaml",
)
