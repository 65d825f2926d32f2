"""The mechanisms as paths of DrugMechDB: what its fields cannot say of a path stands in the comment, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from ldnkg.exports.forms import described

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned
    from ldnkg.exports.sheets import Column

Row = dict[str, str]
LAST_OF_HEAD, LAST_OF_LINK = "references", "key"


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return one path for each mechanism."""
    paths, nodes, links = aligned.sheets(folder, described(folder))
    rows = [_texts(paths.columns, row) for row in paths.flat]
    known = {row[0]: _texts(nodes.columns, row) for row in nodes.flat}
    steps = sorted((_texts(links.columns, row) for row in links.flat), key=lambda row: int(row["position"]))
    made = {}
    for row in rows:
        own = [step for step in steps if step["mechanism"] == row["mechanism"]]
        slug = row["mechanism"].partition(":")[2]
        made[f"drugmechdb/{slug}.yaml"] = _yaml(_path(row, own, known))
    return made


def _texts(columns: Iterable[Column], cells: list[str]) -> Row:
    return dict(zip((column.name for column in columns), cells, strict=True))


def _path(head: Row, steps: list[Row], nodes: dict[str, Row]) -> dict[str, Any]:
    names = dict.fromkeys(step[end] for step in steps for end in ("source", "target"))
    fields, said = _parted(head, LAST_OF_HEAD)
    remarks = [*said, *(line for step in steps if step["claim"] for line in _parted(step, LAST_OF_LINK)[1])]
    references = fields.pop(LAST_OF_HEAD)
    return {
        "directed": True,
        "multigraph": True,
        "graph": {key: value or None for key, value in fields.items() if key != "mechanism"},
        "nodes": [{key: nodes[name][key] for key in ("id", "label", "name")} for name in names],
        "links": [
            {"key": step["key"], "source": nodes[step["source"]]["id"], "target": nodes[step["target"]]["id"]}
            for step in steps
        ],
        "references": [references],
        "comment": "\n".join(remarks),
    }


def _parted(row: Row, last: str) -> tuple[Row, list[str]]:
    """Return what the format has fields for, the last of them named, and a line for each value that it has none for."""
    keys = list(row)
    end = keys.index(last) + 1
    return {key: row[key] for key in keys[:end]}, [f"{key}: {row[key]}" for key in keys[end:] if row[key]]


def _yaml(path: dict[str, Any]) -> bytes:
    """Return the path as YAML, a text of several lines as it is read."""

    class Dumper(yaml.SafeDumper):
        yaml_representers: ClassVar[dict[Any, Any]] = {**yaml.SafeDumper.yaml_representers, str: _text}

    text: str = yaml.dump(path, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return text.encode()


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)
