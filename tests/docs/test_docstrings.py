"""The examples in the docstrings of the package pass as doctests."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import ldnkg

NAMES = [module.name for module in walk_packages(ldnkg.__path__, "ldnkg.")]
MODULES = ["ldnkg", *(name for name in NAMES if not name.endswith(".__main__"))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_pass(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_the_package_has_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for name in MODULES for test in finder.find(import_module(name)) if test.examples]
    assert len(examples) >= 6
