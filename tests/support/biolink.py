"""Look up classes, slots, ancestors, domains and ranges in the Biolink Model of the `biolink-model` package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def model() -> dict[str, dict[str, Any]]:
    text = files("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@cache
def _named(part: str) -> dict[str, str]:
    """The names of classes or slots in the model, by their names in data: `NamedThing` gives `named thing`."""
    names = list(model()[part])
    if part == "slots":
        return {name.replace(" ", "_"): name for name in names}
    return {"".join(word[0].upper() + word[1:] for word in name.split()): name for name in names}


def found(part: str, curie: str) -> str:
    """The name in the model of a class or slot, or an empty string if it is unknown or deprecated."""
    prefix, _, local = curie.rpartition(":")
    name = _named(part).get(local, "")
    known = prefix in {"biolink", ""} and name and "deprecated" not in model()[part][name]
    return name if known else ""


def above(part: str, name: str) -> list[str]:
    """The class or slot and its ancestors, including mixins, the nearest first."""
    element = model()[part][name]
    parents = [*([element["is_a"]] if "is_a" in element else []), *element.get("mixins", [])]
    return [name, *(higher for parent in parents for higher in above(part, parent))]


def is_mixin(name: str) -> bool:
    return bool(model()["classes"][name].get("mixin"))


def slots(name: str) -> set[str]:
    """The slots of a class, with inherited ones, by their names in data."""
    own = [slot for higher in above("classes", name) for slot in model()["classes"][higher].get("slots", [])]
    return {slot.replace(" ", "_") for slot in own}


def used(name: str, slot: str, key: str) -> str:
    """The `slot_usage` of a class or its nearest ancestor: for example the range of a slot, or its `subproperty_of`."""
    for higher in above("classes", name):
        if value := (model()["classes"][higher].get("slot_usage") or {}).get(slot, {}).get(key):
            return str(value)
    return ""


def of_predicate(name: str, key: str) -> str:
    """The domain or range of a predicate, or of its nearest ancestor that has one."""
    values = [model()["slots"][higher].get(key) for higher in above("slots", name)]
    return next((str(value) for value in values if value), "")


def values(enum: str) -> set[str]:
    return set(model()["enums"][enum]["permissible_values"])
