"""Lets `python -m ldnkg` be the command."""

from ldnkg.cli import main

if __name__ == "__main__":
    main()
