"""Judge mutants of the code: a mutant is found if the code reads some example with other faults than before."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from ldnkg.paths import Home
from mutation.examples_home import ROOT, build, examples
from mutation.mistakes import list_mistakes
from mutation.mutant import SURVIVED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from mutation.code_mutants import CodeMutant

Found = set[tuple[str, str, int]]
ERROR = "an error"


@dataclass(frozen=True)
class CodeJudge:
    """The homes on which mutants are tried, by the names of their examples.

    Homes of a rule that the change names are tried first, then those that found mutants of the same function or module.
    """

    homes: Mapping[str, Home]
    _found: Counter[tuple[str, str]] = field(default_factory=Counter, init=False, repr=False)

    @cached_property
    def expected(self) -> dict[str, Found]:
        """The faults that the unchanged code finds in each home."""
        return {name: _faults(home) for name, home in self.homes.items()}

    def verdicts(self, mutants: Iterable[CodeMutant]) -> list[Verdict]:
        """Return a verdict for each mutant, with the example that finds it."""
        return [Verdict(f"records/{m.module}.py {m.function}", m.change, self._found_by(m)) for m in mutants]

    def _found_by(self, mutant: CodeMutant) -> str:
        expected = self.expected
        scopes = f"{mutant.module} {mutant.function}", mutant.module, ""
        names = sorted(
            self.homes,
            key=lambda name: [_get_rule(name) not in mutant.change, *(-self._found[scope, name] for scope in scopes)],
        )
        with _module_replaced(f"ldnkg.records.{mutant.module}", mutant.text):
            try:
                found = next((name for name in names if _faults(self.homes[name]) != expected[name]), SURVIVED)
            except Exception:  # noqa: BLE001
                return ERROR
        self._found.update((scope, found) for scope in scopes)
        return found


def _get_rule(home: str) -> str:
    """Return the name of the rule that a bad example breaks, which is in the code that implements the rule."""
    return home.removeprefix("bad-").partition("--")[0]


def homes(folder: Path) -> dict[str, Home]:
    """Write a home with the good examples, one for each bad example of a reading rule, and one for each mistake.

    The publication is one more.
    """
    unreadable = [bad for bad in examples("bad") if bad.rule.startswith("reading-")]
    found: dict[str, Home] = {}
    for number, example in enumerate([None, *unreadable]):
        place = folder / str(number)
        place.mkdir()
        found[example.path.stem if example else "examples"] = build(place, example)
    for mistake in list_mistakes():
        place = folder / mistake.name
        place.mkdir()
        found[mistake.name] = build(place)
        mistake.make(found[mistake.name].data)
    return {**found, "publication": Home(ROOT)}


def _faults(home: Home) -> Found:
    """Return the file, the rule and the line of each fault found when the records of the home are read."""
    read = import_module("ldnkg.records.loader").load_records
    return {(str(misread.path), misread.fault.rule, misread.fault.line) for misread in read(home).faults}


@contextmanager
def _module_replaced(name: str, text: str) -> Iterator[None]:
    """Replace a module of the package by the given code for every later import, until the block ends."""
    kept = {key: module for key, module in sys.modules.items() if key.startswith("ldnkg.")}
    for key in kept:
        del sys.modules[key]
    try:
        module = ModuleType(name)
        sys.modules[name] = module
        exec(compile(text, name, "exec"), vars(module))  # noqa: S102
        yield
    finally:
        for key in [key for key in sys.modules if key.startswith("ldnkg.")]:
            del sys.modules[key]
        sys.modules.update(kept)
