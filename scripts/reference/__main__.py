"""Write the references: `python -m reference`."""

from __future__ import annotations

from ldnkg.paths import find_bundled
from ldnkg.writing.folder import write_files
from reference.pages import make_pages

if __name__ == "__main__":
    write_files(make_pages(), find_bundled() / "docs" / "reference")
