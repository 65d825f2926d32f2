"""Lets `python -m ldnkg` be the command."""

from ldnkg.cli import run

if __name__ == "__main__":
    run()
