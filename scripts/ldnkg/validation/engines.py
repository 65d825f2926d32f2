"""Load a SHACL engine: pySHACL, the reference, or `shacl`, which is fast and optional."""

from __future__ import annotations

from importlib import import_module

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    import pyoxigraph as ox

    from ldnkg.validation.findings import ValidationResult
    from ldnkg.validation.rules import Rules

REFERENCE = "pyshacl"
ENGINES = ("pyshacl", "shacl")


def load_engine(name: str) -> Callable[[Sequence[ox.Quad], Rules], list[ValidationResult]]:
    """Return the function that runs the rules over quads; raise LdnkgError if the engine is not installed."""
    run: Callable[[Sequence[ox.Quad], Rules], list[ValidationResult]] = _import_engine(name).run
    return run


def _import_engine(name: str) -> ModuleType:
    try:
        return import_module(f"ldnkg.validation.engine_{name}")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("ldnkg"):
            raise LdnkgError(f"There is no engine `{name}`. Allowed: {', '.join(ENGINES)}.") from error
        raise LdnkgError(f"The engine `{name}` is not installed. Run `pip install 'ldnkg[fast]'`.") from error
