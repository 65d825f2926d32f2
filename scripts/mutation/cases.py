"""Run the property-based tests and count their cases."""

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
    """Return the number of generated cases that passed; raise LdnkgError if one failed."""
    command = [sys.executable, "-m", "pytest", "tests/acceptance/test_certainty.py", "--hypothesis-show-statistics"]
    env = {**os.environ, "LDNKG_DRAWS": DRAWS}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=env)  # noqa: S603
    if done.returncode:
        raise LdnkgError(f"The property-based tests fail:\n{done.stdout[-2000:]}", 1)
    return sum(int(number) for number in PASSED.findall(done.stdout))
