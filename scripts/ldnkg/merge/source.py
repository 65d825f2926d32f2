"""The content of a source: its parts, whose quads know their line, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ldnkg.merge.quads import PooledQuad


class Skipped(NamedTuple):
    """Something that could not be read: where it is, and why.

    `line` is 0 if it is unknown. `record` is the name that the file gives it, or empty; `kind` is row, node, path,
    statement, literal, value or document. `number` is more than 1 if the entry stands for many that are not listed.
    """

    file: str
    line: int
    record: str
    kind: str
    reason: str
    number: int = 1

    def __str__(self) -> str:
        """Return the location and the reason, as an error message writes them."""
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class SourcePart(NamedTuple):
    """A part of a source, in which an identifier has one meaning.

    `base` is the IRI to which local names are relative. `files` has one file, or the nodes file and the edges file of
    KGX; the `line` of a quad is in the last file if its subject is a statement, else in the first.
    """

    source: str
    base: str
    files: tuple[str, ...]
    quads: list[PooledQuad]


class SourceGraph(NamedTuple):
    """A source: its name, its IRI, which contains the digest of its files, its parts, and what was skipped.

    Each path of DrugMechDB is a part, because it may use an identifier differently. A source that could not be read at
    all has no parts.
    """

    name: str
    iri: str
    parts: list[SourcePart]
    skipped: list[Skipped]
