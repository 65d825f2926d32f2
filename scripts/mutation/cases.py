"""Runs the property-based tests, and counts the cases that they drew and passed."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from ldnkg.errors import LdnkgError
from mutation.examples_home import ROOT

DRAWS = "20"
PASSED = re.compile(r"(\d+) passing, 0 failing")


def passing() -> int:
    """Return how many cases were drawn and passed; raise LdnkgError where one failed."""
    command = [sys.executable, "-m", "pytest", "tests/acceptance/test_certainty.py", "--hypothesis-show-statistics"]
    env = {**os.environ, "LDNKG_DRAWS": DRAWS}
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=env)  # noqa: S603
    if ended.returncode:
        raise LdnkgError(f"The property-based tests fail:\n{ended.stdout[-2000:]}", 1)
    return sum(int(number) for number in PASSED.findall(ended.stdout))
