"""Lets `python -m ldnkg` be the command."""

from ldnkg.cli.main import run

if __name__ == "__main__":
    run()
