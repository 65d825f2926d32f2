"""Lets `python -m ldnkg` be the command."""

import sys

from ldnkg.cli import main

if __name__ == "__main__":
    sys.exit(main())
