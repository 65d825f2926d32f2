"""The Biolink Model as its package has it: what there is, what stands above it, and what goes where."""

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
    """The name in the model of each class or slot, by its name in data."""
    names = list(model()[part])
    if part == "slots":
        return {name.replace(" ", "_"): name for name in names}
    return {"".join(word[0].upper() + word[1:] for word in name.split()): name for name in names}


def found(part: str, curie: str) -> str:
    """The name in the model of a class or a slot that is in use, or nothing."""
    prefix, _, local = curie.rpartition(":")
    name = _named(part).get(local, "")
    known = prefix in {"biolink", ""} and name and "deprecated" not in model()[part][name]
    return name if known else ""


def above(part: str, name: str) -> list[str]:
    """It, then all above it, mixins with them, the nearest first."""
    one = model()[part][name]
    parents = [*([one["is_a"]] if "is_a" in one else []), *one.get("mixins", [])]
    return [name, *(higher for parent in parents for higher in above(part, parent))]


def is_mixin(name: str) -> bool:
    return bool(model()["classes"][name].get("mixin"))


def slots(name: str) -> set[str]:
    """The slots of a class, by their names in data."""
    held = [slot for higher in above("classes", name) for slot in model()["classes"][higher].get("slots", [])]
    return {slot.replace(" ", "_") for slot in held}


def used(name: str, slot: str, key: str) -> str:
    """What a class, or the nearest above it, says of a slot: its range, or what a predicate is to be below."""
    for higher in above("classes", name):
        if said := (model()["classes"][higher].get("slot_usage") or {}).get(slot, {}).get(key):
            return str(said)
    return ""


def of_predicate(name: str, key: str) -> str:
    """The domain or the range of a predicate, or of the nearest above it that has one."""
    said = [model()["slots"][higher].get(key) for higher in above("slots", name)]
    return next((str(one) for one in said if one), "")


def values(enum: str) -> set[str]:
    return set(model()["enums"][enum]["permissible_values"])
