"""Write the references: `python -m reference`."""

from __future__ import annotations

from ldnkg.atomic_write import write_files
from ldnkg.paths import find_bundled
from reference.pages import make_pages

if __name__ == "__main__":
    write_files(make_pages(), find_bundled() / "docs" / "reference")
