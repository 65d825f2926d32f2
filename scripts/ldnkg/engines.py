"""The engines that run the rules over a graph: pySHACL, which is the reference, and a fast one, which is optional."""

from __future__ import annotations

from importlib import import_module

from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    import pyoxigraph as ox

    from ldnkg.finding import Result
    from ldnkg.rules import Rules

REFERENCE = "pyshacl"
ENGINES = ("pyshacl", "shacl")


def engine(name: str) -> Callable[[Sequence[ox.Quad], Rules], list[Result]]:
    """Return what runs the rules over quads; raise Problem where the engine is not installed."""
    run: Callable[[Sequence[ox.Quad], Rules], list[Result]] = _module(name).run
    return run


def _module(name: str) -> ModuleType:
    try:
        return import_module(f"ldnkg.engine_{name}")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("ldnkg"):
            raise Problem(f"There is no engine '{name}'. Engines: {', '.join(ENGINES)}.") from error
        raise Problem(f"The engine '{name}' is not installed. Run `pip install 'ldnkg[fast]'`.") from error
