"""Check the publication, write the files made from it, and print their names."""

from __future__ import annotations

from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.findings import require_clean
from ldnkg.cli.options import get_home, refuse_output
from ldnkg.paths import find_output_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ldnkg.publication.graph import Publication
    from ldnkg.validation.check import Report

    Files: TypeAlias = dict[str, bytes]
    Step: TypeAlias = Callable[[str], None]
    Make: TypeAlias = Callable[[Publication, Step], Files]
    AddChecksums: TypeAlias = Callable[[Mapping[str, bytes], Path], Files]


def check_and_write(arguments: Namespace, make: Make, add_checksums: AddChecksums) -> tuple[Report, Files, Path]:
    """Check, write the files of `make` with their checksums, and return the report, the files and the folder."""
    from ldnkg.validation.check import check
    from ldnkg.writing.folder import complete_and_write

    home = get_home(arguments)
    folder = Path(arguments.out) if arguments.out else find_output_folder(home)
    refuse_output(folder, home)
    with console.progress(quiet=arguments.quiet) as step:
        report = check(home, (), step, arguments.engine)
        made = make(require_clean(report, quiet=arguments.quiet), step)
        files = complete_and_write(lambda: add_checksums(made, folder), folder, console.write_err)
    return report, files, folder


def export_and_print(arguments: Namespace, make: Make) -> Path:
    """Check, write the files of `make` with the checksums of exports, print each file, and return the folder."""
    from ldnkg.exports.checksums import add_export_checksums
    from ldnkg.files import display_path

    _, files, folder = check_and_write(arguments, make, add_export_checksums)
    if not arguments.quiet:
        rows = [[display_path(folder / name), f"{len(content):,}"] for name, content in files.items()]
        console.print_table(["file", "bytes"], rows)
        console.write_out(f"{len(files):,} files, {sum(map(len, files.values())):,} bytes.")
    return folder
