"""Write the tables of identifier forms: `python -m identifiers`."""

from __future__ import annotations

from identifiers.tables import FOLDER, make_tables
from ldnkg.writing.folder import write_files

if __name__ == "__main__":
    write_files(make_tables(), FOLDER)
