"""Describe the public functions and types of the package by their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import ldnkg

if TYPE_CHECKING:
    from collections.abc import Iterator

INHERITED = set(dir(tuple)) | set(dir(Exception)) | {"_make", "_replace", "_asdict", "_fields", "_field_defaults"}


def describe_package() -> Iterator[str]:
    """Yield the paragraphs of the package: its functions in order, then its types."""
    yield _write_docstring(ldnkg)
    members = [(name, getattr(ldnkg, name)) for name in ldnkg.__all__ if not name.startswith("__")]
    for name, member in sorted(members, key=lambda pair: (inspect.isclass(pair[1]), pair[0])):
        yield f"## {name}\n"
        yield f"```python\n{_write_signature(name, member)}\n```\n"
        yield _write_docstring(member)
        if inspect.isclass(member):
            yield from _describe_fields(member)


def _write_signature(name: str, member: object) -> str:
    if inspect.isclass(member):
        return f"class ldnkg.{name}"
    return f"ldnkg.{name}{inspect.signature(member)}".replace("'", "")  # type: ignore[arg-type]


def _write_docstring(member: object) -> str:
    """Return the docstring with its examples as blocks of code."""
    text = inspect.getdoc(member) or ""
    return re.sub(r"(?ms)^(>>> .*?)(?=\n\n|\Z)", r"```pycon\n\1\n```", text) + "\n"


def _describe_fields(kind: type) -> Iterator[str]:
    # A named tuple keeps each annotation as a ForwardRef.
    rows = [(name, _write_type(kind.__annotations__[name])) for name in getattr(kind, "_fields", ())]
    rows += [
        (name, (inspect.getdoc(member) or "").replace("\n", " "))
        for name, member in vars(kind).items()
        if isinstance(member, property)
    ]
    if rows:
        yield "| attribute | type or meaning |\n|---|---|"
        for name, meaning in rows:
            yield f"| `{name}` | {meaning.replace('|', chr(92) + '|')} |"
        yield ""


def _write_type(annotation: object) -> str:
    """Return the type as the code has it, in backquotes."""
    return f"`{getattr(annotation, '__forward_arg__', annotation)}`"
